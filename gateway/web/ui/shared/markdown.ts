/** PURE: the small part of Markdown that bots and agents use, as a tree; what is not understood stays text. */

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "strong" | "code"; text: string }
  | { kind: "link"; text: string; href: string };
export type Block = { kind: "lines"; lines: Inline[][] } | { kind: "list"; isNumbered: boolean; items: Inline[][] };

const ITEM = /^\s*(?:[-*•]|(\d{1,3})[.)、])\s+(.*)$/;
const HEADING = /^#{1,6}\s+(.*)$/;
// A bare address ends before closing punctuation, Chinese or not.
const INLINE =
  /\*\*(?<strong>[^*\n]+)\*\*|`(?<code>[^`\n]+)`|\[(?<label>[^[\]\n]+)\]\((?<target>[^\s()]+)\)|(?<bare>https?:\/\/[^\s<>"'，。；！？、（）【】]+[^\s<>"'，。；！？、（）【】.,;:!?)\]])/gu;
const SAFE = /^(?:https?:\/\/|mailto:|tel:)/i;

/** Blocks of a text with Markdown. */
export function blocks(text: string): Block[] {
  return grouped(text, inlines);
}

/** A customer's text: nothing is markup but addresses, and line breaks stay. */
export function plainBlocks(text: string): Block[] {
  return [{ kind: "lines", lines: text.split("\n").map(addresses) }];
}

/** One line with Markdown. */
export function inlines(text: string): Inline[] {
  const found: Inline[] = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) found.push({ kind: "text", text: text.slice(from, match.index) });
    found.push(inlineOf(match));
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ kind: "text", text: text.slice(from) });
  return found;
}

function addresses(text: string): Inline[] {
  const isBare = (one: Inline) => one.kind === "link" && one.text === one.href;
  const parts = inlines(text);
  return parts.every((one) => one.kind === "text" || isBare(one)) ? parts : [{ kind: "text", text }];
}

function inlineOf(match: RegExpMatchArray): Inline {
  const { strong, code, label, target, bare } = match.groups ?? {};
  if (strong !== undefined) return { kind: "strong", text: strong };
  if (code !== undefined) return { kind: "code", text: code };
  if (bare !== undefined) return { kind: "link", text: bare, href: bare };
  if (label !== undefined && target !== undefined && SAFE.test(target)) return { kind: "link", text: label, href: target };
  return { kind: "text", text: match[0] };
}

function grouped(text: string, read: (line: string) => Inline[]): Block[] {
  const found: Block[] = [];
  let isNew = true;
  for (const line of text.split("\n")) {
    const item = ITEM.exec(line);
    const heading = HEADING.exec(line);
    const last = found.at(-1);
    if (item) {
      const isNumbered = item[1] !== undefined;
      const content = read(item[2] ?? "");
      if (!isNew && last?.kind === "list" && last.isNumbered === isNumbered) last.items.push(content);
      else found.push({ kind: "list", isNumbered, items: [content] });
    } else if (heading) {
      found.push({ kind: "lines", lines: [[{ kind: "strong", text: heading[1] ?? "" }]] });
    } else if (line.trim() !== "") {
      if (!isNew && last?.kind === "lines") last.lines.push(read(line));
      else found.push({ kind: "lines", lines: [read(line)] });
    }
    isNew = line.trim() === "" || heading !== null;
  }
  return found;
}
