/** A client's world that a test owns: its server, its clock, its network. */
import { Client, type Ports, type Socket } from "../client";
import { Memory, Store } from "../store";
import type { Message, ServerFrame } from "../../shared/protocol";

export class FakeSocket implements Socket {
  readonly sent: Record<string, unknown>[] = [];
  isClosed = false;
  readonly #listeners: Record<string, ((event: { data: unknown; code: number }) => void)[]> = {};

  addEventListener(name: string, then: (event: { data: unknown; code: number }) => void): void {
    (this.#listeners[name] ??= []).push(then);
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data) as Record<string, unknown>);
  }

  close(): void {
    this.isClosed = true;
  }

  open(): void {
    this.#fire("open", {});
  }

  hear(frame: ServerFrame): void {
    this.#fire("message", { data: JSON.stringify(frame) });
  }

  end(code = 1006): void {
    this.#fire("close", { code });
  }

  /** Ids of the messages sent on this socket. */
  get ids(): unknown[] {
    return this.sent.filter((it) => it["type"] === "message").map((it) => it["id"]);
  }

  #fire(name: string, event: { data?: unknown; code?: number }): void {
    for (const then of this.#listeners[name] ?? []) then({ data: null, code: 0, ...event });
  }
}

type Answer = { status: number; body: unknown; headers?: Record<string, string> };

export class World implements Ports {
  readonly sockets: FakeSocket[] = [];
  readonly asked: { url: string; method: string; body: unknown }[] = [];
  readonly area: Memory;
  visible = true;
  changes = 0;
  readonly arrivals: Message[] = [];
  readonly notices: ServerFrame[] = [];
  answer: (url: string, method: string) => Answer = (url) =>
    url.endsWith("/visitors") ? { status: 201, body: { token: `token ${this.asked.length}` } } : { status: 500, body: {} };
  readonly #timers: { at: number; fire: () => void }[] = [];
  #clock = 0;
  #ids = 0;

  constructor(area = new Memory()) {
    this.area = area;
  }

  client(): Client {
    return new Client("https://chat.example", "en", new Store("https://chat.example", this.area), this, {
      changed: () => (this.changes += 1),
      arrived: (message) => this.arrivals.push(message),
      notice: (frame) => this.notices.push(frame),
    });
  }

  /** A client that is connected and ready, and its socket. */
  async ready(): Promise<[Client, FakeSocket]> {
    const client = this.client();
    client.start();
    return [client, await this.welcome()];
  }

  /** Let the newest socket open and become ready. */
  async welcome(last_seq = 0): Promise<FakeSocket> {
    await settle();
    const socket = this.newest;
    socket.open();
    socket.hear({ type: "ready", last_seq });
    return socket;
  }

  get newest(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error("no socket was opened");
    return socket;
  }

  /** Let `ms` pass, firing what was due on the way. */
  async pass(ms: number): Promise<void> {
    const goal = this.#clock + ms;
    for (;;) {
      const due = this.#timers.filter((it) => it.at <= goal).toSorted((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers.splice(this.#timers.indexOf(due), 1);
      this.#clock = due.at;
      due.fire();
      await settle();
    }
    this.#clock = goal;
  }

  socket(): Socket {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket;
  }

  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const method = init.method ?? "GET";
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : init.body;
    this.asked.push({ url: url.replace("https://chat.example/chat/v1", ""), method, body });
    const told = this.answer(url, method);
    return new Response(JSON.stringify(told.body), { status: told.status, headers: told.headers ?? {} });
  }

  after(ms: number, then: () => void): () => void {
    const timer = { at: this.#clock + ms, fire: then };
    this.#timers.push(timer);
    return () => {
      const place = this.#timers.indexOf(timer);
      if (place >= 0) this.#timers.splice(place, 1);
    };
  }

  id(): string {
    this.#ids += 1;
    return `m${this.#ids}`;
  }

  now(): string {
    return new Date(this.#clock).toISOString();
  }

  chance(): number {
    return 1;
  }

  isVisible(): boolean {
    return this.visible;
  }
}

/** Let promises that can settle do so. */
export async function settle(): Promise<void> {
  for (let n = 0; n < 2; n += 1) await new Promise((then) => setTimeout(then, 0));
}

export function aMessage(seq: number, changes: Partial<Message> = {}): { type: "message" } & Message {
  return {
    type: "message",
    seq,
    id: `s${seq}`,
    author: "bot",
    agent: null,
    text: `message ${seq}`,
    html: "",
    choices: [],
    attachments: [],
    at: "2026-11-20T04:00:00Z",
    ...changes,
  };
}
