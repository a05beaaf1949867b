/** The open ticket: its messages, notes, promises and history. */
import { batch, computed, signal } from "@preact/signals";
import type { Api } from "../api";
import { lastSeq, newer, withMessage } from "../merge";
import type { Ports } from "../ports";
import { Seen } from "../seen";
import type { Me, MergedTalk, Message, Note, Ticket, TicketPage } from "../types";
import { inWords } from "./notices";

/** `talk` is the number of the ticket that was merged into this one and on which the message was said. */
export type Line = { at: string; talk?: string } & ({ message: Message; note?: never } | { note: Note; message?: never });

export function createConversation(api: Api, ports: Pick<Ports, "later">, me: () => Me | null) {
  const number = signal<string | null>(null);
  const page = signal<TicketPage | null>(null);
  const failed = signal("");
  const seen = new Seen(ports.later);
  let asked = 0;

  const ticket = computed(() => page.value?.ticket ?? null);
  const lines = computed<Line[]>(() => interleaved(page.value?.messages ?? [], page.value?.notes ?? [], page.value?.merged));
  const isMerged = () => (page.value?.merged?.length ?? 0) > 0;

  /** Fetch the open ticket again; what arrived meanwhile by event is kept if it is newer. */
  const load = async () => {
    const wanted = number.value;
    if (!wanted || !me()) return;
    const mine = ++asked;
    try {
      const fetched = await api.ticket(wanted);
      if (mine !== asked) return;
      batch(() => {
        failed.value = "";
        if (!page.value) seen.restart(fetched.last_seq);
        page.value = page.value && !fetched.merged?.length ? together(page.value, fetched) : fetched;
      });
    } catch (error) {
      if (mine === asked) failed.value = inWords(error);
    }
  };

  const open = (wanted: string | null) => {
    if (wanted === number.value) return undefined;
    batch(() => {
      number.value = wanted;
      page.value = null;
      failed.value = "";
    });
    asked++;
    seen.restart(0);
    return load();
  };

  /** Nobody is signed in any more: what was on screen must not be there for the next. */
  const forget = () => {
    asked++;
    page.value = null;
  };

  const change = (act: (shown: TicketPage) => TicketPage) => {
    if (page.value) page.value = act(page.value);
  };

  const applyMessage = (message: Message) => {
    // Two threads count apart from each other: only the gateway knows on which one this was said.
    if (isMerged()) {
      void load();
      return;
    }
    const last = page.value ? Math.max(page.value.last_seq, lastSeq(page.value.messages)) : 0;
    change((shown) => ({ ...shown, messages: withMessage(shown.messages, message), last_seq: Math.max(last, message.seq) }));
    if (page.value && message.seq > last + 1) void load();
  };

  const applyTicket = (arrived: Ticket) => {
    if (arrived.number !== number.value) return;
    const before = page.value?.ticket;
    change((shown) => ({ ...shown, ticket: newer(shown.ticket, arrived) }));
    // Promises and history are not part of the event.
    if (before && standing(before) !== standing(arrived)) void load();
  };

  const applyNote = (note: Note) =>
    change((shown) =>
      shown.notes.some((one) => one.id === note.id)
        ? { ...shown, notes: shown.notes.map((one) => (one.id === note.id ? note : one)) }
        : { ...shown, notes: [...shown.notes, note] },
    );

  /** What counts as read when a reply is sent; with threads merged it is all that was fetched. */
  const seenSeq = () => (isMerged() ? (page.value?.last_seq ?? 0) : seen.upTo);

  return { number, page, ticket, lines, failed, seen, seenSeq, open, load, forget, applyMessage, applyTicket, applyNote };
}

export type Conversation = ReturnType<typeof createConversation>;

/** Messages stay in order of `seq`, those of merged threads go between them by time; each note goes before the first message written after it. */
export function interleaved(messages: Message[], notes: Note[], merged: MergedTalk[] = []): Line[] {
  const own: Line[] = messages.map((message) => ({ at: message.at, message }));
  const others = merged.flatMap((talk) => talk.messages.map((message): Line => ({ at: message.at, message, talk: talk.number })));
  const lines = others.length ? [...own, ...others].toSorted((a, b) => a.at.localeCompare(b.at)) : own;
  for (const note of notes) {
    const before = lines.findIndex((line) => line.at > note.at);
    lines.splice(before < 0 ? lines.length : before, 0, { at: note.at, note });
  }
  return lines;
}

/** What of a ticket cannot change without a line in its history or its promises. */
function standing({ status, agent, department, urgency, promise }: Ticket): string {
  return JSON.stringify([status, agent?.number, department, urgency, promise?.kind, promise?.due_at, promise?.state]);
}

function together(shown: TicketPage, fetched: TicketPage): TicketPage {
  const arrived = shown.messages.filter((one) => one.seq > fetched.last_seq);
  return {
    ...fetched,
    ticket: newer(shown.ticket, fetched.ticket),
    messages: arrived.reduce(withMessage, fetched.messages),
    last_seq: Math.max(shown.last_seq, fetched.last_seq),
  };
}
