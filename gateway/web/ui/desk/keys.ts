/** Single keys and two-key sequences (`g` then `q`), silent while the agent is typing. */

export type Shortcuts = Record<string, () => void>;

/** Feeds on keydown events; `isOn` lets an agent who speaks to the machine switch single keys off (WCAG 2.1.4). */
export class Keys {
  private prefix = "";
  private prefixAt = 0;

  constructor(
    private readonly shortcuts: Shortcuts,
    private readonly isOn: () => boolean,
    private readonly now: () => number,
  ) {}

  /** True if the key did something; the caller then prevents what the browser would do. */
  press(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "target">): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.isOn() || isTyping(event.target)) return false;
    const isSequence = this.prefix && this.now() - this.prefixAt < SEQUENCE_MS;
    const pressed = isSequence ? `${this.prefix} ${event.key}` : event.key;
    this.prefix = "";
    const act = this.shortcuts[pressed];
    if (act) {
      act();
      return true;
    }
    if (Object.keys(this.shortcuts).some((key) => key.startsWith(`${pressed} `))) {
      this.prefix = pressed;
      this.prefixAt = this.now();
      return true;
    }
    return false;
  }
}

const SEQUENCE_MS = 1500;

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, dialog, [contenteditable]") !== null;
}
