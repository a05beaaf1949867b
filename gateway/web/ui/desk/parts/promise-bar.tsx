/** A promise drawn as time: what counted, what stood still and why, when it warns, when it is due, what is late. */
import { useSignal } from "@preact/signals";
import { type Bar, barOf, dueOf, standing, type Stretch } from "../bars";
import { minute, now } from "../state/now";
import { reason } from "../state/reasons";
import { spanBetween } from "../time";
import type { Owed } from "../types-ticket";
import { clockTime, type Key, spanWords, t, timeOfDay, word } from "../words";
import "./promise-bar.css";

/** `promise` is open. The stretches with their reasons show while the pointer or the focus is on the bar. */
export function PromiseBar({ promise }: { promise: Owed }) {
  const isOpen = useSignal(false);
  const bar = barOf(promise, now.value);
  return (
    <div
      class="pbar"
      onMouseEnter={() => (isOpen.value = true)}
      onMouseLeave={() => (isOpen.value = false)}
      onKeyDown={(event) => {
        if (event.key === "Escape" && isOpen.value) isOpen.value = false;
      }}
    >
      <button
        type="button"
        class="pbar-track"
        aria-expanded={isOpen.value}
        onFocus={() => (isOpen.value = true)}
        onBlur={() => (isOpen.value = false)}
        onClick={() => (isOpen.value = true)}
        data-testid="promise-bar"
      >
        <span class="unseen">{t("pbar.says", { kind: word("promise", promise.kind), state: stateWords(promise, minute.value) })}</span>
        <Drawn bar={bar} />
      </button>
      {isOpen.value && <Reasons promise={promise} bar={bar} />}
    </div>
  );
}

function Drawn({ bar }: { bar: Bar }) {
  return (
    <span class="pbar-drawn" aria-hidden="true">
      <span class="pbar-ground">
        {bar.stretches.map((one) => (
          <span key={one.fromAt} class={`pbar-part pbar-${one.kind}`} style={{ insetInlineStart: `${one.from}%`, inlineSize: `${one.until - one.from}%` }} />
        ))}
      </span>
      {bar.warn !== null && <span class="pbar-mark pbar-warn-mark" style={{ insetInlineStart: `${bar.warn}%` }} />}
      {bar.due !== null && <span class="pbar-mark pbar-due-mark" style={{ insetInlineStart: `${bar.due}%` }} />}
      {bar.now !== null && <span class="pbar-mark pbar-now" style={{ insetInlineStart: `${bar.now}%` }} />}
    </span>
  );
}

function Reasons({ promise, bar }: { promise: Owed; bar: Bar }) {
  return (
    <div class="pbar-reasons" role="status">
      <ol>
        {bar.stretches.map((one) => (
          <li key={one.fromAt}>
            <span class={`pbar-key pbar-${one.kind}`} aria-hidden="true" />
            <span>
              <span class="pbar-when">{t("pbar.stretch", { from: timeOfDay(iso(one.fromAt)), until: timeOfDay(iso(one.untilAt)), span: spanWords(spanBetween(one.fromAt, one.untilAt)) })}</span>{" "}
              {stretchWords(one)}
            </span>
          </li>
        ))}
      </ol>
      <p class="pbar-rule">
        {t(`pbar.counts.${promise.counts}` as Key)} · {reason(promise.because)}
      </p>
    </div>
  );
}

function stretchWords(one: Stretch): string {
  const kind = word("pbar", one.kind);
  return one.kind === "paused" && one.because ? t("pbar.because", { kind, why: reason(one.because) }) : kind;
}

/** How a promise stands, in words: left, late, or why it stands still. */
export function stateWords(promise: Owed, at: number): string {
  const how = standing(promise, at);
  if (how === "paused") return promise.paused_because ? t("pbar.pausedFor", { why: reason(promise.paused_because) }) : word("pbar", "paused");
  const due = dueOf(promise, at);
  if (how === "late") return t("promise.short.late", { span: spanWords(spanBetween(due, at)) });
  return t("promise.short.due", { span: spanWords(spanBetween(at, due)) });
}

/** The clock time it is due at; while it stands still there is none. */
export function dueWords(promise: Owed): string {
  return promise.due_at ? t("promise.at", { time: clockTime(promise.due_at, minute.value) }) : t("pbar.noTime");
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
