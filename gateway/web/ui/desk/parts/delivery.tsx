/** How far a message of ours has come. A failed one is red, says why, and can be sent again. */
import { useSignal } from "@preact/signals";
import { useDesk } from "../desk";
import { reason } from "../state/reasons";
import type { DeliveryState as State, Message } from "../types";
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

export function DeliveryState({ message, number }: { message: Message; number: string }) {
  const { actions } = useDesk();
  const isBusy = useSignal(false);
  const { delivery } = message;
  if (!delivery) return null;
  const retry = async () => {
    isBusy.value = true;
    await actions.retry(number, message.id);
    isBusy.value = false;
  };
  return (
    <span class={`delivery delivery-${delivery.state}`} data-testid="delivery" data-state={delivery.state}>
      <Icon name={ICONS[delivery.state] ?? "info"} />
      <span>{word("delivery", delivery.state)}</span>
      {delivery.error && <span class="delivery-error">{reason(delivery.error)}</span>}
      {RETRIED.includes(delivery.state) && (
        <button type="button" class="link" disabled={isBusy.value} onClick={() => void retry()}>
          {t("delivery.retry")}
        </button>
      )}
    </span>
  );
}
