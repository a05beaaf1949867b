/** Who else gets a reply by mail: copies that all see, and blind ones. */
import { useDesk } from "../desk";
import { t } from "../words";
import { Icon } from "./icon";
import "./others.css";

const ROLES = ["cc", "bcc"] as const;

export function OthersButton({ number }: { number: string }) {
  const { composer, ports } = useDesk();
  const others = composer.othersOf(number);
  const open = () => {
    others.value = { cc: "", bcc: "" };
    ports.later(() => document.getElementById("others-cc")?.focus(), 0);
  };
  if (others.value) return null;
  return (
    <button type="button" class="button button-quiet" data-testid="others" onClick={open}>
      <Icon name="person" />
      {t("compose.others.add")}
    </button>
  );
}

export function OthersFields({ number }: { number: string }) {
  const { composer } = useDesk();
  const others = composer.othersOf(number);
  const typed = others.value;
  if (!typed) return null;
  return (
    <div class="others">
      {ROLES.map((role) => (
        <label key={role} class="others-field">
          <span>{t(`compose.${role}`)}</span>
          <input
            id={`others-${role}`}
            type="text"
            inputMode="email"
            autocomplete="off"
            spellcheck={false}
            placeholder={t("compose.others.hint")}
            value={typed[role]}
            onInput={(event) => (others.value = { ...typed, [role]: event.currentTarget.value })}
          />
        </label>
      ))}
      <button type="button" class="icon-button" aria-label={t("compose.others.remove")} onClick={() => (others.value = null)}>
        <Icon name="close" />
      </button>
    </div>
  );
}
