/** Pass a message on, whole and with its files, to somebody outside; the customer learns nothing of it. */
import { useSignal } from "@preact/signals";
import { addressesIn, noAddresses } from "../addresses";
import { useDesk } from "../desk";
import type { Message, Ticket } from "../types";
import { t } from "../words";
import { Dialog } from "./dialog";
import { Field, formWords, LineField } from "./field";
import { Icon } from "./icon";
import "./others.css";

export function ForwardDialog({ ticket, message, onClose }: { ticket: Ticket; message: Message; onClose: () => void }) {
  const { actions, ports } = useDesk();
  const isBusy = useSignal(false);
  const wrong = useSignal("");
  // One id for this window: pressing twice, or again after a failure, sends it once.
  const id = useSignal(ports.uuid());
  const send = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const { to = "", text = "" } = formWords(event.currentTarget);
    const addresses = addressesIn(to);
    const bad = noAddresses(addresses);
    wrong.value = bad.length ? t("compose.noAddress", { what: bad.join(", ") }) : "";
    if (isBusy.value || bad.length || addresses.length === 0) return;
    isBusy.value = true;
    if (await actions.forward(ticket.number, { id: id.value, message: message.id, to: addresses, text })) onClose();
    isBusy.value = false;
  };
  return (
    <Dialog name="forward" title={t("forward.title")} onClose={onClose}>
      <form class="dialog-body" onSubmit={(event) => void send(event)}>
        <blockquote class="forwarded">{message.text.slice(0, 200) || t("forward.noText")}</blockquote>
        <p>{t("forward.hint")}</p>
        <LineField id="to" label={t("forward.to")} hint={t("compose.others.hint")} isFirst />
        {wrong.value && (
          <p class="forward-wrong" role="alert">
            <Icon name="warn" />
            {wrong.value}
          </p>
        )}
        <Field id="text" label={t("forward.text")}>
          <textarea id="text" name="text" rows={3} />
        </Field>
        <div class="dialog-do">
          <button type="button" class="button" onClick={onClose}>
            {t("act.cancel")}
          </button>
          <button type="submit" class="button button-main" disabled={isBusy.value} data-testid="forward-submit">
            <Icon name="forward" />
            {t("forward.submit")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
