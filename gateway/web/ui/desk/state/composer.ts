/** What is being written: one text and one set of files for each ticket, surviving every switch of ticket. */
import { type Signal, signal } from "@preact/signals";
import type { DraftKind, Drafts } from "../drafts";
import type { Attachment } from "../types";

/** Who else gets a reply by mail, as it was typed; null while nobody thinks of it. */
export interface Others {
  cc: string;
  bcc: string;
}

/** A time in a draft that the agent has confirmed: owed from the moment the reply is stored. */
export interface Given {
  text: string;
  due_at: string;
}

export function createComposer(drafts: Drafts) {
  const texts = new Map<string, Signal<string>>();
  const files = new Map<string, Signal<Attachment[]>>();
  const others = new Map<string, Signal<Others | null>>();
  const promises = new Map<string, Signal<Given[]>>();
  const blocks = new Map<string, Signal<string>>();
  const textOf = (number: string, kind: DraftKind) =>
    kept(texts, `${number}.${kind}`, () => drafts.read(number, kind));
  const filesOf = (number: string) => kept(files, number, () => [] as Attachment[]);
  const othersOf = (number: string) => kept(others, number, () => null as Others | null);
  const promisesOf = (number: string) => kept(promises, number, () => [] as Given[]);
  /** A phrase that keeps the reply from being sent as long as the draft holds it. */
  const blockOf = (number: string) => kept(blocks, number, () => "");
  const write = (number: string, kind: DraftKind, text: string) => {
    textOf(number, kind).value = text;
    drafts.write(number, kind, text);
  };
  return {
    textOf,
    filesOf,
    othersOf,
    promisesOf,
    blockOf,
    isBlocked: (number: string) => blockOf(number).value !== "" && textOf(number, "reply").value.includes(blockOf(number).value),
    write,
    /** An unsent reply becomes a draft again, before whatever has been written since. */
    takeBack: (number: string, text: string, attachments: Attachment[], cc: string[] = [], bcc: string[] = [], given: Given[] = []) => {
      const since = textOf(number, "reply").peek();
      write(number, "reply", since.trim() ? `${text}\n\n${since}` : text);
      if (cc.length + bcc.length) othersOf(number).value = { cc: cc.join(", "), bcc: bcc.join(", ") };
      promisesOf(number).value = [...given, ...promisesOf(number).peek()];
      filesOf(number).value = [...attachments, ...filesOf(number).peek()];
    },
    forget: () => {
      texts.clear();
      files.clear();
      others.clear();
      promises.clear();
      blocks.clear();
    },
  };
}

function kept<T>(all: Map<string, Signal<T>>, key: string, first: () => T): Signal<T> {
  const known = all.get(key) ?? signal(first());
  all.set(key, known);
  return known;
}
