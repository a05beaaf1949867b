/** PURE: spans between instants, and what they mean for a promise. */
import type { DuePromise } from "./types";

export interface Span {
  d: number;
  h: number;
  m: number;
  s: number;
}

/** What has passed between two instants in milliseconds; never negative. */
export function spanBetween(from: number, to: number): Span {
  const seconds = Math.max(0, Math.floor((to - from) / 1000));
  return {
    d: Math.floor(seconds / 86_400),
    h: Math.floor(seconds / 3600) % 24,
    m: Math.floor(seconds / 60) % 60,
    s: seconds % 60,
  };
}

export type Lateness = "calm" | "soon" | "late" | "settled";

/** A promise is `soon` in its last quarter of an hour. One that no longer runs is `settled`, unless it was broken. */
export function lateness(promise: DuePromise, now: number): Lateness {
  if (promise.state === "broken") return "late";
  if (promise.state !== "running") return "settled";
  const left = Date.parse(promise.due_at) - now;
  return left <= 0 ? "late" : left <= SOON_MS ? "soon" : "calm";
}

const SOON_MS = 15 * 60_000;
