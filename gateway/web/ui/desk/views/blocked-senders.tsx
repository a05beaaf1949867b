/** Whose mail is kept but never answered: the list, and a form to add to it. */
import { useSignal } from "@preact/signals";
import { useDesk } from "../desk";
import { formWords, LineField } from "../parts/field";
import { Icon } from "../parts/icon";
import { Says } from "../parts/says";
import { minute } from "../state/now";
import type { Blocked } from "../types-mail";
import { clockTime, fullTime, t } from "../words";

export function BlockedSenders() {
  const { mailroom } = useDesk();
  const { value, failed } = mailroom.blocked;
  const found = value.value;
  return (
    <>
      <p class="knowledge-lead">{t("mail.blocked.lead")}</p>
      {mailroom.may("senders.block") && <BlockForm />}
      <Says failed={failed.value} isEmpty={found ? found.length === 0 : undefined} empty={t("mail.blocked.none")} />
      {found && found.length > 0 && (
        <ul class="mail-cards" data-testid="blocked-senders">
          {found.map((one) => (
            <BlockedLine key={one.pattern} one={one} />
          ))}
        </ul>
      )}
    </>
  );
}

function BlockForm() {
  const { mailroom } = useDesk();
  const isBusy = useSignal(false);
  const send = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const form = event.currentTarget;
    const { sender = "", why = "" } = formWords(form);
    if (isBusy.value || !sender.trim()) return;
    isBusy.value = true;
    if (await mailroom.block(sender.trim(), why.trim())) form.reset();
    isBusy.value = false;
  };
  return (
    <form class="card mail-block" onSubmit={(event) => void send(event)}>
      <LineField id="sender" label={t("mail.blocked.sender")} hint={t("mail.blocked.senderHint")} />
      <LineField id="why" label={t("mail.blocked.reason")} />
      <div class="mail-do">
        <button type="submit" class="button button-main" disabled={isBusy.value}>
          <Icon name="close" />
          {t("mail.blocked.submit")}
        </button>
      </div>
    </form>
  );
}

function BlockedLine({ one }: { one: Blocked }) {
  const { mailroom } = useDesk();
  const isBusy = useSignal(false);
  const unblock = async () => {
    isBusy.value = true;
    await mailroom.unblock(one.pattern);
    isBusy.value = false;
  };
  return (
    <li class="card mail-line" data-testid="blocked">
      <div>
        <strong>{one.pattern}</strong>
        {one.reason && <p>{one.reason}</p>}
        <p class="mail-facts">
          {one.agent && <span>{t("list.owner", { ...one.agent })}</span>}
          <time dateTime={one.at} title={fullTime(one.at)}>
            {clockTime(one.at, minute.value)}
          </time>
        </p>
      </div>
      {mailroom.may("senders.block") && (
        <button type="button" class="button" disabled={isBusy.value} onClick={() => void unblock()}>
          {t("mail.blocked.undo")}
          <span class="unseen"> {one.pattern}</span>
        </button>
      )}
    </li>
  );
}
