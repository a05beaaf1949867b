/** What each key does on the desk. */
import type { Desk } from "./desk";
import type { Shortcuts } from "./keys";
import { COMPOSER_ID } from "./parts/composer";
import { writeBoard, writeKnowledge } from "./route";
import { SEARCH_ID } from "./views/list";

export function shortcuts(desk: Desk): Shortcuts {
  const { tickets, conversation, knowledge, mailroom, board, actions, dialog, tab, ports } = desk;
  const focusSoon = (find: () => HTMLElement | null) => ports.later(() => find()?.focus(), 0);
  const step = (by: number) => {
    if (knowledge.place.value || mailroom.place.value || board.place.value) return;
    const list = tickets.list.value;
    const at = list.findIndex((one) => one.number === conversation.number.value);
    const to = list[Math.min(list.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    if (!to) return;
    desk.go({ number: to.number });
    focusSoon(() => document.querySelector<HTMLElement>(`[data-ticket="${CSS.escape(to.number)}"]`));
  };
  const write = (kind: "reply" | "note") => {
    if (!conversation.ticket.value) return;
    tab.value = kind;
    focusSoon(() => document.getElementById(COMPOSER_ID));
  };
  const isDone = () => ["resolved", "closed"].includes(conversation.ticket.value?.status ?? "closed");
  return {
    j: () => step(1),
    k: () => step(-1),
    r: () => write("reply"),
    n: () => write("note"),
    c: () => {
      const ticket = conversation.ticket.value;
      if (ticket && !ticket.agent && !isDone()) void actions.claim(ticket);
    },
    t: () => {
      if (!isDone()) dialog.value = "transfer";
    },
    e: () => {
      if (!isDone()) dialog.value = "resolve";
    },
    "/": () => focusSoon(() => document.getElementById(SEARCH_ID)),
    "?": () => {
      dialog.value = "keys";
    },
    "g q": () => desk.go({ view: "unassigned", number: null }),
    "g m": () => desk.go({ view: "mine", number: null }),
    "g a": () => desk.go({ view: "all", number: null }),
    "g b": () => {
      location.hash = writeBoard("late");
    },
    "g k": () => {
      location.hash = writeKnowledge({ page: "entries", item: null });
    },
  };
}
