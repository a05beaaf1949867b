/** What the desk's HTTP API sends, as docs/reference/http-api.md describes it. Times are RFC 3339 UTC. */

export interface Person {
  number: string;
  name: string;
}

export interface Me {
  agent: Person & { login: string; role: string; roles?: string[]; state: Presence };
  /** How far the sign-in has come; `in`, or nothing from a gateway that knows no steps, is whole. */
  stage?: "second" | "enrol" | "password" | "in";
  factors?: string[];
  may_put_off?: boolean;
  password_is_due?: boolean;
  /** What the gateway lets them do, by the names of docs/reference/http-api.md. */
  rights: string[];
  csrf: string;
  version: string;
  languages: string[];
  departments: Department[];
}

export type Presence = "online" | "away" | "offline";

export interface Department {
  id: string;
  label: Record<string, string>;
}

export type Status = "open" | "in_progress" | "resolved" | "closed";
export type Urgency = "normal" | "urgent" | "critical";

export interface DuePromise {
  kind: string;
  due_at: string;
  state: string;
}

export interface Ticket {
  number: string;
  status: Status;
  type: string;
  subtype: string | null;
  urgency: Urgency;
  anomaly: string;
  department: string | null;
  subject: string | null;
  summary: string | null;
  channel: string;
  lang: string | null;
  contact: Person;
  agent: Person | null;
  waiting_on: "agent" | "contact" | "department" | null;
  waiting_since: string | null;
  opened_at: string;
  last_at: string;
  last_text: string;
  promise: DuePromise | null;
  /** Who was asked to take it, who watches it as a supervisor, and who stays responsible for it from first to last. */
  suggested: Person | null;
  supervisor: Person | null;
  first_agent: Person | null;
  /** The ticket it was merged into. */
  merged_into?: string | null;
  /** 2: the second line. */
  line: number;
  /** Why it lies in the spam view; null if it does not. */
  spam: string | null;
  version: number;
}

export type DeliveryState = "due" | "sending" | "delivered" | "bounced" | "refused" | "unknown" | "cancelled" | "held";

/** Why it did not arrive, as one word (`mailbox_full`); `code` is the mail server's own. */
interface Outcome {
  state: DeliveryState;
  error: string | null;
  code?: string | null;
  reason?: string | null;
}

/** One recipient's copy; `id` is what to send again. */
export interface Copy extends Outcome {
  id: string;
  to: string;
  role: "to" | "cc" | "bcc";
}

/** The worst of the copies, then each of them. */
export interface Delivery extends Outcome {
  copies?: Copy[];
}

export interface Attachment {
  id: string;
  name: string;
  media_type: string;
  size: number | null;
  /** A virus scanner found it clean; unsaid of what was not sent yet. */
  scanned?: boolean;
}

export interface Message {
  seq: number;
  id: string;
  author: "customer" | "bot" | "agent" | "system";
  agent: Person | null;
  text: string;
  html: string | null;
  choices: { id: string; label: string }[];
  attachments: Attachment[];
  /** Why the message did not come whole, in the gateway's English. */
  problems: string[];
  /** What to see at a glance: `encrypted`, `signed`, `automatic`, `unverified` and the like. */
  labels: string[];
  /** There is more of it than `text`: what it quotes, or how it was formatted. */
  more: boolean;
  /** Something in it was covered; with a reason the original can be opened. */
  covered?: boolean;
  at: string;
  because: string | null;
  edited: boolean;
  delivery: Delivery | null;
  /** The message could not be read: `text` is what could be saved of it. */
  raw: boolean;
}

export interface Note {
  id: string;
  agent: Person;
  text: string;
  covered?: boolean;
  /** The message with this id went to these addresses outside, and the text stood above it. */
  forward?: { message: string; to: string[]; delivery: Delivery | null } | null;
  at: string;
}

export interface Promised extends DuePromise {
  id: string;
  owner: string | null;
  because: string | null;
}

export interface HistoryEvent {
  id: string;
  at: string;
  kind: string;
  actor: string | null;
  because: string | null;
}

/** Something the customer named; telephones and mail addresses come covered. */
export interface Entity {
  kind: string;
  value: string;
}

/** A tag, why it was given, and by whom: `rule` or `agent:1001`. */
export interface Tag {
  name: string;
  because: string;
  by: string;
}

/** How or when a customer likes to be reached; `proposed` until an agent keeps it. */
export interface Preference {
  kind: "channel" | "time" | "other";
  value: string;
  text: string;
  state: "proposed" | "kept";
}

export interface Card extends Person {
  tags: Tag[];
  preferences: Preference[];
  preferred_channel: string | null;
}

/** What was said on a ticket that was merged into this one; `seq` counts on that ticket's own thread. */
export interface MergedTalk {
  number: string;
  channel: string;
  messages: Message[];
}

/** A ticket that may be about the same, and by what: `order`, `tracking`, `phone`, `email`, `words`. */
export interface Suggestion {
  number: string;
  subject: string;
  channel: string;
  contact: Person;
  because: string[];
}

export interface TicketPage {
  ticket: Ticket;
  entities: Entity[];
  tags?: Tag[];
  customer?: Card;
  merged?: MergedTalk[];
  suggestions?: Suggestion[];
  /** What the customer mails from; null on other channels. */
  address?: string | null;
  conversation: { id: string; state: string; topic: string | null; started_at: string };
  messages: Message[];
  notes: Note[];
  promises: Promised[];
  events: HistoryEvent[];
  last_seq: number;
}

export interface Counts {
  queue: number;
  mine: number;
  all: number;
  spam?: number;
  /** Waiting tickets of each department; a gateway that does not count them leaves it out. */
  departments?: Record<string, number>;
}

export interface TicketList {
  tickets: Ticket[];
  next: string | null;
  counts: Counts;
}

export interface Colleague extends Person {
  role: string;
  state: Presence;
  open: number;
}

export interface Channel {
  name: string;
  kind: string;
  state: "up" | "down" | "starting" | "bad_credentials";
  detail: string | null;
  remedy: string | null;
  progress_at: string | null;
}
