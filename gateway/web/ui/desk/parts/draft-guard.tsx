/** Below a draft: the times in it that can be confirmed as promises, and words that the house does not use. */
import { useEffect, useMemo } from "preact/hooks";
import { useDesk } from "../desk";
import { Guard, isReplaceable } from "../state/guard";
import { ticketState } from "../state/ticket";
import type { CheckedDraft, DraftProblem, FoundPromise } from "../types-ticket";
import { type Key, t } from "../words";
import { COMPOSER_ID } from "./composer";
import { Icon } from "./icon";
import "./draft-guard.css";

export function DraftGuard({ number }: { number: string }) {
  const desk = useDesk();
  const { composer, ports, writing } = desk;
  const { api } = ticketState(desk);
  const guard = useMemo(() => new Guard(number, api, ports, composer), [number]);
  const text = composer.textOf(number, "reply").value;
  useEffect(() => guard.typed(text), [guard, text]);
  useEffect(() => () => guard.stop(), [guard]);

  const mend = (problem: DraftProblem) => {
    const mended = guard.mended(problem);
    if (mended === null) return;
    const place = text.indexOf(problem.text) + problem.better.length;
    writing.typed(number, "reply", mended);
    ports.later(() => {
      const field = document.getElementById(COMPOSER_ID) as HTMLTextAreaElement | null;
      field?.focus();
      field?.setSelectionRange(place, place);
    }, 0);
  };
  useEffect(() => {
    const field = document.getElementById(COMPOSER_ID);
    const press = (event: KeyboardEvent) => {
      if (event.key !== "Enter" || !event.altKey) return;
      event.preventDefault();
      const found = guard.found.peek();
      const problem = found?.problems.find(isReplaceable);
      const promise = found?.promises.find((one) => !guard.isConfirmed(one));
      if (problem) mend(problem);
      else if (promise) guard.toggle(promise);
    };
    field?.addEventListener("keydown", press);
    return () => field?.removeEventListener("keydown", press);
  });

  const found = guard.found.value;
  if (!found || found.promises.length + found.problems.length === 0) return null;
  return (
    <section class="draft-guard" aria-label={t("guard.label")} data-testid="draft-guard">
      <span class="unseen" role="status">
        {t("guard.found", { promises: found.promises.length, problems: found.problems.length })}
      </span>
      <ul>
        {found.problems.map((one, i) => (
          <ProblemLine key={i} problem={one} blocks={found.blocks} mend={() => mend(one)} />
        ))}
        {found.promises.map((one) => (
          <PromiseLine key={one.text + one.due_at} promise={one} isConfirmed={guard.isConfirmed(one)} toggle={() => guard.toggle(one)} />
        ))}
      </ul>
      {hasNext(found, guard) && <span class="draft-key">{t("guard.key")}</span>}
    </section>
  );
}

function ProblemLine({ problem, blocks, mend }: { problem: DraftProblem; blocks: boolean; mend: () => void }) {
  const isBlocking = blocks && problem.kind === "banned";
  return (
    <li class={isBlocking ? "draft-blocks" : "draft-doubt"} data-kind={problem.kind}>
      <Icon name="warn" />
      <span role={isBlocking ? "alert" : undefined}>
        {isBlocking ? t("guard.blocked", { text: problem.text }) : <><strong>“{problem.text}”</strong> {t(`guard.kind.${problem.kind}` as Key)}</>}
        {!isReplaceable(problem) && problem.better && <span class="draft-advice">{problem.better}</span>}
      </span>
      {isReplaceable(problem) && (
        <button type="button" class="link" onClick={mend}>
          {t("guard.replace", { better: problem.better })}
        </button>
      )}
    </li>
  );
}

function PromiseLine({ promise, isConfirmed, toggle }: { promise: FoundPromise; isConfirmed: boolean; toggle: () => void }) {
  return (
    <li class={isConfirmed ? "draft-promise draft-confirmed" : "draft-promise"} data-testid="draft-promise">
      <Icon name={isConfirmed ? "check" : "clock"} />
      <span>
        {t("guard.promise", { text: promise.text, time: promise.label })}
        {isConfirmed && <span class="draft-advice">{t("guard.confirmed")}</span>}
      </span>
      <button type="button" class="link" aria-pressed={isConfirmed} onClick={toggle}>
        {t(isConfirmed ? "guard.undo" : "guard.confirm")}
      </button>
    </li>
  );
}

function hasNext(found: CheckedDraft, guard: Guard): boolean {
  return found.problems.some(isReplaceable) || found.promises.some((one) => !guard.isConfirmed(one));
}
