/** How far the agent has read: a message counts as seen after it stood before their eyes for a moment. */
import type { Ports } from "./ports";

const READING_MS = 1000;

/** Replies carry `upTo`; the gateway refuses one written without having seen the customer's last message. */
export class Seen {
  upTo = 0;
  private shown = 0;
  private cancel = () => {};

  constructor(private readonly later: Ports["later"]) {}

  /** The agent has just opened the conversation, or has read what the guard showed: all up to `seq` is seen. */
  restart(seq: number): void {
    this.cancel();
    this.upTo = this.shown = seq;
  }

  /** `seq` is on screen now. Seen in a second, unless hidden before. */
  show(seq: number): void {
    if (seq <= this.shown) return;
    this.shown = seq;
    this.cancel();
    this.cancel = this.later(() => {
      this.upTo = Math.max(this.upTo, this.shown);
    }, READING_MS);
  }

  /** The newest messages left the screen: scrolled away, or another window is in front. */
  hide(): void {
    this.cancel();
    this.shown = this.upTo;
  }
}
