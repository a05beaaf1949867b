/** Unsent words, kept per ticket and kind on the agent's machine until they are sent. */
import type { Ports } from "./ports";

export type DraftKind = "reply" | "note";

/** Saves half a second after the last keystroke, and at once when told to; empty drafts leave no trace. */
export class Drafts {
  private waiting = new Map<string, { text: string; cancel: () => void }>();

  constructor(
    private readonly ports: Pick<Ports, "shelf" | "later">,
    private readonly agent: () => string,
  ) {}

  read(number: string, kind: DraftKind): string {
    const key = this.key(number, kind);
    return this.waiting.get(key)?.text ?? this.ports.shelf.getItem(key) ?? "";
  }

  write(number: string, kind: DraftKind, text: string): void {
    const key = this.key(number, kind);
    this.waiting.get(key)?.cancel();
    this.waiting.set(key, { text, cancel: this.ports.later(() => this.save(key), 500) });
  }

  /** Save what still waits: the page is about to go away. */
  flush(): void {
    for (const key of this.waiting.keys()) this.save(key);
  }

  private save(key: string): void {
    const found = this.waiting.get(key);
    if (!found) return;
    found.cancel();
    this.waiting.delete(key);
    if (found.text.trim()) this.ports.shelf.setItem(key, found.text);
    else this.ports.shelf.removeItem(key);
  }

  // The agent is part of the key: two people may share one machine, never their drafts.
  private key(number: string, kind: DraftKind): string {
    return `desk.draft.${this.agent()}.${number}.${kind}`;
  }
}
