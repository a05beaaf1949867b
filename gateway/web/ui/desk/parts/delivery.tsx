/** How far a message of ours has come, for each recipient. What failed is red, says why in words, and can be sent again. */
import { useSignal } from "@preact/signals";
import { useDesk } from "../desk";
import { reason } from "../state/reasons";
import type { Copy, Delivery, DeliveryState as State } from "../types";
import { t, word } from "../words";
import { Icon, type IconName } from "./icon";
import "./delivery.css";

const ICONS: Record<State, IconName> = {
  due: "clock",
  sending: "clock",
  delivered: "check",
  bounced: "warn",
  refused: "warn",
  unknown: "warn",
  cancelled: "close",
  held: "warn",
};
const RETRIED: State[] = ["bounced", "refused", "unknown", "held"];

/** `id` is the message's; a forward has none, and each of its copies is sent again by itself. */
export function DeliveryState({ delivery, id, number }: { delivery: Delivery | null; id: string | null; number: string }) {
  if (!delivery) return null;
  const copies = delivery.copies ?? [];
  const only = copies[0];
  if (copies.length > 1) {
    return (
      <ul class="copies" data-testid="copies">
        {copies.map((copy) => (
          <li key={copy.id}>
            <span class="copy-to">
              {copy.role !== "to" && `${t(`compose.${copy.role}`)} `}
              {copy.to}
            </span>
            <State shown={copy} id={copy.id} number={number} />
          </li>
        ))}
      </ul>
    );
  }
  return <State shown={delivery} id={id ?? only?.id ?? ""} number={number} />;
}

function State({ shown, id, number }: { shown: Delivery | Copy; id: string; number: string }) {
  const { actions } = useDesk();
  const isBusy = useSignal(false);
  const retry = async () => {
    isBusy.value = true;
    await actions.retry(number, id);
    isBusy.value = false;
  };
  const isStuck = RETRIED.includes(shown.state);
  return (
    <span class={`delivery delivery-${shown.state}`} data-testid="delivery" data-state={shown.state}>
      <Icon name={ICONS[shown.state] ?? "info"} />
      <span>{word("delivery", shown.state)}</span>
      {(shown.error || shown.reason) && <Why shown={shown} />}
      {isStuck && (
        <button type="button" class="link" disabled={isBusy.value} onClick={() => void retry()}>
          {t("delivery.retry")}
        </button>
      )}
    </span>
  );
}

/** In plain words; the server's own are there for whoever has to ask its people. */
function Why({ shown }: { shown: Delivery | Copy }) {
  const said = shown.error ? reason(shown.error) : "";
  if (!shown.reason || shown.reason === "other") return <span class="delivery-error">{said}</span>;
  return (
    <details class="delivery-error">
      <summary>{word("why", shown.reason)}</summary>
      {[shown.code && !said.includes(shown.code) ? shown.code : "", said].filter(Boolean).join(" ")}
    </details>
  );
}
