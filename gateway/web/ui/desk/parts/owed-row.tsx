/** One promise on the board: what is owed, by whom, how late or how soon, and why. */
import type { ComponentChildren } from "preact";
import { standing } from "../bars";
import { useDesk } from "../desk";
import { writeRoute } from "../route";
import { now } from "../state/now";
import { reason } from "../state/reasons";
import type { OwedInList } from "../types-board";
import type { Cause } from "../types-ticket";
import { departmentName, labelWords, t, word } from "../words";
import { Icon } from "./icon";
import "./owed-row.css";
import { dueWords, stateWords } from "./promise-bar";

/** `onMove` offers to pass the ticket on; `children` are further things to do. */
export function OwedRow({ owed, causes, onMove, children }: { owed: OwedInList; causes: Cause[]; onMove?: (ticket: string) => void; children?: ComponentChildren }) {
  const { session } = useDesk();
  const how = standing(owed, now.value);
  const departments = session.me.value?.departments ?? [];
  return (
    <li class={`owed owed-${how}`} data-owed={owed.ticket} data-kind={owed.kind} data-testid="owed">
      <p class="owed-time">
        <strong>
          {how === "late" && <Icon name="warn" />}
          {stateWords(owed, now.value)}
        </strong>
        <span>{dueWords(owed)}</span>
      </p>
      <div class="owed-what">
        <p class="owed-line">
          <a href={writeRoute({ view: "all", number: owed.ticket })}>
            <strong>{word("promise", owed.kind)}</strong> <span class="owed-subject">{owed.text ? `“${owed.text}”` : owed.subject || owed.ticket}</span>
          </a>
          {owed.urgency !== "normal" && <span class={`badge badge-${owed.urgency}`}>{word("urgency", owed.urgency)}</span>}
        </p>
        <p class="owed-facts">
          <span>{owed.ticket}</span>
          <span>{departmentName(departments, owed.department)}</span>
          <span>{owed.agent ? t("list.owner", { name: owed.agent.name, number: owed.agent.number }) : t("list.nobody")}</span>
        </p>
        <Why owed={owed} causes={causes} isLate={how === "late"} />
      </div>
      <div class="owed-do">
        {children}
        {onMove && (
          <button type="button" class="button" aria-keyshortcuts="t" data-testid="move" onClick={() => onMove(owed.ticket)}>
            <Icon name="swap" />
            {t("act.transfer")}
            <span class="unseen"> {owed.ticket}</span>
          </button>
        )}
      </div>
    </li>
  );
}

/** Why it is late, or that nobody has said so; and how far it has been raised. */
function Why({ owed, causes, isLate }: { owed: OwedInList; causes: Cause[]; isLate: boolean }) {
  if (!isLate && owed.escalation === 0) return null;
  const label = causes.find((one) => one.cause === owed.cause)?.label;
  return (
    <p class="owed-why" data-testid="why">
      {isLate && owed.cause_owed && <span class="badge badge-late">{t("late.causeOwed")}</span>}
      {isLate && !owed.cause_owed && owed.cause && <span>{t("late.cause", { cause: label ? labelWords(label) : owed.cause })}</span>}
      {owed.escalation > 0 && (
        <span class="owed-raised">
          {t(owed.escalation > 1 ? "late.raisedTwice" : "late.raised")}
          {owed.escalated_because && t("late.because", { why: reason(owed.escalated_because) })}
        </span>
      )}
    </p>
  );
}
