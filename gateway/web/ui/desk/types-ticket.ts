/** What the API sends about a ticket's promises, classification, tasks and records. Times are RFC 3339 UTC. */
import type { Person, Urgency } from "./types";

export type Labels = Record<string, string>;

/** A stretch of a promise's bar; the present one has no end while the promise is open. */
export interface Segment {
  from_at: string;
  until_at: string | null;
  kind: "counting" | "paused";
  because: string | null;
}

/** A promise; `due_at` and `warn_at` are null while it stands still, `used_s` was counted before the present stretch. */
export interface Owed {
  id: string;
  kind: string;
  state: string;
  is_late: boolean;
  owner: string;
  agent: Person | null;
  told: boolean;
  text: string;
  because: string;
  rule: string | null;
  version: string | null;
  counts: "opening" | "calendar";
  span_s: number | null;
  used_s: number;
  started_at: string;
  due_at: string | null;
  warn_at: string | null;
  paused_at: string | null;
  paused_because: string | null;
  settled_at: string | null;
  segments: Segment[];
}

export interface Cause {
  cause: string;
  label: Labels;
}

export interface TicketPromises {
  now: string;
  escalation: { level: number; at: string | null; because: string | null };
  /** What a late ticket can be late for: the house's own list. */
  causes: Cause[];
  promises: Owed[];
}

/** A promise that was found in a draft, with its time in the agent's words. */
export interface FoundPromise {
  text: string;
  due_at: string;
  label: string;
  confidence: number;
}

export interface DraftProblem {
  kind: "vague" | "banned" | "unkeepable";
  text: string;
  better: string;
}

export interface CheckedDraft {
  promises: FoundPromise[];
  problems: DraftProblem[];
  blocks: boolean;
}

export interface Holds {
  type: string;
  subtype: string | null;
  urgency: Urgency;
  anomaly: string;
  department: string;
  needs_identity: boolean;
}

export interface Correction {
  field: string;
  was: string;
  value: string;
  reason: string;
  agent: Person | null;
  at: string;
}

/** What triage said, what holds now, and who corrected what. */
export interface Classification {
  number: string;
  version: number;
  said: (Holds & { version: string; sensitive: string[]; lang: string; confidence: Record<string, number>; at: string }) | null;
  holds: Holds;
  corrections: Correction[];
  subtypes: string[];
}

export interface Task {
  id: string;
  ticket: string;
  department: string;
  text: string;
  state: "asked" | "accepted" | "done" | "declined" | "withdrawn";
  accept_by: string;
  solve_by: string;
  asked_by: Person | null;
  asked_at: string;
  agent: Person | null;
  answer: string | null;
}

export interface RecordField {
  value: string | null;
  by_person: boolean;
}

/** A complaint's record; `missing` are required fields that lack. */
export interface Complaint {
  number: string;
  version: number;
  fields: Record<string, RecordField>;
  closed_at: string | null;
  required: string[];
  missing: string[];
}

/** One automatic act, with the version of the rules it followed and what it went by. */
export interface Act {
  at: string;
  kind: string;
  actor: string;
  because: string;
  rules: string;
  inputs: Record<string, unknown>;
}

export interface Why {
  acts: Act[];
  rules_now: string;
}
