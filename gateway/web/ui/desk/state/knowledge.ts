/** The knowledge page: which part of it is open, what was searched, tried and found missing. */
import { batch, signal } from "@preact/signals";
import type { Api } from "../api";
import type { KnowledgePlace } from "../route";
import type { Me } from "../types";
import type { Drafted, EntryList, EntryPage, GapList, Show, Verdict } from "../types-knowledge";
import { asked } from "./asked";
import type { Notices } from "./notices";

export interface EntrySearch {
  q: string;
  class: string;
  owner: string;
  show: Show;
}

const EVERYTHING: EntrySearch = { q: "", class: "", owner: "", show: "" };

export function createKnowledge(api: Api, me: () => Me | null, notices: Notices) {
  /** Null while the desk shows tickets. */
  const place = signal<KnowledgePlace | null>(null);
  const search = signal<EntrySearch>(EVERYTHING);
  const list = asked<EntryList>();
  const entry = asked<EntryPage>();
  const verdict = asked<Verdict>();
  const gaps = asked<GapList>();
  /** What is being written, and what has been, by the gap's id. */
  const drafting = signal<string | null>(null);
  const drafted = signal<ReadonlyMap<string, Drafted>>(new Map());

  const may = (right: string) => me()?.rights.includes(right) ?? false;

  const find = (change: Partial<EntrySearch> = {}) => {
    search.value = { ...search.value, ...change };
    return list.ask(() => api.entries({ ...search.value, q: search.value.q.trim() }));
  };
  const more = async () => {
    const shown = list.value.value;
    if (!shown?.next || list.isBusy.value) return;
    await list.ask(async () => {
      const page = await api.entries({ ...search.value, q: search.value.q.trim(), cursor: shown.next ?? "" });
      return { ...page, entries: [...shown.entries, ...page.entries] };
    });
  };
  const read = (id: string, lang = "") => {
    if (entry.value.value?.id !== id) entry.forget();
    return entry.ask(() => api.entry(id, lang));
  };
  const attempt = (text: string, channel = "") =>
    text.trim() ? verdict.ask(() => api.tryQuestion(text, channel)) : Promise.resolve(verdict.forget());
  const lookForGaps = () => gaps.ask(() => api.gaps());

  /** Fetch what the open part shows. */
  const load = async () => {
    const at = place.value;
    if (!at || !me()) return;
    if (at.page === "entries") await Promise.all([find(), at.item ? read(at.item) : undefined]);
    else if (at.page === "gaps") await lookForGaps();
    else if (at.item && may("knowledge.try")) await attempt(at.item);
  };

  const open = (wanted: KnowledgePlace | null) => {
    const before = place.value;
    place.value = wanted;
    if (!wanted || !me()) return undefined;
    if (wanted.page === "entries" && before?.page === "entries") {
      return wanted.item ? read(wanted.item) : undefined;
    }
    return load();
  };

  const draft = async (id: string) => {
    if (drafting.value) return;
    drafting.value = id;
    try {
      const made = await api.draft(id);
      drafted.value = new Map([...drafted.value, [id, made]]);
    } catch (error) {
      notices.wrong(error);
    } finally {
      drafting.value = null;
    }
  };

  /** Nobody is signed in any more. */
  const forget = () =>
    batch(() => {
      for (const one of [list, entry, verdict, gaps]) one.forget();
      search.value = EVERYTHING;
      drafted.value = new Map();
    });

  return { place, search, list, entry, verdict, gaps, drafting, drafted, may, find, more, read, attempt, load, open, draft, forget };
}

export type Knowledge = ReturnType<typeof createKnowledge>;
