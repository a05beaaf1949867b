/** What the customer named: orders, parcels, products, covered telephone numbers; one press copies one. */
import { useDesk } from "../desk";
import type { Entity } from "../types";
import { t, word } from "../words";
import { Icon } from "./icon";
import "./named-things.css";

export function NamedThings({ entities }: { entities: Entity[] }) {
  const { notices } = useDesk();
  if (entities.length === 0) return null;
  const copy = async ({ value }: Entity) => {
    try {
      await navigator.clipboard.writeText(value);
      notices.done(t("named.copied", { what: value }));
    } catch {
      // Over plain http and in old browsers there is no clipboard: the words can still be marked and copied by hand.
      notices.say(t("named.notCopied"));
    }
  };
  return (
    <section>
      <h2>{t("named.title")}</h2>
      <ul class="named" data-testid="named">
        {entities.map((one) => (
          <li key={`${one.kind} ${one.value}`}>
            <span class="named-kind">{word("named", one.kind)}</span>
            <span class="named-value" dir="auto">{one.value}</span>
            <button type="button" class="icon-button" aria-label={t("named.copy", { what: one.value })} title={t("named.copy", { what: one.value })} onClick={() => void copy(one)}>
              <Icon name="copy" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
