/** What an agent does with a ticket. Each says how it went; a state that was overtaken is fetched again. */
import type { Api } from "../api";
import { Problem } from "../api";
import type { Ticket } from "../types";
import { type Key, t } from "../words";
import type { Conversation } from "./conversation";
import type { createNotices } from "./notices";
import type { Tickets } from "./tickets";

export function createActions(
  api: Api,
  tickets: Tickets,
  conversation: Conversation,
  notices: ReturnType<typeof createNotices>,
) {
  /** True if it was done. */
  const act = async (asked: Promise<Ticket>, done: Key): Promise<boolean> => {
    try {
      const ticket = await asked;
      tickets.apply(ticket);
      conversation.applyTicket(ticket);
      notices.done(t(done, { number: ticket.number }));
      return true;
    } catch (error) {
      notices.wrong(error);
      if (error instanceof Problem && error.status === 409) {
        void conversation.load();
        void tickets.load();
      }
      return false;
    }
  };

  const attempt = async (asked: Promise<unknown>, done?: Key): Promise<boolean> => {
    try {
      await asked;
      if (done) notices.done(t(done));
      return true;
    } catch (error) {
      notices.wrong(error);
      return false;
    }
  };

  return {
    claim: (ticket: Ticket) => act(api.claim(ticket.number, ticket.version), "act.claimed"),
    transfer: (number: string, to: { department?: string; agent?: string; reason: string }) =>
      act(api.transfer(number, to), "act.transferred"),
    resolve: (ticket: Ticket, outcome: string) =>
      act(api.resolve(ticket.number, outcome, ticket.version), "act.resolved"),
    close: (ticket: Ticket) => act(api.close(ticket.number, ticket.version), "act.closed"),
    reopen: (number: string, reason: string) => act(api.reopen(number, reason), "act.reopened"),
    spam: (ticket: Ticket, block: "no" | "address" | "domain") => act(api.spam(ticket.number, ticket.version, block), "spam.done"),
    notSpam: (ticket: Ticket, unblock: boolean) => act(api.notSpam(ticket.number, ticket.version, unblock), "notSpam.done"),
    retry: (number: string, message: string) => attempt(api.retry(number, message)),
    forward: (number: string, said: { id: string; message: string; to: string[]; text: string }) =>
      attempt(api.forward(number, said), "forward.sent"),
    note: async (number: string, text: string) => {
      const isSaved = await attempt(
        api.note(number, text).then((note) => note?.id && conversation.number.value === number && conversation.applyNote(note)),
        "act.noted",
      );
      if (isSaved) void conversation.load();
      return isSaved;
    },
  };
}

export type Actions = ReturnType<typeof createActions>;
