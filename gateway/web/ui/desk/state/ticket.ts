/** What belongs to the open ticket besides its conversation: fetched with it, and again whenever it changes. */
import { effect, signal, untracked } from "@preact/signals";
import { ticketApi } from "../api-ticket";
import type { Desk } from "../desk";
import type { Classification, Complaint, Task, TicketPromises } from "../types-ticket";
import type { Verification } from "../types-privacy";
import { type Key, t } from "../words";
import { asked } from "./asked";

/** The window of these panels that is open; `id` is of the promise or the task it is about. */
export interface TicketWindow {
  name: "explain" | "renegotiate" | "classify" | "urgency" | "ask" | "done" | "decline" | "withdraw" | "complaint" | "escalate" | "why" | "merge" | "unmerge";
  id?: string;
}

/** One burst of events is one question to the gateway. */
const BURST_MS = 150;

function createTicketState(desk: Desk) {
  const api = ticketApi(desk.api);
  const promises = asked<TicketPromises>();
  const classification = asked<Classification>();
  const tasks = asked<Task[]>();
  const complaint = asked<Complaint>();
  const verification = asked<Verification>();
  const all = [promises, classification, tasks, complaint, verification];
  const open = signal<TicketWindow | null>(null);
  const may = (right: string) => desk.session.me.value?.rights.includes(right) ?? false;
  let shown: string | null = null;
  let waits = false;

  const isRecorded = () => {
    const ticket = desk.conversation.ticket.peek();
    return ticket !== null && (ticket.type === "complaint" || ticket.anomaly !== "none");
  };
  const load = async () => {
    const number = desk.conversation.number.peek();
    if (!number) return;
    const record = isRecorded() ? complaint.ask(() => api.complaint(number)) : complaint.forget();
    await Promise.all([promises.ask(() => api.promises(number)), classification.ask(() => api.classification(number)), tasks.ask(() => api.tasks(number)), verification.ask(() => api.verification(number)), record]);
  };
  const loadSoon = () => {
    if (waits) return;
    waits = true;
    desk.ports.later(() => {
      waits = false;
      void load();
    }, BURST_MS);
  };

  effect(() => {
    const page = desk.conversation.page.value;
    untracked(() => {
      if (page?.ticket.number === shown && page !== undefined) {
        if (page) loadSoon();
        return;
      }
      shown = page?.ticket.number ?? null;
      open.value = null;
      for (const one of all) one.forget();
      if (page) void load();
    });
  });

  /** True if it was done; what it changed is fetched again. */
  const act = async (request: Promise<unknown>, done: Key): Promise<boolean> => {
    try {
      await request;
      desk.notices.done(t(done));
      return true;
    } catch (error) {
      desk.notices.wrong(error);
      return false;
    } finally {
      void load();
      void desk.conversation.load();
    }
  };

  return { api, promises, classification, tasks, complaint, verification, open, may, load, act };
}

export type TicketState = ReturnType<typeof createTicketState>;

const states = new WeakMap<Desk, TicketState>();

/** The one state of a desk; made when the first panel asks for it. */
export function ticketState(desk: Desk): TicketState {
  const known = states.get(desk) ?? createTicketState(desk);
  states.set(desk, known);
  return known;
}
