/** A quiet button where something was covered: a reason opens the original for as long as the gateway says, then it is gone. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { at } from "../api";
import { useDesk } from "../desk";
import { now } from "../state/now";
import { t, word } from "../words";
import { Icon } from "./icon";
import { ReasonDialog } from "./reason-dialog";
import "./reveal.css";

interface Revealed {
  values: Record<string, string>;
  until: string;
}

export function Reveal({ number, place }: { number: string; place: string[] }) {
  const { api, mailroom, notices, ports } = useDesk();
  const isAsking = useSignal(false);
  const shown = useSignal<Revealed | null>(null);
  useEffect(() => {
    const found = shown.value;
    return found ? ports.later(() => (shown.value = null), Math.max(0, Date.parse(found.until) - now.value)) : undefined;
  }, [shown.value]);
  if (!mailroom.may("field.reveal")) return null;
  const show = async (reason: string) => {
    try {
      shown.value = await api.call<Revealed>("POST", at(number, ...place, "reveal"), { reason });
      return true;
    } catch (error) {
      notices.wrong(error);
      return false;
    }
  };
  const name = place.join("-");
  return (
    <div class="reveal">
      {shown.value ? (
        <Original shown={shown.value} onHide={() => (shown.value = null)} />
      ) : (
        <button type="button" class="link reveal-open" data-testid="reveal" onClick={() => (isAsking.value = true)}>
          <Icon name="eye" />
          {t("reveal.open")}
        </button>
      )}
      {isAsking.value && (
        <ReasonDialog
          name={`reveal-${name}`}
          title={t("reveal.title")}
          label={t("reveal.reason")}
          hint={t("reveal.hint")}
          submit={t("reveal.show")}
          act={show}
          onClose={() => (isAsking.value = false)}
        />
      )}
    </div>
  );
}

function Original({ shown, onHide }: { shown: Revealed; onHide: () => void }) {
  const left = Math.max(0, Math.ceil((Date.parse(shown.until) - now.value) / 1000));
  // What a mail holds besides its own words repeats them.
  const values = Object.entries(shown.values).filter(([name]) => !("text" in shown.values && (name === "full_text" || name === "html")));
  return (
    <section class="reveal-shown" data-testid="revealed" aria-label={t("reveal.title")}>
      {values.map(([name, value]) => (
        <div key={name}>
          {values.length > 1 && <strong>{word("reveal.field", name)}</strong>}
          <pre>{name === "html" ? inText(value) : value}</pre>
        </div>
      ))}
      <p>
        <span role="timer">{t("reveal.left", { seconds: left })}</span>{" "}
        <button type="button" class="link" onClick={onHide}>
          {t("reveal.hide")}
        </button>
      </p>
    </section>
  );
}

function inText(html: string): string {
  return html.replace(/<[^>]*>/g, " ");
}
