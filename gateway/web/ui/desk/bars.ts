/** PURE: a promise as a bar: where each stretch lies between its beginning and its end, in hundredths. */
import type { Owed } from "./types-ticket";

export interface Stretch {
  kind: "counting" | "warned" | "paused" | "late";
  from: number;
  until: number;
  fromAt: number;
  untilAt: number;
  because: string | null;
}

export interface Bar {
  stretches: Stretch[];
  /** Where it is due, where its warning lies, where the present is; null where there is no such place. */
  due: number | null;
  warn: number | null;
  now: number | null;
}

/** Of a late promise the time until it was due keeps at least this share of the bar, however late it is. */
const LEAST = 35;
export const OPEN = ["running", "paused"];

/** When it would be due: as the gateway says, or, while it stands still, if it ran on from now. */
export function dueOf(promise: Owed, now: number): number {
  if (promise.due_at) return Date.parse(promise.due_at);
  return now + Math.max(0, (promise.span_s ?? 0) - promise.used_s) * 1000;
}

/** How it stands: `warned` from its warning on, `late` from the instant it was due. */
export function standing(promise: Owed, now: number): "calm" | "warned" | "late" | "paused" | "settled" {
  if (!OPEN.includes(promise.state)) return "settled";
  if (promise.is_late || (promise.due_at !== null && Date.parse(promise.due_at) <= now)) return "late";
  if (promise.due_at === null) return "paused";
  return promise.warn_at !== null && Date.parse(promise.warn_at) <= now ? "warned" : "calm";
}

export function barOf(promise: Owed, now: number): Bar {
  const start = Date.parse(promise.started_at);
  const due = Math.max(dueOf(promise, now), start + 1);
  const until = promise.settled_at ? Date.parse(promise.settled_at) : now;
  const isLate = until > due;
  // Two scales meet where it is due, so that a promise late by days still shows how it came to be.
  const dueShare = isLate ? Math.max(LEAST, ((due - start) / (until - start)) * 100) : 100;
  const place = (at: number) => {
    if (at <= due) return round((Math.max(0, at - start) / (due - start)) * dueShare);
    return round(Math.min(100, dueShare + ((at - due) / Math.max(1, until - due)) * (100 - dueShare)));
  };
  const warnAt = promise.warn_at ? Date.parse(promise.warn_at) : null;
  const stretches = promise.segments.flatMap((one) => {
    const fromAt = Date.parse(one.from_at);
    const untilAt = one.until_at ? Date.parse(one.until_at) : Math.max(until, fromAt);
    const cuts = one.kind === "paused" ? [] : [warnAt, due].filter((at): at is number => at !== null && at > fromAt && at < untilAt);
    const ends = [fromAt, ...cuts, untilAt];
    return ends.slice(1).map((end, i) => {
      const begin = ends[i] ?? fromAt;
      const kind = one.kind === "paused" ? "paused" : begin >= due ? "late" : warnAt !== null && begin >= warnAt ? "warned" : "counting";
      return { kind, from: place(begin), until: place(end), fromAt: begin, untilAt: end, because: one.because } satisfies Stretch;
    });
  });
  return {
    stretches: stretches.filter((one) => one.untilAt > one.fromAt),
    due: isLate ? round(dueShare) : null,
    warn: warnAt !== null && warnAt > start && warnAt < due ? place(warnAt) : null,
    now: promise.settled_at ? null : place(now),
  };
}

function round(share: number): number {
  return Math.round(share * 100) / 100;
}

/** Open ones first, what is due first on top; one that stands still comes after those that run. */
export function inTurn(promises: readonly Owed[]): Owed[] {
  const open = promises.filter((one) => OPEN.includes(one.state));
  return open.toSorted((a, b) => (a.due_at ?? "9999").localeCompare(b.due_at ?? "9999") || Number(a.id) - Number(b.id));
}
