/** The present, for all that ticks: one clock for the whole page, set right by the gateway's. */
import { computed, signal } from "@preact/signals";

/** Milliseconds since 1970 by the gateway's clock, moving once a second. */
export const now = signal(Date.now());

/** The present to the minute, for what need not be drawn each second. */
export const minute = computed(() => Math.floor(now.value / 60_000) * 60_000);

/** Move the clock each second, telling `tick` too. The result stops it. */
export function startClock(read: () => number, tick: () => void): () => void {
  const step = () => {
    now.value = read();
    tick();
  };
  step();
  const timer = setInterval(step, 1000);
  return () => clearInterval(timer);
}
