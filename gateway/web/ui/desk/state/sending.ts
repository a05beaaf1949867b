/** Replies on their way: sent, refused because something arrived first, or failed and waiting for a retry. */
import { signal } from "@preact/signals";
import { type Api, missedIn, Problem } from "../api";
import type { Ports } from "../ports";
import type { Attachment, Me, Message } from "../types";
import type { Given } from "./composer";
import type { Conversation } from "./conversation";
import { inWords } from "./notices";

/** A reply that the gateway has not taken yet. `stale`: `missed` arrived before it and must be read first. */
export interface Unsent {
  id: string;
  number: string;
  text: string;
  attachments: Attachment[];
  cc?: string[];
  bcc?: string[];
  promises?: Given[];
  state: "sending" | "failed" | "stale";
  why: string;
  missed: Message[];
}

export function createSending(
  api: Api,
  ports: Pick<Ports, "uuid" | "now" | "shelf">,
  conversation: Conversation,
  me: () => Me | null,
) {
  const unsent = signal<Unsent[]>([]);
  const shelfKey = () => `desk.unsent.${me()?.agent.login ?? ""}`;
  // Also on the shelf, so that a reply survives a crash of the browser between pressing "send" and the 202.
  const keep = (all: Unsent[]) => {
    unsent.value = all;
    if (all.length) ports.shelf.setItem(shelfKey(), JSON.stringify(all));
    else ports.shelf.removeItem(shelfKey());
  };
  const drop = (id: string) => keep(unsent.value.filter((one) => one.id !== id));
  const put = (changed: Unsent) => {
    const isKnown = unsent.value.some((one) => one.id === changed.id);
    keep(isKnown ? unsent.value.map((one) => (one.id === changed.id ? changed : one)) : [...unsent.value, changed]);
  };

  const post = async (reply: Unsent, seenSeq: number) => {
    put({ ...reply, state: "sending", why: "", missed: [] });
    const attachments = reply.attachments.map((one) => one.id);
    try {
      const { id, text, cc, bcc, promises } = reply;
      const others = cc?.length || bcc?.length ? { cc: cc ?? [], bcc: bcc ?? [] } : {};
      const taken = await api.reply(reply.number, { id, text, seen_seq: seenSeq, attachments, ...others, ...(promises?.length ? { promises } : {}) });
      drop(reply.id);
      if (conversation.number.value === reply.number) showAtOnce(reply, taken.seq);
    } catch (error) {
      const isStale = error instanceof Problem && error.code === "stale_view";
      const missed = isStale ? missedIn(error) : [];
      if (conversation.number.value === reply.number) missed.forEach(conversation.applyMessage);
      put({ ...reply, state: isStale ? "stale" : "failed", why: isStale ? "" : inWords(error), missed });
    }
  };

  // Its event may already have come, with a later state of its delivery: then that one stays.
  const showAtOnce = (reply: Unsent, seq: number) => {
    const messages = conversation.page.value?.messages ?? [];
    if (messages.some((one) => one.id === reply.id || one.seq === seq)) return;
    conversation.applyMessage(asMessage(reply, seq, me(), new Date(ports.now()).toISOString()));
  };

  /** What the guard showed counts as read, wherever the log itself is scrolled to. */
  const hasRead = (reply: Unsent) => {
    const read = Math.max(conversation.seen.upTo, ...reply.missed.map((one) => one.seq));
    conversation.seen.restart(read);
    return read;
  };

  return {
    unsent,
    drop,
    /** What the last visit left unsent, as failed: the agent decides; a retry under the same id never doubles. */
    restore: () => {
      const kept = JSON.parse(ports.shelf.getItem(shelfKey()) ?? "[]") as Unsent[];
      unsent.value = kept.map((one) => ({ ...one, state: "failed", missed: [] }));
    },
    /** Nobody is signed in any more; what is on the shelf stays there. */
    forget: () => {
      unsent.value = [];
    },
    send: (number: string, text: string, attachments: Attachment[], others: { cc?: string[]; bcc?: string[]; promises?: Given[] } = {}) =>
      post(
        { id: ports.uuid(), number, text, attachments, ...others, state: "sending", why: "", missed: [] },
        conversation.seenSeq(),
      ),
    /** The same id again: if the first try did arrive after all, the gateway answers as it did then. */
    again: (reply: Unsent) => post(reply, conversation.seenSeq()),
    /** The agent has read what arrived and sends all the same. */
    sendAfterReading: (reply: Unsent) => post(reply, hasRead(reply)),
    /** The agent has read what arrived and writes something else: it must not be held up for the same again. */
    dropAfterReading: (reply: Unsent) => {
      hasRead(reply);
      drop(reply.id);
    },
  };
}

export type Sending = ReturnType<typeof createSending>;

function asMessage(reply: Unsent, seq: number, me: Me | null, at: string): Message {
  return {
    seq,
    id: reply.id,
    author: "agent",
    agent: me?.agent ?? null,
    text: reply.text,
    html: null,
    choices: [],
    attachments: reply.attachments,
    at,
    because: null,
    edited: false,
    delivery: { state: "due", error: null },
    problems: [],
    labels: [],
    more: false,
    raw: false,
  };
}
