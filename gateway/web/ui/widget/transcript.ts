/** PURE: the messages of a thread in order, and those of ours on their way there. */
import type { Message } from "../shared/protocol";
import type { Pending } from "./store";

export type Fate = "sending" | "waiting" | "sent" | "refused";

export interface Line extends Pick<Message, "author" | "agent" | "text" | "choices" | "attachments" | "at"> {
  key: string;
  seq: number | null;
  fate: Fate;
  why?: string;
}

/** Takes what the server sends in any order and any number of times; shows each message once, in order of `seq`. */
export class Transcript {
  /** Everything up to here has been received: where to resume. */
  since = 0;
  readonly #known = new Map<number, Line>();
  readonly #pending = new Map<string, Line>();

  /** Confirmed messages by `seq`, then our own that are not confirmed yet. */
  lines(): Line[] {
    // oxlint-disable-next-line no-array-sort -- toSorted is missing in the browsers of older phones
    const known = [...this.#known.values()].sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
    return [...known, ...this.#pending.values()];
  }

  /** A message of ours, not yet acknowledged. */
  add(message: Pending): void {
    const { id, text, attachments, at } = message;
    const line: Line = { key: id, seq: null, fate: "sending", author: "customer", agent: null, text, choices: [], attachments, at };
    this.#pending.set(id, line);
  }

  /** A message from the server; false when it was known already. */
  receive(message: Message): boolean {
    const isNew = !this.#known.has(message.seq);
    if (message.author === "customer") this.#pending.delete(message.id);
    if (isNew) {
      const { seq, author, agent, text, choices, attachments, at } = message;
      this.#known.set(seq, { key: message.id, seq, fate: "sent", author, agent, text, choices, attachments, at });
    }
    this.#advance();
    return isNew;
  }

  /** The server has stored our message. */
  acknowledge(id: string, seq: number | null): void {
    const line = this.#pending.get(id);
    if (!line) return;
    line.fate = "sent";
    if (seq === null) return;
    this.#pending.delete(id);
    if (!this.#known.has(seq)) this.#known.set(seq, { ...line, seq });
    this.#advance();
  }

  /** The server could not take our message just now, or is being asked again. */
  mark(id: string, fate: "sending" | "waiting"): void {
    const line = this.#pending.get(id);
    if (line) line.fate = fate;
  }

  /** The server will never take our message. */
  refuse(id: string, why: string): void {
    const line = this.#pending.get(id);
    if (line) Object.assign(line, { fate: "refused", why });
  }

  /** Give up a message that was refused. */
  discard(id: string): void {
    this.#pending.delete(id);
  }

  /** The server has sent everything up to `last`. */
  ready(last: number): void {
    this.since = Math.max(this.since, last);
    this.#advance();
  }

  /** Begin anew as another visitor; what is on its way goes along. */
  forget(): void {
    this.since = 0;
    this.#known.clear();
  }

  #advance(): void {
    while (this.#known.has(this.since + 1)) this.since += 1;
  }
}
