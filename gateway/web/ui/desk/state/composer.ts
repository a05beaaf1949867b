/** What is being written: one text and one set of files for each ticket, surviving every switch of ticket. */
import { type Signal, signal } from "@preact/signals";
import type { DraftKind, Drafts } from "../drafts";
import type { Attachment } from "../types";

export function createComposer(drafts: Drafts) {
  const texts = new Map<string, Signal<string>>();
  const files = new Map<string, Signal<Attachment[]>>();
  const textOf = (number: string, kind: DraftKind) =>
    kept(texts, `${number}.${kind}`, () => drafts.read(number, kind));
  const filesOf = (number: string) => kept(files, number, () => [] as Attachment[]);
  const write = (number: string, kind: DraftKind, text: string) => {
    textOf(number, kind).value = text;
    drafts.write(number, kind, text);
  };
  return {
    textOf,
    filesOf,
    write,
    /** An unsent reply becomes a draft again, before whatever has been written since. */
    takeBack: (number: string, text: string, attachments: Attachment[]) => {
      const since = textOf(number, "reply").peek();
      write(number, "reply", since.trim() ? `${text}\n\n${since}` : text);
      filesOf(number).value = [...attachments, ...filesOf(number).peek()];
    },
    forget: () => {
      texts.clear();
      files.clear();
    },
  };
}

function kept<T>(all: Map<string, Signal<T>>, key: string, first: () => T): Signal<T> {
  const known = all.get(key) ?? signal(first());
  all.set(key, known);
  return known;
}
