/** PURE: the figures on the board: what falls due when, and who has how much. */
import { standing } from "./bars";
import type { Presence } from "./types";
import type { OwedInList, Worker } from "./types-board";

/** Kinds that follow from another promise's being late: shown as its cause, not as a lateness of their own. */
const FOLLOWING = ["explanation"];

export interface Owing {
  late: OwedInList[];
  next: OwedInList[];
}

/** Each promise once, in the order of their times. */
export function merged(lists: OwedInList[][]): OwedInList[] {
  const found = new Map(lists.flat().map((one) => [one.id, one]));
  return [...found.values()].toSorted((a, b) => (a.due_at ?? "9999").localeCompare(b.due_at ?? "9999") || Number(a.id) - Number(b.id));
}

/** Late ones apart from those to come, each once, what was due first on top; the clock decides, not the list they came in. */
export function owing(lists: OwedInList[][], department: string, now: number): Owing {
  const found = merged(lists).filter((one) => (!department || one.department === department) && !FOLLOWING.includes(one.kind));
  return {
    late: found.filter((one) => standing(one, now) === "late"),
    next: found.filter((one) => ["calm", "warned"].includes(standing(one, now))),
  };
}

const MINUTE = 60_000;

/** How many fall due in each of the next spans of `minutes`. */
export function upcoming(next: OwedInList[], now: number, minutes: number, spans: number): number[] {
  const counts = Array.from({ length: spans }, () => 0);
  for (const one of next) {
    const at = Math.floor((Date.parse(one.due_at ?? "") - now) / (minutes * MINUTE));
    if (at >= 0 && at < spans) counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

/** Who takes a department's tickets: an agent without departments takes all. */
export function takers(people: Worker[], department: string): Worker[] {
  return people.filter((one) => one.departments.length === 0 || one.departments.includes(department));
}

/** Who is there first, and the fullest of them on top. */
export function byLoad(people: Worker[]): Worker[] {
  const ORDER: Presence[] = ["online", "away", "offline"];
  return people.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || b.load - a.load || a.number.localeCompare(b.number));
}

/** The mean load of those who are online; null where nobody is. */
export function meanLoad(people: Worker[]): number | null {
  const there = people.filter((one) => one.state === "online");
  return there.length ? there.reduce((sum, one) => sum + one.load, 0) / there.length : null;
}

/** `09:00-12:00, 13:00-18:00` as the interface takes it; an empty line is a free day. */
export function slotsOf(line: string): string[] {
  return line
    .replaceAll("：", ":")
    .replace(/\s*[-–—~～至]\s*/g, "-")
    .split(/[,，;；\s]+/)
    .map((one) => one.trim())
    .filter(Boolean);
}

/** Words apart by commas of either kind. */
export function wordsOf(line: string): string[] {
  return [...new Set(line.split(/[,，、;；]+/).map((one) => one.trim()).filter(Boolean))];
}
