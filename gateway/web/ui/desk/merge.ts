/** PURE: fitting what arrives live into what is on screen. */
import type { Me, Message, Ticket } from "./types";

const RANK: Record<string, number> = { critical: 2, urgent: 1, normal: 0 };

/** The gateway's order: most urgent, then the promise due first, then the oldest. */
export function inOrder(a: Ticket, b: Ticket): number {
  return (
    (RANK[b.urgency] ?? 0) - (RANK[a.urgency] ?? 0) ||
    compare(a.promise?.due_at ?? "9999", b.promise?.due_at ?? "9999") ||
    compare(a.opened_at, b.opened_at) ||
    compare(a.number, b.number)
  );
}

/** The newer of two states of one ticket. */
export function newer(known: Ticket | undefined, arrived: Ticket): Ticket {
  return known && known.version > arrived.version ? known : arrived;
}

export interface Wanted {
  view: string;
  statuses: string[];
}

/** Whether a ticket belongs in a list, as far as can be told without asking the gateway. */
export function belongs(ticket: Ticket, { view, statuses }: Wanted, me: Me | null): boolean {
  if (view === "spam" || ticket.spam !== null) return view === "spam" && ticket.spam !== null;
  if (!statuses.includes(ticket.status)) return false;
  if (view === "unassigned") return ticket.agent === null;
  if (view === "mine") return ticket.agent?.number === me?.agent.number;
  if (view.startsWith("d-")) return ticket.department === view.slice(2);
  return true;
}

/** Messages by `seq`, the arrived one in place of its former self. */
export function withMessage(messages: Message[], arrived: Message): Message[] {
  const others = messages.filter((one) => one.id !== arrived.id);
  const at = others.findLastIndex((one) => one.seq < arrived.seq) + 1;
  return [...others.slice(0, at), arrived, ...others.slice(at)];
}

/** The highest `seq`, or 0. */
export function lastSeq(messages: Message[]): number {
  return messages.at(-1)?.seq ?? 0;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What the customer had written before a message of ours: the question it answers. */
export function questionBefore(messages: readonly Message[], seq: number): string {
  const asked = messages.findLast((one) => one.seq < seq && one.author === "customer");
  return asked?.text.trim().slice(0, 1000) ?? "";
}
