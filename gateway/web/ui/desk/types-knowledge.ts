/** The knowledge base as docs/reference/http-api.md describes it. Times are RFC 3339 UTC, days are YYYY-MM-DD. */

export type Show = "" | "overdue" | "problem" | "unused" | "invalid";
export type OutcomeKind = "answer" | "choices" | "none";

export interface FileProblem {
  file: string;
  line: number;
  text: string;
  remedy: string;
  fatal: boolean;
}

export interface EntryLine {
  id: string;
  question: string;
  class: string;
  owner: string;
  applies_to: string[];
  languages: string[];
  updated: string | null;
  review_by: string | null;
  is_overdue: boolean;
  is_valid: boolean;
  level: string;
  /** Answers of the last three months. */
  used: number;
  used_at: string | null;
  problems: number;
  score: number | null;
  has_words: boolean;
}

export type Totals = Record<"all" | Exclude<Show, "">, number>;

export interface EntryList {
  entries: EntryLine[];
  next: string | null;
  found: number;
  totals: Totals;
  owners: string[];
  problems: FileProblem[];
  is_accepted: boolean;
}

export interface Wording {
  lang: string;
  question: string;
  phrasings: string[];
  not_for: string[];
  must: string[];
  must_not: string[];
  answer: string;
  channel_answers: Record<string, string>;
  file: string;
}

/** HTML as a tree: the page makes its own nodes of it. */
export type Tree = string | { tag: string; href: string | null; children: Tree[] };

export interface Piece {
  form: "html" | "text" | "json";
  content: string;
  nodes: Tree[];
  buttons: string[];
}

export interface Preview {
  channel: string;
  kind: string;
  outcome: OutcomeKind;
  hand_off: string | null;
  text: string;
  pieces: Piece[];
}

export interface EntryPage extends EntryLine {
  author: string;
  editor: string;
  created: string | null;
  valid_from: string | null;
  valid_until: string | null;
  channels: string[];
  choices: { id: string; question: string }[];
  action: string;
  wordings: Wording[];
  file_problems: FileProblem[];
  lang: string;
  previews: Preview[];
}

export interface Judged {
  id: string;
  question: string;
  score: number;
  because: string[];
  more: Record<string, unknown>;
}

/** One of several questions in a message, in the customer's words. */
export interface Part {
  asked: string;
  kind: OutcomeKind;
  because: string;
  matches: Judged[];
}

export interface Verdict {
  text: string;
  lang: string;
  kind: OutcomeKind;
  because: string;
  small_talk: string;
  thresholds: { answer: number; offer: number };
  matches: Judged[];
  parts: Part[];
  more: Record<string, unknown>;
  previews: Preview[];
}

export interface Gap {
  id: string;
  question: string;
  lang: string;
  kinds: string[];
  times: number;
  /** Minutes that agents spent on it. */
  minutes: number;
  examples: { text: string; at: string; channel: string }[];
  reply: string | null;
  reply_times: number;
  entries: { id: string; question: string }[];
  last_at: string;
  /** The file that somebody has begun for it. */
  draft: string | null;
}

export interface GapList {
  gaps: Gap[];
  since: string;
}

export interface Drafted {
  file: string;
  state: "committed" | "no_repository" | "failed";
  commit: string;
  why: string;
}
