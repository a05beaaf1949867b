/** The conversation: who and what on top, every word in order, and the place to write. */
import { useComputed } from "@preact/signals";
import { useDesk } from "../desk";
import { ActionBar } from "../parts/action-bar";
import { Composer } from "../parts/composer";
import { Icon } from "../parts/icon";
import { TicketBand } from "../parts/later";
import { Notices } from "../parts/notices";
import { StaleGuard } from "../parts/stale-guard";
import { UrgencyBadge } from "../parts/ticket-row";
import { Waiting } from "../parts/ticking";
import type { Ticket } from "../types";
import { contactName, t, word } from "../words";
import { Log } from "./log";
import "./thread.css";

export function Thread() {
  const { conversation } = useDesk();
  const ticket = conversation.ticket.value;
  return (
    <section class="thread" id="thread" tabIndex={-1} aria-label={t("thread.label")} data-testid="thread">
      {ticket ? <OpenThread ticket={ticket} /> : <NoThread />}
    </section>
  );
}

function NoThread() {
  const { conversation } = useDesk();
  const isChosen = conversation.number.value !== null;
  if (conversation.failed.value) {
    return (
      <div class="thread-says" role="alert">
        <p>{t("thread.failed")}</p>
        <p>{conversation.failed.value}</p>
        <button type="button" class="button" onClick={() => void conversation.load()}>
          {t("list.again")}
        </button>
        <BackLink />
      </div>
    );
  }
  return (
    <>
      {isChosen && <Notices />}
      <div class="thread-says">
        <Icon name="chat" />
        <p>{isChosen ? t("thread.loading") : t("thread.none")}</p>
        {!isChosen && <p>{t("thread.noneHint")}</p>}
      </div>
    </>
  );
}

function OpenThread({ ticket }: { ticket: Ticket }) {
  const { sending } = useDesk();
  const stale = useComputed(() => sending.unsent.value.find((one) => one.number === ticket.number && one.state === "stale"));
  return (
    <>
      <ThreadHead ticket={ticket} />
      <TicketBand ticket={ticket} />
      <Notices />
      <Log key={ticket.number} number={ticket.number} isGuarded={stale.value !== undefined} />
      {stale.value && <StaleGuard reply={stale.value} />}
      <CustomerTyping number={ticket.number} />
      <Composer ticket={ticket} />
    </>
  );
}

function ThreadHead({ ticket }: { ticket: Ticket }) {
  return (
    <header class="thread-head">
      <div class="thread-title">
        <BackLink />
        <h2>{contactName(ticket.contact)}</h2>
      </div>
      <ActionBar ticket={ticket} />
      <p class="thread-subject">
        <span class="thread-number">{ticket.number}</span> {ticket.subject || ticket.summary}
      </p>
      <p class="thread-state">
        <span class={`status status-${ticket.status}`} data-testid="status">
          {word("status", ticket.status)}
        </span>
        <UrgencyBadge ticket={ticket} />
        <Waiting ticket={ticket} />
      </p>
    </header>
  );
}

/** The line is there all the time, so that it is announced and nothing jumps. */
function CustomerTyping({ number }: { number: string }) {
  const { typing } = useDesk();
  return (
    <p class="thread-typing" role="status" data-testid="typing">
      {typing.who.value === number ? t("thread.typing") : ""}
    </p>
  );
}

function BackLink() {
  const { go } = useDesk();
  return (
    <button type="button" class="icon-button thread-back" aria-label={t("thread.back")} onClick={() => go({ number: null })}>
      <Icon name="back" />
    </button>
  );
}
