/** Keeps a visitor connected: hello, resume, resend what was not acknowledged, back off, fall back to polling. */
import { backoff } from "../shared/backoff";
import { CLOSED, type Attachment, type Message, type ServerFrame } from "../shared/protocol";
import type { Pending, Store } from "./store";
import { Transcript } from "./transcript";

/** The part of WebSocket that is used. */
export interface Socket {
  send(data: string): void;
  close(code?: number): void;
  addEventListener(name: "open" | "message" | "close", then: (event: { data: unknown; code: number }) => void): void;
}

/** What the client needs of the world; a test gives its own. */
export interface Ports {
  socket(url: string): Socket;
  fetch(url: string, init?: RequestInit): Promise<Response>;
  /** Call `then` after `ms`; the returned function prevents it. */
  after(ms: number, then: () => void): () => void;
  id(): string;
  now(): string;
  chance(): number;
  isVisible(): boolean;
}

export type Line = "off" | "connecting" | "on" | "away";

export interface Listener {
  changed(): void;
  arrived(message: Message): void;
  notice(frame: Extract<ServerFrame, { type: "typing" | "queue" | "state" }>): void;
}

/** How long the server may be silent when an answer is due before the connection is taken for dead. */
const SILENCE = 8000;
const POLL = 4000;
/** After this many sockets that never got ready, ask by HTTP instead. */
const SOCKETS_TRIED = 3;
/** And try a socket again after so many questions. */
const POLLS = 15;
const TYPING_EVERY = 3000;

export class UploadRefused extends Error {}

export class Client {
  readonly transcript = new Transcript();
  /** `off` never opened, `away` waiting to connect again. */
  line: Line = "off";
  readonly #server: string;
  readonly store: Store;
  readonly #ports: Ports;
  readonly #listener: Listener;
  #lang: string;
  #socket: Socket | null = null;
  #tries = 0;
  #unready = 0;
  #stopRetry = () => {};
  #stopSilence = () => {};
  #stopResend = () => {};
  #mayType = true;
  #polls = 0;

  constructor(server: string, lang: string, store: Store, ports: Ports, listener: Listener) {
    this.#server = server;
    this.#lang = lang;
    this.store = store;
    this.#ports = ports;
    this.#listener = listener;
    for (const message of store.pending()) this.transcript.add(message);
  }

  set lang(lang: string) {
    this.#lang = lang;
  }

  /** Connect now, unless it is being done. */
  start(): void {
    if (this.line === "on" || this.line === "connecting") return;
    this.#stopRetry();
    void this.#connect();
  }

  /** The page was shown again or the network came back: make sure that the line is alive. */
  wake(): void {
    if (this.line === "away") this.start();
    else if (this.line === "on" && this.#socket) this.#ask({ type: "ping" });
  }

  send(text: string, choice: string | null = null, attachments: Attachment[] = []): void {
    const message: Pending = { id: this.#ports.id(), text, attachments, at: this.#ports.now() };
    if (choice !== null) message.choice = choice;
    this.store.keep(message);
    this.transcript.add(message);
    this.#listener.changed();
    if (this.line === "on") this.#resend([message]);
    else this.start();
  }

  /** Try again now; what was refused for good is dropped. */
  retry(): void {
    for (const line of this.transcript.lines()) {
      if (line.fate === "refused") this.discard(line.key);
    }
    if (this.line === "on") this.#resend(this.store.pending());
    else this.start();
  }

  discard(id: string): void {
    this.store.drop(id);
    this.transcript.discard(id);
    this.#listener.changed();
  }

  typing(): void {
    if (!this.#mayType || !this.#socket || this.line !== "on") return;
    this.#mayType = false;
    this.#ports.after(TYPING_EVERY, () => (this.#mayType = true));
    this.#socket.send('{"type":"typing"}');
  }

  async upload(file: File): Promise<Attachment> {
    const form = new FormData();
    form.append("file", file);
    const answer = await this.#call("/attachments", { method: "POST", body: form });
    const body = (await answer.json()) as { id: string; name: string; media_type: string; title?: string };
    if (!answer.ok) throw new UploadRefused(body.title);
    return { id: body.id, name: body.name, media_type: body.media_type, size: file.size };
  }

  async download(id: string): Promise<Blob> {
    const answer = await this.#call(`/attachments/${encodeURIComponent(id)}`);
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.blob();
  }

  async #call(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { "Accept-Language": this.#lang, Authorization: `Bearer ${await this.#token()}`, ...init.headers };
    const answer = await this.#ports.fetch(`${this.#server}/chat/v1${path}`, { ...init, headers, credentials: "omit" });
    if (answer.status === 401) {
      this.#socket?.close();
      this.#lost(CLOSED.badToken);
    }
    return answer;
  }

  async #token(): Promise<string> {
    const known = this.store.get("token");
    if (known) return known;
    const answer = await this.#ports.fetch(`${this.#server}/chat/v1/visitors`, { method: "POST", credentials: "omit" });
    if (!answer.ok) throw new Error(String(answer.status));
    const { token } = (await answer.json()) as { token: string };
    this.store.put("token", token);
    return token;
  }

  async #connect(): Promise<void> {
    this.#become("connecting");
    try {
      const token = await this.#token();
      if (this.#unready >= SOCKETS_TRIED) await this.#poll();
      else this.#open(token);
    } catch {
      this.#failed();
    }
  }

  #open(token: string): void {
    const socket = this.#ports.socket(`${this.#server.replace(/^http/, "ws")}/chat/v1/socket`);
    this.#socket = socket;
    this.#unready += 1;
    this.#expect();
    socket.addEventListener("open", () =>
      socket.send(JSON.stringify({ type: "hello", token, since: this.transcript.since, lang: this.#lang })),
    );
    socket.addEventListener("message", (event) => {
      if (this.#socket !== socket) return;
      this.#stopSilence();
      this.#hear(JSON.parse(String(event.data)) as ServerFrame);
    });
    socket.addEventListener("close", (event) => {
      if (this.#socket === socket) this.#lost(event.code);
    });
  }

  #hear(frame: ServerFrame): void {
    if (frame.type === "message") {
      if (frame.author === "customer") this.store.drop(frame.id);
      if (this.transcript.receive(frame)) this.#listener.arrived(frame);
    } else if (frame.type === "ack") {
      this.store.drop(frame.id);
      this.transcript.acknowledge(frame.id, frame.seq);
    } else if (frame.type === "ready") {
      this.transcript.ready(frame.last_seq);
      this.#arrive();
    } else if (frame.type === "error") {
      this.#refused(frame.id, frame.title, frame.retry_after);
    } else if (frame.type !== "pong") {
      this.#listener.notice(frame);
    }
    this.#listener.changed();
  }

  #arrive(): void {
    this.#tries = 0;
    this.#unready = 0;
    this.#become("on");
    this.#resend(this.store.pending());
  }

  #refused(id: string | undefined, title: string, retryAfter: number | undefined): void {
    if (retryAfter !== undefined) {
      if (id !== undefined) this.transcript.mark(id, "waiting");
      this.#stopResend();
      this.#stopResend = this.#ports.after(retryAfter * 1000, () => this.#resend(this.store.pending()));
    } else if (id !== undefined) {
      this.store.drop(id);
      this.transcript.refuse(id, title);
    }
  }

  #resend(messages: Pending[]): void {
    for (const { id, text, choice, attachments } of messages) {
      const body = { id, text, choice, consent: this.store.get("consent"), attachments: attachments.map((it) => it.id) };
      this.transcript.mark(id, "sending");
      if (this.#socket) this.#ask({ type: "message", ...body });
      else void this.#post(body);
    }
    this.#listener.changed();
  }

  #ask(frame: object): void {
    this.#socket?.send(JSON.stringify(frame));
    this.#expect();
  }

  #expect(): void {
    this.#stopSilence();
    const socket = this.#socket;
    this.#stopSilence = this.#ports.after(SILENCE, () => {
      socket?.close();
      if (this.#socket === socket) this.#lost(0);
    });
  }

  #lost(code: number): void {
    this.#stopSilence();
    this.#stopResend();
    this.#stopRetry();
    this.#socket = null;
    if (code === CLOSED.badToken) {
      this.store.put("token", null);
      this.transcript.forget();
    }
    this.#become("away");
    // Sent away for being idle or one tab too many: come back when somebody looks, or writes.
    if (code === CLOSED.tooMany || (code === CLOSED.idle && !this.#ports.isVisible())) return;
    this.#stopRetry = this.#ports.after(backoff(this.#tries++, 1000, 30_000, this.#ports.chance), () => this.start());
  }

  async #post(body: { id: string }): Promise<void> {
    try {
      const init = { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
      const answer = await this.#call("/messages", init);
      const told = (await answer.json()) as { seq: number | null; title: string };
      const wait = Number(answer.headers.get("Retry-After")) || (answer.status >= 500 ? 5 : undefined);
      if (answer.ok) this.#hear({ type: "ack", id: body.id, seq: told.seq });
      else this.#refused(body.id, told.title, wait);
      this.#listener.changed();
    } catch {
      this.#failed();
    }
  }

  /** A plain request has failed, so sockets are not to blame: begin with one next time. */
  #failed(): void {
    this.#unready = 0;
    this.#lost(0);
  }

  async #poll(): Promise<void> {
    const answer = await this.#call(`/messages?since=${this.transcript.since}`);
    if (answer.status === 401) return;
    if (!answer.ok) throw new Error(String(answer.status));
    const page = (await answer.json()) as { messages: Message[]; last_seq: number };
    for (const message of page.messages) this.#hear({ type: "message", ...message });
    const isWhole = page.messages.length === 0 || this.transcript.since >= page.last_seq;
    if (isWhole && this.line !== "on") {
      this.#become("on");
      this.#resend(this.store.pending());
    }
    this.#stopRetry();
    this.#stopRetry = this.#ports.after(isWhole ? POLL : 0, () => {
      if (++this.#polls % POLLS !== 0) return void this.#poll().catch(() => this.#failed());
      this.#unready = SOCKETS_TRIED - 1;
      void this.#connect();
    });
  }

  #become(line: Line): void {
    this.line = line;
    this.#listener.changed();
  }
}
