/** A world for tests: time moves only when told to, and the network is the gateway in memory. */
import type { FakeDesk, FakeEvent } from "../fake/fake-desk";
import type { EventStream, Ports } from "../ports";

export class FakeStream implements EventStream {
  readyState = 0;
  private readonly listeners = new Map<string, ((event: MessageEvent<string>) => void)[]>();

  constructor(readonly url: string) {}

  addEventListener(kind: string, heard: (event: MessageEvent<string>) => void): void {
    this.listeners.set(kind, [...(this.listeners.get(kind) ?? []), heard]);
  }

  close(): void {
    this.readyState = 2;
  }

  open(): void {
    this.readyState = 1;
    this.send("open", {});
  }

  /** The answer was no stream at all (`isFinal`), or the line broke and the browser tries again. */
  fail(isFinal: boolean): void {
    this.readyState = isFinal ? 2 : 0;
    this.send("error", {});
  }

  send(kind: string, data: unknown, id = ""): void {
    if (this.readyState === 2 && kind !== "error") return;
    const event = new MessageEvent<string>(kind, { data: JSON.stringify(data), lastEventId: id });
    for (const heard of this.listeners.get(kind) ?? []) heard(event);
  }
}

export class FakePorts implements Ports {
  time = Date.parse("2026-11-22T01:30:00Z");
  readonly streams: FakeStream[] = [];
  readonly kept = new Map<string, string>();
  private timers: { at: number; act: () => void }[] = [];
  private ids = 0;

  constructor(private readonly gateway: FakeDesk | null = null) {}

  shelf = {
    getItem: (key: string) => this.kept.get(key) ?? null,
    setItem: (key: string, value: string) => void this.kept.set(key, value),
    removeItem: (key: string) => void this.kept.delete(key),
  };

  fetch = (request: Request): Promise<Response> =>
    this.gateway ? this.gateway.handle(request) : Promise.reject(new TypeError("no network"));

  now = () => this.time;
  uuid = () => `id-${++this.ids}`;

  events = (url: string): FakeStream => {
    const stream = new FakeStream(url);
    this.streams.push(stream);
    return stream;
  };

  readonly saved: string[] = [];
  save = (_file: Blob, name: string) => void this.saved.push(name);
  later = (act: () => void, ms: number) => {
    const timer = { at: this.time + ms, act };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((one) => one !== timer);
    };
  };

  /** Let `ms` pass: what is due runs in order. */
  pass(ms: number): void {
    const until = this.time + ms;
    for (;;) {
      const next = this.timers.filter((one) => one.at <= until).toSorted((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.timers = this.timers.filter((one) => one !== next);
      this.time = Math.max(this.time, next.at);
      next.act();
    }
    this.time = until;
  }

  get stream(): FakeStream {
    const last = this.streams.at(-1);
    if (!last) throw new Error("no stream was opened");
    return last;
  }
}

/** Pass the gateway's events on to whichever stream is open, as the real one does. */
export function joined(gateway: FakeDesk, ports: FakePorts): void {
  gateway.listeners.add((event: FakeEvent) => ports.stream.send(event.kind, event.data, String(event.id)));
}

/** Wait until all that was begun in memory has come to its end. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((done) => setTimeout(done, 0));
}
