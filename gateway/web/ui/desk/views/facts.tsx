/** The customer and the ticket: who, what kind, what is owed, and what happened. */
import type { ComponentChildren } from "preact";
import { OPEN } from "../bars";
import { useDesk } from "../desk";
import { Icon } from "../parts/icon";
import { TicketPanels } from "../parts/later";
import { PromiseChip } from "../parts/ticking";
import { minute } from "../state/now";
import { reason } from "../state/reasons";
import type { HistoryEvent, Promised, Ticket } from "../types";
import { actorName, clockTime, fullTime, t, word } from "../words";
import "./facts.css";

export function Facts() {
  const { conversation, isFactsOpen } = useDesk();
  const page = conversation.page.value;
  return (
    <aside
      class="facts"
      aria-label={t("facts.label")}
      data-testid="facts"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keyboard
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key === "Escape") isFactsOpen.value = false;
      }}
    >
      <button type="button" class="icon-button facts-close" aria-label={t("facts.close")} onClick={() => (isFactsOpen.value = false)}>
        <Icon name="close" />
      </button>
      {page && (
        <>
          <CustomerFacts ticket={page.ticket} address={page.address ?? null} />
          <TicketFacts ticket={page.ticket} />
          <TicketPanels page={page} />
          <Promises promises={page.promises} />
          <History events={page.events} />
        </>
      )}
    </aside>
  );
}

function CustomerFacts({ ticket, address }: { ticket: Ticket; address: string | null }) {
  const { channels } = useDesk();
  return (
    <section>
      <h2>{t("facts.customer")}</h2>
      <dl>
        <Fact label={t("facts.name")}>{ticket.contact.name || t("facts.anonymous")}</Fact>
        <Fact label={t("facts.number")}>{ticket.contact.number}</Fact>
        <Fact label={t("facts.address")}>{address}</Fact>
        <Fact label={t("facts.channel")}>
          {word("channelKind", channels.kindOf(ticket.channel))} · {ticket.channel}
        </Fact>
        <Fact label={t("facts.lang")}>{ticket.lang}</Fact>
      </dl>
    </section>
  );
}

function TicketFacts({ ticket }: { ticket: Ticket }) {
  const owner = ticket.agent ? t("list.owner", { ...ticket.agent }) : t("list.nobody");
  return (
    <section>
      <h2>{t("facts.ticket")}</h2>
      <dl>
        <Fact label={t("facts.number")}>{ticket.number}</Fact>
        <Fact label={t("facts.status")}>{word("status", ticket.status)}</Fact>
        <Fact label={t("label.spam")}>{ticket.spam && reason(ticket.spam)}</Fact>
        <Fact label={t("facts.agent")}>{owner}</Fact>
        <Fact label={t("facts.opened")}>{fullTime(ticket.opened_at)}</Fact>
        <Fact label={t("facts.summary")}>{ticket.summary}</Fact>
      </dl>
    </section>
  );
}

function Fact({ label, children }: { label: string; children: ComponentChildren }) {
  if (!children) return null;
  return (
    <div>
      <dt>{label}</dt>
      <dd dir="auto">{children}</dd>
    </div>
  );
}

/** What became of those that are settled; the open ones have their bars above the conversation. */
function Promises({ promises }: { promises: Promised[] }) {
  const settled = promises.filter((one) => !OPEN.includes(one.state));
  if (settled.length === 0) return null;
  return (
    <section>
      <h2>{t("facts.promises")}</h2>
      <ul class="facts-promises">
        {settled.map((one) => (
          <li key={one.id}>
            <PromiseChip promise={one} />
            <span>{t("promise.at", { time: clockTime(one.due_at, minute.value) })}</span>
            {one.because && <span>{reason(one.because)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Newest first. */
function History({ events }: { events: HistoryEvent[] }) {
  return (
    <section>
      <h2>{t("facts.history")}</h2>
      {events.length === 0 && <p class="facts-none">{t("facts.noHistory")}</p>}
      <ol class="facts-history">
        {events.toReversed().map((one) => (
          <li key={one.id}>
            <span>
              <strong>{word("event", one.kind)}</strong> {actorName(one.actor)}
            </span>
            <time dateTime={one.at} title={fullTime(one.at)}>
              {clockTime(one.at, minute.value)}
            </time>
            {one.because && <span class="facts-because">{reason(one.because)}</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}
