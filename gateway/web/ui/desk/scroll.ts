/** Keeps the newest message in sight for whoever is at the end, and everybody else where they are. */

export interface Box {
  scrollTop: number;
  readonly scrollHeight: number;
  readonly clientHeight: number;
}

const NEAR_PX = 48;

export class ScrollKeeper {
  isAtEnd = true;

  constructor(private readonly box: Box) {}

  /** The agent scrolled. */
  scrolled(): void {
    this.isAtEnd = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight <= NEAR_PX;
  }

  /** Something was added or the box changed its height. */
  grown(): void {
    if (this.isAtEnd) this.toEnd();
  }

  toEnd(): void {
    this.box.scrollTop = this.box.scrollHeight;
    this.isAtEnd = true;
  }
}
