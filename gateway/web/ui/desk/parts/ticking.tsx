/** Words that change by themselves: how long somebody waits, and how near a promise is. */
import { now } from "../state/now";
import { lateness, spanBetween } from "../time";
import type { DuePromise, Ticket } from "../types";
import { fullTime, type Key, spanWords, t, word } from "../words";
import { Icon } from "./icon";
import "./ticking.css";

export function Waiting({ ticket }: { ticket: Ticket }) {
  if (!ticket.waiting_on || !ticket.waiting_since) return null;
  const span = spanWords(spanBetween(Date.parse(ticket.waiting_since), now.value));
  return (
    <time class={`waiting waiting-${ticket.waiting_on}`} dateTime={ticket.waiting_since}>
      {t(`list.waiting.${ticket.waiting_on}` as Key, { span })}
    </time>
  );
}

/** `isShort` leaves out what was promised. A late one is red and says so. */
export function PromiseChip({ promise, isShort = false }: { promise: DuePromise; isShort?: boolean }) {
  const how = lateness(promise, now.value);
  const due = Date.parse(promise.due_at);
  const isRunning = promise.state === "running";
  const span = spanWords(how === "late" ? spanBetween(due, now.value) : spanBetween(now.value, due));
  const kind = word("promise", promise.kind);
  const side = how === "late" ? "late" : "due";
  const words = isRunning ? t(`promise${isShort ? ".short" : ""}.${side}` as Key, { kind, span }) : t(`promise.${promise.state}` as Key, { kind });
  return (
    <time class={`promise promise-${how}`} dateTime={promise.due_at} title={t("promise.at", { time: fullTime(promise.due_at) })}>
      <Icon name={how === "late" ? "warn" : how === "settled" ? "check" : "clock"} />
      {words}
    </time>
  );
}
