/** What the open ticket owes, at a glance: a bar each, the first due on top; and what a late one asks for. */
import { useSignal } from "@preact/signals";
import { inTurn, standing } from "../bars";
import { useDesk } from "../desk";
import { Icon } from "../parts/icon";
import { dueWords, PromiseBar, stateWords } from "../parts/promise-bar";
import { minute, now } from "../state/now";
import { ticketState } from "../state/ticket";
import type { Ticket } from "../types";
import type { Owed } from "../types-ticket";
import { t, word } from "../words";
import "./promise-strip.css";

/** What somebody says is done; anything else is kept by doing it. */
export const BY_HAND = ["promised", "follow_up", "report", "verify", "review"];
/** On a phone the conversation needs the room. */
const most = () => (matchMedia("(max-width: 760px)").matches ? 1 : 2);

export function PromiseStrip({ ticket }: { ticket: Ticket }) {
  const { promises } = ticketState(useDesk());
  const isWhole = useSignal(false);
  const all = inTurn(promises.value.value?.promises ?? []);
  const owes = all.find((one) => one.kind === "explanation");
  const shown = all.filter((one) => one !== owes);
  if (!promises.value.value || all.length === 0) return null;
  const first = most();
  const visible = isWhole.value ? shown : shown.slice(0, first);
  return (
    <section class="strip" aria-label={t("strip.label")} data-testid="promise-strip">
      {owes && <ExplanationOwed promise={owes} />}
      <ul class="strip-list">
        {visible.map((one) => (
          <PromiseRow key={one.id} promise={one} ticket={ticket} />
        ))}
      </ul>
      {shown.length > first && (
        <button type="button" class="link strip-more" aria-expanded={isWhole.value} onClick={() => (isWhole.value = !isWhole.value)}>
          {isWhole.value ? t("strip.fewer") : t("strip.more", { n: shown.length - first })}
        </button>
      )}
      <LateSaid promises={shown} />
    </section>
  );
}

function PromiseRow({ promise, ticket }: { promise: Owed; ticket: Ticket }) {
  const { api, open, may, act } = ticketState(useDesk());
  const how = standing(promise, now.value);
  const mayVerify = promise.kind !== "verify" || may("ticket.urgency");
  return (
    <li class={`strip-row strip-${how}`} data-testid="promise-row" data-kind={promise.kind} data-state={how}>
      <p class="strip-words">
        <span class="strip-kind">{word("promise", promise.kind)}</span>
        {promise.text && <span class="strip-text">“{promise.text}”</span>}
        <span class="strip-due">{dueWords(promise)}</span>
        <strong class="strip-left">
          {how === "late" && <Icon name="warn" />}
          {stateWords(promise, now.value)}
        </strong>
      </p>
      <PromiseBar promise={promise} />
      {may("promise.keep") && (
        <p class="strip-do">
          {BY_HAND.includes(promise.kind) && mayVerify && (
            <button type="button" class="link" onClick={() => void act(api.keep(ticket.number, promise.id), "strip.kept")}>
              {t("strip.keep")}
            </button>
          )}
          <button type="button" class="link" data-testid="renegotiate" onClick={() => (open.value = { name: "renegotiate", id: promise.id })}>
            {t("strip.renegotiate")}
          </button>
        </p>
      )}
    </li>
  );
}

/** The ticket is late: why, and how it will be caught up, is owed itself. */
function ExplanationOwed({ promise }: { promise: Owed }) {
  const { open, may } = ticketState(useDesk());
  return (
    <p class="strip-explain" data-testid="explanation-owed">
      <Icon name="warn" />
      <span>
        {t("explain.owed")} <span class="strip-due">{stateWords(promise, minute.value)}</span>
      </span>
      {may("ticket.explain") && (
        <button type="button" class="button" data-testid="explain" onClick={() => (open.value = { name: "explain" })}>
          {t("explain.button")}
        </button>
      )}
    </p>
  );
}

/** Said aloud when one becomes late, and not each second. */
function LateSaid({ promises }: { promises: Owed[] }) {
  const late = promises.filter((one) => standing(one, minute.value) === "late").map((one) => word("promise", one.kind));
  return (
    <span class="unseen" role="status">
      {late.length > 0 && t("strip.lateSaid", { kinds: late.join(t("reason.list")) })}
    </span>
  );
}
