/** Every shortcut, and the switch for single keys. */
import { useDesk } from "../desk";
import { type Key, t } from "../words";
import { Dialog } from "./dialog";
import "./keys-dialog.css";

const TABLE: [string[], Key][] = [
  [["j"], "keys.next"],
  [["k"], "keys.previous"],
  [["r"], "keys.reply"],
  [["n"], "keys.note"],
  [["c"], "keys.claim"],
  [["t"], "keys.transfer"],
  [["e"], "keys.resolve"],
  [["/"], "keys.search"],
  [["g", "q"], "keys.queue"],
  [["g", "m"], "keys.mine"],
  [["g", "a"], "keys.all"],
  [["g", "b"], "keys.board"],
  [["g", "k"], "keys.knowledge"],
  [["?"], "keys.help"],
];
const ALWAYS: [string, Key][] = [
  ["Ctrl+Enter", "keys.send"],
  ["Esc", "keys.leave"],
];

export function KeysDialog({ onClose }: { onClose: () => void }) {
  const { singleKeys } = useDesk();
  return (
    <Dialog name="keys" title={t("keys.title")} onClose={onClose}>
      <div class="dialog-body">
        <dl class="keys">
          {TABLE.map(([keys, what]) => (
            <div key={what}>
              <dt>
                {keys.map((key, i) => (
                  <>
                    {i > 0 && ` ${t("keys.then")} `}
                    <kbd>{key}</kbd>
                  </>
                ))}
              </dt>
              <dd>{t(what)}</dd>
            </div>
          ))}
          {ALWAYS.map(([key, what]) => (
            <div key={what}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{t(what)}</dd>
            </div>
          ))}
        </dl>
        <label class="keys-switch">
          <input type="checkbox" checked={singleKeys.isOn.value} onChange={singleKeys.toggle} />
          {t("keys.single")}
        </label>
      </div>
    </Dialog>
  );
}
