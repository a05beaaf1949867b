/** Into the spam view, with or without blocking who sent it; and out of it again. */
import { useSignal } from "@preact/signals";
import { useDesk } from "../desk";
import type { Ticket } from "../types";
import { t } from "../words";
import { Dialog } from "./dialog";
import "./transfer-dialog.css";

const BLOCKS = ["no", "address", "domain"] as const;

export function SpamDialog({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const { actions, conversation } = useDesk();
  const block = useSignal<(typeof BLOCKS)[number]>("no");
  return (
    <Asked name="spam" title={t("spam.title")} submit={t("spam.submit")} act={() => actions.spam(ticket, block.value)} onClose={onClose}>
      <p>{t("spam.hint")}</p>
      <fieldset class="choice">
        <legend>
          {t("spam.block")} {conversation.page.value?.address}
        </legend>
        {BLOCKS.map((one) => (
          <label key={one}>
            <input type="radio" name="block" value={one} checked={block.value === one} onChange={() => (block.value = one)} />
            {t(`spam.block.${one}`)}
          </label>
        ))}
      </fieldset>
    </Asked>
  );
}

export function NotSpamDialog({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const { actions } = useDesk();
  const unblock = useSignal(true);
  return (
    <Asked name="not-spam" title={t("notSpam.title")} submit={t("notSpam.submit")} act={() => actions.notSpam(ticket, unblock.value)} onClose={onClose}>
      <p>{t("notSpam.hint")}</p>
      <div class="choice">
        <label>
          <input type="checkbox" checked={unblock.value} onChange={() => (unblock.value = !unblock.value)} />
          {t("notSpam.unblock")}
        </label>
      </div>
    </Asked>
  );
}

type Question = { name: string; title: string; submit: string; act: () => Promise<boolean>; onClose: () => void; children: preact.ComponentChildren };

function Asked({ name, title, submit, act, onClose, children }: Question) {
  const isBusy = useSignal(false);
  const send = async (event: Event) => {
    event.preventDefault();
    if (isBusy.value) return;
    isBusy.value = true;
    if (await act()) onClose();
    isBusy.value = false;
  };
  return (
    <Dialog name={name} title={title} onClose={onClose}>
      <form class="dialog-body" onSubmit={(event) => void send(event)}>
        {children}
        <div class="dialog-do">
          <button type="button" class="button" onClick={onClose}>
            {t("act.cancel")}
          </button>
          <button type="submit" class="button button-main" disabled={isBusy.value} data-testid={`${name}-submit`}>
            {submit}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
