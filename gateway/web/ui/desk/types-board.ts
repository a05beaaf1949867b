/** What the API sends to those who watch over the work. Times are RFC 3339 UTC. */
import type { Person, Presence, Ticket } from "./types";
import type { Cause, Labels, Owed } from "./types-ticket";

/** A promise in a list over all tickets; `cause_owed`: its ticket is late and nobody has said why. */
export interface OwedInList extends Owed {
  ticket: string;
  subject: string | null;
  department: string;
  urgency: string;
  escalation: number;
  escalated_because: string | null;
  cause: string | null;
  cause_owed: boolean;
}

export interface PromisePage {
  promises: OwedInList[];
  next: string | null;
  causes: Cause[];
}

export interface Alarm {
  id: number;
  kind: string;
  text: string;
  because: string;
  ticket: string | null;
  at: string;
  seen_by: string | null;
  seen_at: string | null;
}

export interface Emergency {
  id: number;
  cause: string;
  topics: string[];
  channel: string;
  state: "proposed" | "running" | "ended" | "dismissed";
  because: string;
  notice: Labels | null;
  news_at: string | null;
  updates: number;
  proposed_at: string;
  proposed_by: string;
  started_at: string | null;
  started_by: string | null;
  ended_at: string | null;
  ended_by: string | null;
  reviewed_at: string | null;
  reviewed_by: string | null;
  conversations: number;
  tickets: number;
}

/** `notice` and `end` are the texts of the settings, by language, to begin from. */
export interface EmergencyList {
  emergencies: Emergency[];
  notice: Labels;
  end: Labels;
}

export interface EmergencyPage {
  emergency: Emergency;
  tickets: string[];
}

export interface Report {
  markdown: string;
  is_draft: boolean;
}

export interface Worker extends Person {
  role: string;
  state: Presence;
  back_at: string | null;
  departments: string[];
  skills: string[];
  languages: string[];
  capacity: Record<string, number>;
  /** Seven days of slots such as `09:00-18:00`, Monday first; null are the house's. */
  hours: string[][] | null;
  line: number;
  supervises: string[];
  in_hand: Record<string, number>;
  /** 1 is full. */
  load: number;
  at_work: boolean;
  notes: string[];
}

export interface People {
  people: Worker[];
  departments_without_people: string[];
  capacity: Record<string, number>;
}

export interface Handover {
  id: number;
  ticket: Ticket;
  to: Person | null;
  from: Person | null;
  note: string;
  state: "offered" | "accepted" | "declined" | "withdrawn";
  answer: string | null;
  offered_at: string;
  settled_at: string | null;
}

export interface ShiftSheet {
  ends_at: string | null;
  is_due: boolean;
  tickets: Ticket[];
  given: Handover[];
  received: Handover[];
  colleagues: (Person & { state: Presence; load: number; works_until: string | null })[];
}

export interface HandoversMade {
  offered: string[];
  refused: { ticket: string; code: string; detail: string }[];
}

export interface LoggedChannel {
  name: string;
  label: Labels;
}

export interface CausesReport {
  since: string;
  causes: (Cause & { count: number; departments: Record<string, number> })[];
  late: Record<string, number>;
  unexplained: number;
}

export interface TriageReport {
  since: string;
  tickets: number;
  seen: number;
  corrected: number;
  version: string;
  fields: { field: string; accuracy: number | null; corrected: number; confused: { said: string; holds: string; count: number }[] }[];
}
