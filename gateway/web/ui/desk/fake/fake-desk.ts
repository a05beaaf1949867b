/** A gateway in memory that answers the desk as the real one would: for development and tests only. */
import type { HistoryEvent, Me, Message, Note, Ticket, TicketPage } from "../types";
import { FakeBoard } from "./fake-board";
import { FakeKnowledge } from "./fake-knowledge";
import { FakePanels } from "./fake-panels";
import { FakePrivacy } from "./fake-privacy";
import { bodyOf, FakeMail, pageOf } from "./fake-mail";
import { aMessage, COLLEAGUES, iso, ME, sampleChannels, sampleMails, sampleMessages, sampleNotes, samplePromises, sampleTickets } from "./sample";

interface Stored {
  ticket: Ticket;
  messages: Message[];
  notes: Note[];
  events: HistoryEvent[];
}

export interface FakeEvent {
  id: number;
  kind: string;
  data: unknown;
}

export type Body = Record<string, string | number | string[]>;

export class FakeDesk {
  readonly tickets = new Map<string, Stored>();
  readonly heard: FakeEvent[] = [];
  readonly listeners = new Set<(event: FakeEvent) => void>();
  readonly requests: string[] = [];
  readonly knowledge = new FakeKnowledge();
  readonly mail = new FakeMail();
  readonly board: FakeBoard;
  readonly panels: FakePanels;
  readonly privacy: FakePrivacy;
  channels;
  me: Me = structuredClone(ME);
  isSignedIn = false;
  /** Set to answer the next request that changes something with this status instead. */
  failNext: number | null = null;
  private taken = new Map<string, { body: string; seq: number }>();

  constructor(private readonly now: () => number = Date.now) {
    this.channels = sampleChannels(now());
    this.panels = new FakePanels(now);
    this.privacy = new FakePrivacy(now);
    for (const ticket of sampleTickets(now())) {
      const isRich = ticket.number === "T20261122-0003";
      const messages = ticket.number === "T20261122-0012" ? sampleMails(now()) : isRich ? sampleMessages(now()) : [aMessage(1, { at: ticket.last_at, text: ticket.last_text, id: `${ticket.number}-1` })];
      const events = [{ id: `${ticket.number}-e1`, at: ticket.opened_at, kind: "ticket.opened", actor: "bot", because: "the contact asks for a person; urgency urgent: “着急”" }];
      this.tickets.set(ticket.number, { ticket, messages, notes: isRich ? sampleNotes(now()) : [], events });
    }
    this.board = new FakeBoard(now, (number) => this.tickets.get(number)?.ticket, (kind) => this.emit(kind, {}), this.panels);
  }

  async handle(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const path = url.pathname.replace("/api/v1", "");
    this.requests.push(`${request.method} ${path}${url.search}`);
    if (this.failNext && request.method !== "GET" && path !== "/typing") {
      const status = this.failNext;
      this.failNext = null;
      return problem(status, "made_to_fail", "出错了");
    }
    const isJson = request.headers.get("content-type")?.startsWith("application/json");
    const body = (isJson ? await request.json() : {}) as Body;
    if (path === "/session") return this.session(request.method, body);
    if (path === "/setup") return body["token"] === "used" ? problem(403, "used", "链接已失效", "请重新运行 gateway。") : json(null, 201);
    if (!this.isSignedIn) return problem(401, "signed_out", "请登录");
    if (path === "/me") return json(this.me);
    if (path === "/me/state") return this.presence(body);
    if (path === "/agents") return json({ agents: COLLEAGUES });
    if (path === "/channels") return json({ channels: this.channels });
    if (path === "/typing") return new Response(null, { status: 204 });
    if (path === "/attachments") return this.attach(request);
    if (path.startsWith("/knowledge/")) {
      const found = this.knowledge.answer(path, url.searchParams, body);
      return found === undefined ? problem(404, "not_found", "没有找到。") : json(found);
    }
    const mail = this.mail.answer(request.method, path, body);
    if (mail) return mail.status >= 400 ? problem(mail.status, "refused", "不能这样做") : mail.status === 204 ? new Response(null, { status: 204 }) : json(mail.body, mail.status);
    const house = this.board.answer(request.method, path, url.searchParams, body);
    if (house) return house.status >= 400 ? problem(house.status, "refused", String(house.body)) : json(house.body, house.status);
    const person = this.privacy.answer(request.method, path, url.searchParams, body);
    if (person) return person;
    const loose = this.panels.loose(request.method, path, body);
    if (loose) return loose.status >= 400 ? problem(loose.status, "refused", String(loose.body)) : json(loose.body, loose.status);
    if (path === "/tickets") return this.list(url.searchParams);
    const [, , number = "", act = "", ...rest] = path.split("/").map(decodeURIComponent);
    const stored = this.tickets.get(number);
    if (!stored) return problem(404, "not_found", "没有这张工单");
    const asked = stored.messages.find((one) => String(one.seq) === rest[0]);
    if (rest.at(-1) === "reveal") return json({ values: { text: "请打我手机 13800000001" }, until: iso(this.now() + 60_000) });
    if (act === "messages" && rest[1] === "page") return new Response(pageOf(url.searchParams.has("remote")), { headers: { "content-type": "text/html; charset=utf-8" } });
    if (act === "messages") return asked ? json(bodyOf(asked)) : problem(404, "not_found", "没有这条消息");
    if (act === "verification") return json(this.privacy.verification(number, rest[0] ?? "", body));
    const panel = this.panels.answer(request.method, stored.ticket, [act, ...rest], body);
    if (panel?.ticket) this.change(stored, "ticket.changed", panel.ticket, String(body["reason"] ?? ""));
    if (panel) return panel.status >= 400 ? problem(panel.status, "refused", String(panel.body)) : json(panel.body ?? stored.ticket, panel.status);
    return request.method === "GET" ? json(this.page(stored)) : this.act(stored, act, body, rest);
  }

  /** The customer writes: a message event and a ticket event, as the real gateway sends them. */
  customerSays(number: string, text: string): Message {
    const stored = this.stored(number);
    const message = aMessage((stored.messages.at(-1)?.seq ?? 0) + 1, { id: crypto.randomUUID(), text, at: iso(this.now()) });
    this.add(stored, message);
    return message;
  }

  /** Another agent answers. */
  colleagueSays(number: string, text: string): void {
    const stored = this.stored(number);
    const agent = { number: "1002", name: "李娜" };
    this.add(stored, aMessage((stored.messages.at(-1)?.seq ?? 0) + 1, { id: crypto.randomUUID(), author: "agent", agent, text, at: iso(this.now()) }));
  }

  /** The customer begins to write. */
  customerTypes(number: string): void {
    for (const listener of this.listeners) listener({ id: this.heard.length, kind: "typing", data: { number } });
  }

  emit(kind: string, data: unknown): void {
    const event = { id: this.heard.length + 1, kind, data };
    this.heard.push(event);
    for (const listener of this.listeners) listener(event);
  }

  private stored(number: string): Stored {
    const stored = this.tickets.get(number);
    if (!stored) throw new Error(`no ticket ${number}`);
    return stored;
  }

  private session(method: string, body: Body): Response {
    if (method === "DELETE") {
      this.isSignedIn = false;
      return new Response(null, { status: 204 });
    }
    if (body["password"] !== "sample") return problem(401, "bad_login", "登录名或密码不正确");
    this.isSignedIn = true;
    return json(this.me);
  }

  private presence(body: Body): Response {
    this.me = { ...this.me, agent: { ...this.me.agent, state: body["state"] as Me["agent"]["state"] } };
    this.board.heardState(this.me.agent.number, this.me.agent.state, (body["back_at"] as string | undefined) ?? null);
    this.emit("agent", { number: this.me.agent.number, state: body["state"] });
    return json({});
  }

  private async attach(request: Request): Promise<Response> {
    const file = (await request.formData()).get("file") as File;
    return json({ id: crypto.randomUUID(), name: file.name, media_type: file.type, size: file.size }, 201);
  }

  private list(search: URLSearchParams): Response {
    const statuses = (search.get("status") ?? "").split(",");
    const all = [...this.tickets.values()].map((one) => one.ticket);
    const unfinished = all.filter((one) => one.status === "open" || one.status === "in_progress");
    const isMine = (one: Ticket) => one.agent?.number === this.me.agent.number;
    const queue = search.get("queue") ?? "all";
    const q = search.get("q") ?? "";
    const inQueue = (one: Ticket) =>
      queue === "all" || (queue === "mine" ? isMine(one) : queue === "unassigned" ? !one.agent : one.department === queue);
    const found = all.filter((one) => (queue === "spam" ? isSpam(one) : !isSpam(one) && statuses.includes(one.status) && inQueue(one)) && JSON.stringify(one).includes(q));
    const departments = Object.fromEntries(this.me.departments.map(({ id }) => [id, unfinished.filter((one) => one.department === id).length]));
    const counts = { queue: unfinished.filter((one) => !one.agent).length, mine: unfinished.filter(isMine).length, all: unfinished.length, spam: all.filter(isSpam).length, departments };
    return json({ tickets: found, next: null, counts });
  }

  private page({ ticket, messages, notes, events }: Stored): TicketPage {
    return {
      ticket,
      ...this.panels.life.face(ticket),
      entities: ticket.number === "T20261122-0003" ? [{ kind: "order", value: "20261103-8841" }, { kind: "product", value: "会员卡" }, { kind: "phone", value: "138****0000" }] : [],
      conversation: { id: "c1", state: ticket.agent ? "with_agent" : "queued", topic: ticket.subject, started_at: ticket.opened_at },
      messages,
      notes,
      promises: ticket.number === "T20261122-0003" ? samplePromises(this.now()) : ticket.promise ? [{ id: "p", owner: ticket.department, because: null, ...ticket.promise }] : [],
      events,
      last_seq: messages.at(-1)?.seq ?? 0,
    };
  }

  private act(stored: Stored, act: string, body: Body, rest: string[]): Response {
    const me = { number: this.me.agent.number, name: this.me.agent.name };
    const { ticket } = stored;
    switch (act) {
      case "claim":
        if (ticket.agent) return problem(409, "stale", `${ticket.agent.name}（工号 ${ticket.agent.number}）已经接入`);
        return this.change(stored, "ticket.claimed", { agent: me, status: "in_progress" });
      case "transfer":
        return this.change(stored, "ticket.transferred", body["agent"] ? { agent: COLLEAGUES.find((one) => one.number === body["agent"]) ?? me } : { agent: null, status: "open", department: String(body["department"]) }, String(body["reason"]));
      case "resolve":
        return this.change(stored, "ticket.resolved", { status: "resolved", waiting_on: null }, String(body["outcome"]));
      case "close":
        return this.change(stored, "ticket.closed", { status: "closed" });
      case "reopen":
        return this.change(stored, "ticket.reopened", { status: "in_progress", agent: me }, String(body["reason"]));
      case "spam":
        return this.change(stored, "ticket.spam", { status: "closed", spam: "agent 1001 says it is spam" });
      case "not-spam":
        return this.change(stored, "ticket.reopened", { status: "open", agent: null, spam: null });
      case "forwards":
        return this.forward(stored, body);
      case "replies":
        return this.reply(stored, body);
      case "notes":
        return this.note(stored, String(body["text"]));
      case "outbox":
        return this.retry(stored, rest[0] ?? "");
      default:
        return problem(404, "not_found", "没有这个操作");
    }
  }

  private change(stored: Stored, kind: string, said: Partial<Ticket>, because: string | null = null): Response {
    stored.ticket = { ...stored.ticket, ...said, version: stored.ticket.version + 1 };
    stored.events = [...stored.events, { id: crypto.randomUUID(), at: iso(this.now()), kind, actor: `agent:${this.me.agent.number}`, because }];
    this.emit("ticket", stored.ticket);
    return json(stored.ticket);
  }

  private reply(stored: Stored, body: Body): Response {
    const { id, text, seen_seq: seen } = body as unknown as { id: string; text: string; seen_seq: number };
    const known = this.taken.get(id);
    if (known) return known.body === text ? json({ id, seq: known.seq }, 202) : problem(409, "id_taken", "重复的编号");
    const missed = stored.messages.filter((one) => one.seq > seen && (one.author === "customer" || (one.author === "agent" && one.agent?.number !== this.me.agent.number)));
    if (missed.length) return problem(409, "stale_view", "有新消息", "", { missed });
    for (const given of (body as unknown as { promises?: { text: string; due_at: string }[] }).promises ?? []) this.panels.promise(stored.ticket.number, given);
    const seq = (stored.messages.at(-1)?.seq ?? 0) + 1;
    this.taken.set(id, { body: text, seq });
    const others = (["cc", "bcc"] as const).flatMap((role) => ((body[role] as string[] | undefined) ?? []).map((to) => ({ to, role })));
    const copies = [{ to: "wang@customer.example", role: "to" as const }, ...others].map((one, i) => ({ ...one, id: `${id}-${i}`, state: "delivered" as const, error: null }));
    this.add(stored, aMessage(seq, { id, author: "agent", agent: { number: this.me.agent.number, name: this.me.agent.name }, text, at: iso(this.now()), delivery: { state: "delivered", error: null, copies } }));
    return json({ id, seq }, 202);
  }

  private forward(stored: Stored, body: Body): Response {
    const { id, message, text, to } = body as unknown as { id: string; message: string; text: string; to: string[] };
    if (stored.notes.some((one) => one.id === id)) return json({ id }, 202);
    const copies = to.map((address, i) => ({ id: `${id}-${i}`, to: address, role: "to" as const, state: "due" as const, error: null }));
    const agent = { number: this.me.agent.number, name: this.me.agent.name };
    const note: Note = { id, agent, text, at: iso(this.now()), forward: { message, to, delivery: { state: "due", error: null, copies } } };
    stored.notes = [...stored.notes, note];
    this.emit("note", { number: stored.ticket.number, note });
    return json({ id }, 202);
  }

  private note(stored: Stored, text: string): Response {
    const note = { id: crypto.randomUUID(), agent: { number: this.me.agent.number, name: this.me.agent.name }, text, at: iso(this.now()) };
    stored.notes = [...stored.notes, note];
    this.emit("note", { number: stored.ticket.number, note });
    return json(note, 201);
  }

  private retry(stored: Stored, id: string): Response {
    const message = stored.messages.find((one) => one.id === id);
    if (!message) return problem(404, "not_found", "没有这条消息");
    const changed: Message = { ...message, delivery: { state: "delivered", error: null } };
    stored.messages = stored.messages.map((one) => (one.id === id ? changed : one));
    this.emit("message", { number: stored.ticket.number, conversation: "c1", message: changed });
    return json({}, 202);
  }

  private add(stored: Stored, message: Message): void {
    stored.messages = [...stored.messages, message];
    const waiting_on = message.author === "customer" ? ("agent" as const) : ("contact" as const);
    stored.ticket = { ...stored.ticket, last_text: message.text, last_at: message.at, waiting_on, waiting_since: message.at, version: stored.ticket.version + 1 };
    this.emit("message", { number: stored.ticket.number, conversation: "c1", message });
    this.emit("ticket", stored.ticket);
  }
}

const isSpam = (one: Ticket) => one.spam !== null;

function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
}

function problem(status: number, code: string, title: string, detail = "", more: object = {}): Response {
  const body = { type: "about:blank", status, code, title, detail, ...more };
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/problem+json" } });
}
