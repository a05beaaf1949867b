/** PURE: why something was done or is missing, as the gateway writes it down in English, in the agent's language. */
import catalogue from "../catalogue/reasons.json";
import { language, t, word } from "../words";

type Gaps = Record<string, string>;

interface Saying {
  pattern: RegExp;
  /** In Chinese and in English. */
  sentences: readonly [string, string];
}

/** Gaps that hold a reason of their own. */
const NESTED = new Set(["reason", "why"]);
/** Gaps that may hold more than one word. */
const WIDE = new Set([...NESTED, "words", "entry", "name", "span", "size", "again", "charset", "what"]);
const DEPTH = 3;

/** Mended on the way in: true, but no agent need know. */
const MENDED = /^charset .* was utf-8$|^a line among the header fields is none$/s;
const BEGINNING = /only its beginning was fetched$/;
const UNVERIFIED = "sender not verified";
const NO_END = "a multipart body has no end";

const SAYINGS: Saying[] = Object.entries(catalogue).map(([said, [zh, en]]) => ({
  pattern: patternOf(said),
  sentences: [zh ?? said, en ?? said],
}));

/** What a reason says; one that nobody has put into words here is shown as it is. */
export function reason(text: string): string {
  const pieces = text.split("; ");
  const known = pieces.map((piece) => translated(piece, 0));
  if (known.every((piece) => piece !== null)) return known.join(t("reason.and"));
  return translated(text, 0) ?? known.map((piece, i) => piece ?? pieces[i]).join(t("reason.and"));
}

/** What an agent must know of a message that did not come whole, unless a label says it already. */
export function worthSaying(problems: string[], labels: string[] = []): string[] {
  const isCut = problems.some((one) => BEGINNING.test(one));
  return problems.filter((one) => !MENDED.test(one) && !(isCut && one === NO_END) && !(one === UNVERIFIED && labels.includes("unverified")));
}

function translated(text: string, depth: number): string | null {
  for (const { pattern, sentences } of SAYINGS) {
    const found = pattern.exec(text);
    if (found) return filled(sentences[language.value === "en" ? 1 : 0], found.groups ?? {}, depth);
  }
  return parts(text);
}

/** The parts of an automatic message: "greeting, answer". */
function parts(text: string): string | null {
  const names = text.split(", ");
  const words = names.map((name) => word("part", name));
  return names.every((name, i) => words[i] !== name && words[i] !== "") ? words.join(t("reason.list")) : null;
}

function filled(sentence: string, gaps: Gaps, depth: number): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = gaps[name];
    if (value === undefined) return whole;
    if (NESTED.has(name)) return (depth < DEPTH ? translated(value, depth + 1) : null) ?? value;
    return word(name, value);
  });
}

function patternOf(said: string): RegExp {
  const escaped = said.replace(/[.*+?^$()[\]\\|]/g, "\\$&");
  const gaps = escaped.replace(/\{(\w+)\}/g, (_, name: string) => `(?<${name}>${WIDE.has(name) ? ".+?" : "\\S+?"})`);
  return new RegExp(`^${gaps}$`, "s");
}
