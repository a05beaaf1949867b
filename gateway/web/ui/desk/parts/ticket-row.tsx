/** One ticket in the list: who, what, how urgent, since when, and what is owed. */
import { useDesk } from "../desk";
import { writeRoute } from "../route";
import { minute } from "../state/now";
import type { Ticket } from "../types";
import { clockTime, contactName, t, word } from "../words";
import { channelIcon, Icon } from "./icon";
import { PromiseChip, Waiting } from "./ticking";
import "./ticket-row.css";

export function TicketRow({ ticket }: { ticket: Ticket }) {
  const { tickets, conversation, channels } = useDesk();
  const isOpen = conversation.number.value === ticket.number;
  const kind = channels.kindOf(ticket.channel);
  return (
    <li>
      <a
        class={`row row-${ticket.urgency}`}
        href={writeRoute({ view: tickets.view.value, number: ticket.number })}
        aria-current={isOpen ? "true" : undefined}
        data-ticket={ticket.number}
        data-testid="ticket-row"
      >
        <span class="row-head">
          <span class="row-channel" title={word("channelKind", kind)}>
            <Icon name={channelIcon(kind)} />
            <span class="unseen">{word("channelKind", kind)}</span>
          </span>
          <span class="row-name">{contactName(ticket.contact)}</span>
          <UrgencyBadge ticket={ticket} />
          <LastTime at={ticket.last_at} />
        </span>
        <span class="row-line">
          <span class="row-subject">{ticket.subject || ticket.summary || word("type", ticket.type)}</span>
          <StatusOrOwner ticket={ticket} />
        </span>
        <span class="row-words">{ticket.last_text}</span>
        <span class="row-foot">
          <Waiting ticket={ticket} />
          {ticket.promise && <PromiseChip promise={ticket.promise} isShort />}
        </span>
      </a>
    </li>
  );
}

export function UrgencyBadge({ ticket }: { ticket: Ticket }) {
  if (ticket.urgency === "normal") return null;
  return <span class={`badge badge-${ticket.urgency}`}>{word("urgency", ticket.urgency)}</span>;
}

function LastTime({ at }: { at: string }) {
  return (
    <time class="row-time" dateTime={at}>
      {clockTime(at, minute.value)}
    </time>
  );
}

function StatusOrOwner({ ticket }: { ticket: Ticket }) {
  const { tickets, session } = useDesk();
  const isDone = ticket.status === "resolved" || ticket.status === "closed";
  const isOthers = ticket.agent && ticket.agent.number !== session.me.value?.agent.number;
  if (ticket.spam) return <span class="badge badge-warn">{t("label.spam")}</span>;
  if (isDone) return <span class="row-owner">{word("status", ticket.status)}</span>;
  if (isOthers) return <span class="row-owner">{ticket.agent?.name}</span>;
  if (!ticket.agent && tickets.view.value !== "unassigned") return <span class="row-owner">{t("list.nobody")}</span>;
  return null;
}
