/** Everything said on screen: catalogues, plurals, spans and clock times in the agent's language. */
import { signal } from "@preact/signals";
import type zhAccess from "./catalogue/access.zh-CN.json";
import type zhBoard from "./catalogue/board.zh-CN.json";
import type zhPrivacy from "./catalogue/privacy.zh-CN.json";
import type zhTicket from "./catalogue/ticket.zh-CN.json";
import type zh from "./catalogue/zh-CN.json";
import type { Shelf } from "./ports";
import type { Span } from "./time";

export type Language = "zh-CN" | "en";
/** What is said on the desk: at once (`desk`), and by what is fetched when it is first opened. */
export type Part = "desk" | "ticket" | "board" | "access" | "privacy";
export type Key = keyof typeof zh | keyof typeof zhTicket | keyof typeof zhBoard | keyof typeof zhAccess | keyof typeof zhPrivacy;
type Entry = string | { one?: string; other: string };
type Values = Record<string, string | number>;

type Catalogue = Record<string, Entry>;

const FETCH: Record<Part, Record<Language, () => Promise<{ default: Catalogue }>>> = {
  desk: { "zh-CN": () => import("./catalogue/zh-CN.json"), en: () => import("./catalogue/en.json") },
  access: { "zh-CN": () => import("./catalogue/access.zh-CN.json"), en: () => import("./catalogue/access.en.json") },
  board: { "zh-CN": () => import("./catalogue/board.zh-CN.json"), en: () => import("./catalogue/board.en.json") },
  privacy: { "zh-CN": () => import("./catalogue/privacy.zh-CN.json"), en: () => import("./catalogue/privacy.en.json") },
  ticket: { "zh-CN": () => import("./catalogue/ticket.zh-CN.json"), en: () => import("./catalogue/ticket.en.json") },
};
const catalogues: Partial<Record<Language, Catalogue>> = {};
const fetched = new Set<string>();
const parts = new Set<Part>(["desk"]);
const SHELF_KEY = "desk.language";

/** The agent's language: chosen once, else the browser's. */
export const language = signal<Language>("zh-CN");

/** Fetch what is said in a language: a page loads the one it speaks, and the other when it is asked for. */
export async function fetchWords(wanted: Language): Promise<void> {
  await Promise.all([...parts].map((part) => fetchPart(part, wanted)));
}

/** Fetch what another part says, in this language now and in each that is switched to later. */
export async function addWords(part: Part): Promise<void> {
  parts.add(part);
  await fetchWords(language.value);
}

async function fetchPart(part: Part, wanted: Language): Promise<void> {
  if (fetched.has(`${part} ${wanted}`)) return;
  const found = (await FETCH[part][wanted]()).default;
  catalogues[wanted] = { ...catalogues[wanted], ...found };
  fetched.add(`${part} ${wanted}`);
}

export async function chooseLanguage(shelf: Shelf, browser: string): Promise<void> {
  const kept = shelf.getItem(SHELF_KEY);
  const chosen = kept === "zh-CN" || kept === "en" ? kept : browser.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
  await fetchWords(chosen);
  language.value = chosen;
}

/** Rejected where the other language cannot be fetched: then everything stays as it is. */
export async function switchLanguage(shelf: Shelf): Promise<void> {
  const other = language.value === "en" ? "zh-CN" : "en";
  await fetchWords(other);
  language.value = other;
  shelf.setItem(SHELF_KEY, other);
}

/** The text for `key`; `{name}` is filled from `values`, and a plural is chosen by `n`. */
export function t(key: Key, values: Values = {}): string {
  return filled(catalogues[language.value]?.[key] ?? key, values);
}

/** The word for a value that the gateway chose (`word("status", "open")`), or the value itself if we have none yet. */
export function word(family: string, value: string | null | undefined): string {
  if (!value) return "";
  const entry = catalogues[language.value]?.[`${family}.${value}`];
  return entry === undefined ? value : filled(entry, {});
}

function filled(entry: Entry, values: Values): string {
  const text = typeof entry === "string" ? entry : plural(entry, Number(values["n"] ?? 0));
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

function plural(entry: { one?: string; other: string }, n: number): string {
  return (new Intl.PluralRules(language.value).select(n) === "one" ? entry.one : undefined) ?? entry.other;
}

/** A span in words, at a fineness that suits its length. */
export function spanWords({ d, h, m, s }: Span): string {
  if (d) return t("span.days", { d, h });
  if (h) return t("span.hours", { h, m });
  if (m >= 10) return t("span.wholeMinutes", { m });
  return m ? t("span.minutes", { m, s }) : t("span.seconds", { s });
}

/** 14:05; with the day unless it is today's. */
export function clockTime(instant: string, now: number): string {
  const isToday = new Date(instant).toDateString() === new Date(now).toDateString();
  return dated(instant, isToday ? "time" : "dayAndTime");
}

/** Saturday, 21 November. */
export function dayName(instant: string): string {
  return dated(instant, "dayName");
}

export function timeOfDay(instant: string): string {
  return dated(instant, "time");
}

/** Date and time in full, for titles and records. */
export function fullTime(instant: string): string {
  return dated(instant, "full");
}

/** Who did something, from the audit trail's word: `bot`, `system`, `customer`, `agent:1001`. */
export function actorName(actor: string | null): string {
  const [kind = "", number] = (actor ?? "").split(":");
  return number ? t("author.numbered", { name: word("author", kind), number }) : word("author", kind);
}

/** A customer by name, or by the number that agents call them by. */
export function contactName(contact: { number: string; name: string }): string {
  return contact.name || t("contact.unnamed", { number: contact.number });
}

/** The department's name in the agent's language, or its id. */
export function departmentName(departments: { id: string; label: Record<string, string> }[], id: string | null): string {
  const label = departments.find((one) => one.id === id)?.label;
  return label?.[language.value] ?? label?.["zh-CN"] ?? id ?? "";
}

/** Words that the house has put into languages itself (`*`: the same in each). */
export function labelWords(label: Record<string, string>): string {
  return label[language.value] ?? label["*"] ?? label["zh-CN"] ?? Object.values(label)[0] ?? "";
}

/** 93 %; never 100 for what is not certain. */
export function percent(share: number): string {
  const shown = share < 1 ? Math.min(share, 0.999) : 1;
  const digits = shown < 1 && shown > 0.99 ? 1 : 0;
  return new Intl.NumberFormat(language.value, { style: "percent", maximumFractionDigits: digits }).format(shown);
}

/** A day that has no hour and no zone: 2026-11-30. */
export function calendarDay(day: string): string {
  return new Intl.DateTimeFormat(language.value, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));
}

/** 简体中文, English: a language by its tag; of Chinese it is the script that readers tell apart. */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames([language.value], { type: "language" }).of(tag.replace(/^zh-CN$/, "zh-Hans").replace(/^zh-TW$/, "zh-Hant")) ?? tag;
  } catch {
    return tag;
  }
}

const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
const DAY = { month: "short", day: "numeric" } as const;
const SHAPES = {
  time: TIME,
  dayAndTime: { ...DAY, ...TIME },
  dayName: { ...DAY, weekday: "long" },
  full: { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" },
} as const;

// Making one of these costs a thousand times what using it does, and a conversation has thousands of times.
const formats = new Map<string, Intl.DateTimeFormat>();

function dated(instant: string, shape: keyof typeof SHAPES): string {
  const key = `${language.value} ${shape}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat(language.value, SHAPES[shape]);
  formats.set(key, format);
  return format.format(new Date(instant));
}
