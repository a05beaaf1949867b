/** The stream of events, kept open: resumes after the last event heard, and says so when it cannot. */
import { backoff } from "../shared/backoff";
import type { EventStream, Ports } from "./ports";

export type Link = "connecting" | "live" | "broken";

export interface Heard {
  ticket: (data: unknown) => void;
  message: (data: unknown) => void;
  note: (data: unknown) => void;
  agent: (data: unknown) => void;
  channel: (data: unknown) => void;
  typing: (data: unknown) => void;
  /** What concerns the house more than one ticket: the pages that show it fetch it anew. */
  house: (data: unknown) => void;
}

const KINDS = ["ticket", "message", "note", "agent", "channel", "typing"] as const;
const HOUSE = ["alarm", "emergency", "handover", "shift"];
const CLOSED = 2;
/** A jump of the clock this long means that the machine slept and the connection may be dead without knowing it;
 * below it lies the slow timer of a tab in the background. */
const SLEPT_MS = 90_000;

/**
 * Keeps one EventSource alive.
 *
 * `whenFresh` is called whenever what is on screen may have gaps: at the first opening, after `reset`, and after a
 * reconnection before any event was heard. Otherwise the gateway replays what was missed by the last event's id.
 */
export class Live {
  private stream: EventStream | null = null;
  private lastId = "";
  private tries = 0;
  private cancel = () => {};
  private lastTick = 0;

  constructor(
    private readonly ports: Ports,
    private readonly heard: Heard,
    private readonly whenFresh: () => void,
    private readonly tell: (link: Link) => void,
  ) {}

  start(): void {
    this.stop();
    this.lastTick = this.ports.now();
    this.tell("connecting");
    const since = this.lastId ? `?since=${encodeURIComponent(this.lastId)}` : "";
    const stream = this.ports.events(`/api/v1/events${since}`);
    this.stream = stream;
    stream.addEventListener("open", () => this.opened());
    stream.addEventListener("error", () => this.failed(stream));
    for (const kind of KINDS) stream.addEventListener(kind, (event) => this.hear(kind, event));
    for (const kind of HOUSE) {
      stream.addEventListener(kind, (event) => {
        this.remember(event);
        this.heard.house(JSON.parse(event.data));
      });
    }
    stream.addEventListener("reset", (event) => {
      this.lastId = event.lastEventId;
      this.whenFresh();
    });
  }

  stop(): void {
    this.cancel();
    this.stream?.close();
    this.stream = null;
  }

  /** Forget where we were: the next start is a first one (another agent signed in). */
  forget(): void {
    this.stop();
    this.lastId = "";
  }

  /** Call about once a second: notices a machine that slept and connects anew. */
  tick(): void {
    const slept = this.ports.now() - this.lastTick > SLEPT_MS;
    this.lastTick = this.ports.now();
    if (slept && this.stream) this.start();
  }

  private opened(): void {
    this.tries = 0;
    this.tell("live");
    if (!this.lastId) this.whenFresh();
  }

  private hear(kind: (typeof KINDS)[number], event: MessageEvent<string>): void {
    this.remember(event);
    this.heard[kind](JSON.parse(event.data));
  }

  /** Called before it is acted on: an event that breaks the desk must not come back for ever. */
  private remember(event: MessageEvent<string>): void {
    if (event.lastEventId) this.lastId = event.lastEventId;
  }

  private failed(stream: EventStream): void {
    this.tell("broken");
    // The browser reconnects by itself unless the answer was no stream at all (gateway restarting, proxy's error page).
    if (stream.readyState !== CLOSED) return;
    this.stop();
    this.cancel = this.ports.later(() => this.start(), backoff(this.tries++));
  }
}
