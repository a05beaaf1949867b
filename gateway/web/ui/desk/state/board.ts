/** What the whole desk knows of the board: which page of it is open, and how many alarms nobody has taken note of. */
import { signal } from "@preact/signals";
import type { Api } from "../api";
import type { BoardPlace } from "../route";
import type { Me } from "../types";

export function createBoard(api: Api, me: () => Me | null) {
  /** Null while the desk shows something else. */
  const place = signal<BoardPlace | null>(null);
  const unseen = signal(0);
  /** Grows with whatever the pages may have to fetch anew for. */
  const heard = signal(0);
  const may = (right: string) => me()?.rights.includes(right) ?? false;
  /** A count that cannot be fetched stays as it was: the banner of the broken connection says why. */
  const load = async () => {
    heard.value++;
    if (!may("alarms.see")) return;
    const found = await api.call<{ alarms: unknown[] }>("GET", "/alarms?unseen=1").catch(() => null);
    if (found) unseen.value = found.alarms.length;
  };
  return {
    place,
    unseen,
    heard,
    may,
    load,
    /** Nobody is signed in any more. */
    forget: () => {
      unseen.value = 0;
    },
  };
}

export type Board = ReturnType<typeof createBoard>;
