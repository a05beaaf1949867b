/** Keeps the newest message in sight for whoever is at the end, and everybody else where they are. */

export interface Box {
  scrollTop: number;
  readonly scrollHeight: number;
  readonly clientHeight: number;
}

const NEAR_PX = 48;

export class ScrollKeeper {
  isAtEnd = true;
  private top = 0;

  constructor(private readonly box: Box) {}

  /** It scrolled: the agent's doing, or that of a box or of messages which changed their height. */
  scrolled(): void {
    const { scrollTop } = this.box;
    // Nobody leaves the end but upwards.
    if (this.isAtEnd && scrollTop >= this.top) return this.toEnd();
    this.top = scrollTop;
    this.isAtEnd = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight <= NEAR_PX;
  }

  /** Something was added or the box changed its height. */
  grown(): void {
    if (this.isAtEnd) this.toEnd();
  }

  toEnd(): void {
    this.box.scrollTop = this.box.scrollHeight;
    this.top = this.box.scrollTop;
    this.isAtEnd = true;
  }
}
