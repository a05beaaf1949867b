/** Whether the customer of a ticket is writing just now: told again every few seconds while they do. */
import { signal } from "@preact/signals";
import type { Ports } from "../ports";

/** Longer than the gateway's pause between two words of it (3 s). */
const LASTS_MS = 5000;

export function createTyping(ports: Pick<Ports, "later">) {
  /** The number of the ticket whose customer writes; of several the last one heard. */
  const who = signal<string | null>(null);
  let cancel: (() => void) | null = null;

  const stop = () => {
    cancel?.();
    who.value = null;
  };

  return {
    who,
    heard: (number: string) => {
      cancel?.();
      who.value = number;
      cancel = ports.later(stop, LASTS_MS);
    },
    /** They have written, or nobody is signed in any more. */
    stop,
  };
}
