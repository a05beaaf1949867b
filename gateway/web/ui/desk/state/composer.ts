/** What is being written: one text and one set of files for each ticket, surviving every switch of ticket. */
import { type Signal, signal } from "@preact/signals";
import type { DraftKind, Drafts } from "../drafts";
import type { Attachment } from "../types";

/** Who else gets a reply by mail, as it was typed; null while nobody thinks of it. */
export interface Others {
  cc: string;
  bcc: string;
}

export function createComposer(drafts: Drafts) {
  const texts = new Map<string, Signal<string>>();
  const files = new Map<string, Signal<Attachment[]>>();
  const others = new Map<string, Signal<Others | null>>();
  const textOf = (number: string, kind: DraftKind) =>
    kept(texts, `${number}.${kind}`, () => drafts.read(number, kind));
  const filesOf = (number: string) => kept(files, number, () => [] as Attachment[]);
  const othersOf = (number: string) => kept(others, number, () => null as Others | null);
  const write = (number: string, kind: DraftKind, text: string) => {
    textOf(number, kind).value = text;
    drafts.write(number, kind, text);
  };
  return {
    textOf,
    filesOf,
    othersOf,
    write,
    /** An unsent reply becomes a draft again, before whatever has been written since. */
    takeBack: (number: string, text: string, attachments: Attachment[], cc: string[] = [], bcc: string[] = []) => {
      const since = textOf(number, "reply").peek();
      write(number, "reply", since.trim() ? `${text}\n\n${since}` : text);
      if (cc.length + bcc.length) othersOf(number).value = { cc: cc.join(", "), bcc: bcc.join(", ") };
      filesOf(number).value = [...attachments, ...filesOf(number).peek()];
    },
    forget: () => {
      texts.clear();
      files.clear();
      others.clear();
    },
  };
}

function kept<T>(all: Map<string, Signal<T>>, key: string, first: () => T): Signal<T> {
  const known = all.get(key) ?? signal(first());
  all.set(key, known);
  return known;
}
