/** Talking to the gateway: one function a request, and every failure a `Problem` with words for the agent. */
import type { Ports } from "./ports";
import type {
  Attachment,
  Channel,
  Colleague,
  Me,
  Message,
  Note,
  Presence,
  Ticket,
  TicketList,
  TicketPage,
} from "./types";
import type { Blocked, Body, Kept, KeptText } from "./types-mail";
import type { Drafted, EntryList, EntryPage, GapList, Verdict } from "./types-knowledge";

/** A request that failed. `code` is for the program, `title` and `detail` are for people; status 0 means no answer came. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly body: Record<string, unknown> = {},
  ) {
    super(title);
  }
}

export interface Search {
  queue: string;
  status: string;
  q: string;
  cursor?: string | undefined;
  limit?: number | undefined;
}

export interface Reply {
  id: string;
  text: string;
  seen_seq: number;
  attachments: string[];
  cc?: string[];
  bcc?: string[];
  promises?: { text: string; due_at: string }[];
}

export class Api {
  /** Server's clock minus ours, in milliseconds, from the last answer's Date. */
  skew = 0;
  private csrf = "";

  constructor(
    private readonly ports: Ports,
    private readonly language: () => string,
    private readonly whenSignedOut: () => void,
  ) {}

  /** Keep what proves the page's requests to be its own. */
  remember = (me: Me): Me => {
    this.csrf = me.csrf;
    return me;
  };

  me = () => this.call<Me>("GET", "/me").then(this.remember);
  signIn = (login: string, password: string) =>
    this.call<Me>("POST", "/session", { login, password }).then(this.remember);
  signOut = () => this.call<void>("DELETE", "/session");
  setUp = (form: { token: string; login: string; name: string; number: string; password: string }) =>
    this.call<void>("POST", "/setup", form);
  setPresence = (state: Presence) => this.call<void>("PUT", "/me/state", { state });

  tickets = (search: Search) => this.call<TicketList>("GET", `/tickets?${query(search)}`);
  ticket = (number: string) => this.call<TicketPage>("GET", at(number));
  claim = (number: string, version: number) => this.call<Ticket>("POST", at(number, "claim"), { version });
  reply = (number: string, reply: Reply) =>
    this.call<{ id: string; seq: number }>("POST", at(number, "replies"), reply);
  forward = (number: string, said: { id: string; message: string; to: string[]; text: string }) =>
    this.call<{ id: string }>("POST", at(number, "forwards"), said);
  note = (number: string, text: string) => this.call<Note>("POST", at(number, "notes"), { text });
  transfer = (number: string, to: { department?: string; agent?: string; reason: string }) =>
    this.call<Ticket>("POST", at(number, "transfer"), to);
  resolve = (number: string, outcome: string, version: number) =>
    this.call<Ticket>("POST", at(number, "resolve"), { outcome, version });
  close = (number: string, version: number) => this.call<Ticket>("POST", at(number, "close"), { version });
  reopen = (number: string, reason: string) => this.call<Ticket>("POST", at(number, "reopen"), { reason });
  retry = (number: string, message: string) => this.call<void>("POST", at(number, "outbox", message, "retry"));
  typing = (number: string) => this.call<void>("POST", "/typing", { number });

  body = (number: string, seq: number) => this.call<Body>("GET", at(number, "messages", String(seq), "body"));
  spam = (number: string, version: number, block: "no" | "address" | "domain") =>
    this.call<Ticket>("POST", at(number, "spam"), { version, block });
  notSpam = (number: string, version: number, unblock: boolean) =>
    this.call<Ticket>("POST", at(number, "not-spam"), { version, unblock });
  blocked = () => this.call<{ blocked: Blocked[] }>("GET", "/blocked-senders").then((found) => found.blocked);
  block = (sender: string, reason: string) => this.call<{ pattern: string }>("POST", "/blocked-senders", { sender, reason });
  unblock = (pattern: string) => this.call<void>("POST", "/blocked-senders/remove", { pattern });
  quarantine = () => this.call<{ messages: Kept[] }>("GET", "/quarantine").then((found) => found.messages);
  quarantined = (id: number) => this.call<KeptText>("GET", `/quarantine/${id}`);
  release = (id: number) => this.call<{ id: number }>("POST", `/quarantine/${id}/release`, {});

  entries = (search: Record<string, string>) => this.call<EntryList>("GET", `/knowledge/entries?${query(search)}`);
  entry = (id: string, lang: string) =>
    this.call<EntryPage>("GET", `/knowledge/entries/${encodeURIComponent(id)}?${query({ lang })}`);
  tryQuestion = (text: string, channel: string) =>
    this.call<Verdict>("POST", "/knowledge/try", { text, ...(channel ? { channel } : {}) });
  gaps = () => this.call<GapList>("GET", "/knowledge/gaps");
  draft = (gap: string) => this.call<Drafted>("POST", `/knowledge/gaps/${encodeURIComponent(gap)}/draft`, {});

  agents = () => this.call<{ agents: Colleague[] }>("GET", "/agents").then((found) => found.agents);
  channels = () => this.call<{ channels: Channel[] }>("GET", "/channels").then((found) => found.channels);
  attach = (file: File) => {
    const form = new FormData();
    form.append("file", file, file.name);
    return this.call<Attachment>("POST", "/attachments", form);
  };

  /** For what is fetched later and brings requests of its own. */
  async call<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await this.send(method, path, body);
    return (answer.status === 204 ? undefined : await parsed(answer)) as T;
  }

  /** A file, for the asker to keep. */
  file = (method: string, path: string, body: object) => this.send(method, path, body).then((answer) => answer.blob());

  private async send(method: string, path: string, body?: object): Promise<Response> {
    const headers = new Headers({ accept: "application/json", "accept-language": this.language() });
    if (method !== "GET" && this.csrf) headers.set("x-csrf-token", this.csrf);
    const isForm = body instanceof FormData;
    if (body && !isForm) headers.set("content-type", "application/json");
    const sent = body === undefined ? null : isForm ? body : JSON.stringify(body);
    const url = new URL(`/api/v1${path}`, location.origin);
    const answer = await this.ports
      .fetch(new Request(url, { method, headers, body: sent, credentials: "same-origin" }))
      .catch(() => {
        throw new Problem(0, "no_answer", "", "");
      });
    const date = Date.parse(answer.headers.get("date") ?? "");
    if (!Number.isNaN(date)) this.skew = date - this.ports.now();
    if (answer.ok) return answer;
    if (answer.status === 401 && !path.startsWith("/session")) this.whenSignedOut();
    throw problemOf(answer.status, await parsed(answer));
  }
}

/** The messages that a `stale_view` refusal says the agent has not read. */
export function missedIn(problem: Problem): Message[] {
  const missed = problem.body["missed"];
  return Array.isArray(missed) ? (missed as Message[]) : [];
}

function problemOf(status: number, body: unknown): Problem {
  const said = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const word = (key: string) => (typeof said[key] === "string" ? said[key] : "");
  return new Problem(status, word("code"), word("title"), word("detail"), said);
}

async function parsed(answer: Response): Promise<unknown> {
  const text = await answer.text();
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

export function at(number: string, ...rest: string[]): string {
  return ["/tickets", ...[number, ...rest].map(encodeURIComponent)].join("/");
}

function query(search: object): string {
  const said = Object.entries(search).filter(([, value]) => value !== undefined && value !== "");
  return new URLSearchParams(said.map(([key, value]) => [key, String(value)])).toString();
}
