/** The list of tickets in the chosen view, its counts, and what changes in it. */
import { batch, computed, signal } from "@preact/signals";
import type { Api } from "../api";
import { belongs, inOrder, newer } from "../merge";
import type { Ports } from "../ports";
import { queueOf } from "../route";
import type { Counts, Me, Ticket } from "../types";
import { inWords } from "./notices";

export type Filter = "active" | "done" | "every";
const STATUSES: Record<Filter, string[]> = {
  active: ["open", "in_progress"],
  done: ["resolved", "closed"],
  every: ["open", "in_progress", "resolved", "closed"],
};
const RECOUNT_MS = 1500;

export function createTickets(api: Api, ports: Pick<Ports, "later">, me: () => Me | null) {
  const view = signal("unassigned");
  const filter = signal<Filter>("active");
  const q = signal("");
  const found = signal<ReadonlyMap<string, Ticket>>(new Map());
  const counts = signal<Counts>({ queue: 0, mine: 0, all: 0 });
  const next = signal<string | null>(null);
  const loading = signal(true);
  const failed = signal("");
  const list = computed(() => [...found.value.values()].toSorted(inOrder));
  let asked = 0;
  let recounting = false;

  const search = (cursor?: string) => ({
    queue: queueOf(view.value),
    status: STATUSES[filter.value].join(","),
    q: q.value.trim(),
    cursor,
    limit: 50,
  });

  /** Ask for the list anew, or for the page after `cursor`; an answer that was overtaken is dropped. */
  const load = async (cursor?: string) => {
    const mine = ++asked;
    loading.value = true;
    try {
      const page = await api.tickets(search(cursor));
      if (mine !== asked) return;
      batch(() => {
        const kept = cursor ? [...found.value.values()] : [];
        found.value = new Map([...kept, ...page.tickets].map((one) => [one.number, one]));
        counts.value = page.counts;
        next.value = page.next;
        failed.value = "";
      });
    } catch (error) {
      if (mine === asked) failed.value = inWords(error);
    } finally {
      if (mine === asked) loading.value = false;
    }
  };

  // Counts are asked for once for a burst of events; adding them up here would drift from the truth.
  const recount = () => {
    if (recounting) return;
    recounting = true;
    ports.later(() => {
      recounting = false;
      api.tickets({ ...search(), limit: 1 }).then(
        (page) => (counts.value = page.counts),
        () => undefined,
      );
    }, RECOUNT_MS);
  };

  /** A ticket arrived or changed: it comes, goes or stays. */
  const apply = (arrived: Ticket) => {
    const known = found.value.get(arrived.number);
    const ticket = newer(known, arrived);
    const fits = belongs(ticket, { view: view.value, statuses: STATUSES[filter.value] }, me());
    // What a search finds only the gateway can say: there, known tickets change and no new ones come.
    const comes = q.value.trim() === "" && (next.value === null || isBeforeLast(ticket));
    const changed = new Map(found.value);
    if (fits && (known || comes)) changed.set(ticket.number, ticket);
    else changed.delete(ticket.number);
    found.value = changed;
    recount();
  };

  const isBeforeLast = (ticket: Ticket) => {
    const last = list.value.at(-1);
    return last === undefined || inOrder(ticket, last) < 0;
  };

  const choose = (change: { view?: string; filter?: Filter; q?: string }) => {
    batch(() => {
      if (change.view !== undefined && change.view !== view.value) {
        view.value = change.view;
        filter.value = "active";
        q.value = "";
        found.value = new Map();
      }
      if (change.filter !== undefined) filter.value = change.filter;
      if (change.q !== undefined) q.value = change.q;
    });
    return me() ? load() : undefined;
  };

  /** Nobody is signed in any more. */
  const forget = () => {
    asked++;
    found.value = new Map();
  };

  const more = () => (next.value && !loading.value ? load(next.value) : undefined);

  return { view, filter, q, list, counts, next, loading, failed, load, more, apply, choose, forget };
}

export type Tickets = ReturnType<typeof createTickets>;
