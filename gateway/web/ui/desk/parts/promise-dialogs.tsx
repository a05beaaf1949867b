/** Saying why it is late and how it will be caught up; giving a promise a later time. */
import { useSignal } from "@preact/signals";
import { useDesk } from "../desk";
import { now } from "../state/now";
import { ticketState } from "../state/ticket";
import type { Owed } from "../types-ticket";
import { clockTime, labelWords, t, word } from "../words";
import { Field, formWords } from "./field";
import { FormDialog } from "./form-dialog";

export function ExplainDialog({ number, onClose }: { number: string; onClose: () => void }) {
  const { promises, api, act } = ticketState(useDesk());
  const causes = promises.value.value?.causes ?? [];
  const send = (form: HTMLFormElement) => {
    const { cause = "", plan = "" } = formWords(form);
    return act(api.explain(number, { cause, plan: plan.trim() }), "explain.done");
  };
  return (
    <FormDialog name="explain" title={t("explain.title")} submit={t("explain.submit")} act={send} onClose={onClose}>
      <fieldset class="choice choice-down">
        <legend>{t("explain.cause")}</legend>
        {causes.map((one, i) => (
          <label key={one.cause}>
            <input type="radio" name="cause" value={one.cause} required autofocus={i === 0} />
            {labelWords(one.label) || one.cause}
          </label>
        ))}
      </fieldset>
      <Field id="plan" label={t("explain.plan")} hint={t("explain.planHint")}>
        <textarea id="plan" name="plan" required rows={3} maxLength={2000} aria-describedby="plan-hint" />
      </Field>
    </FormDialog>
  );
}

const MINUTE = 60_000;
const LATER = [30, 60, 24 * 60];

export function RenegotiateDialog({ number, promise, onClose }: { number: string; promise: Owed; onClose: () => void }) {
  const { api, act } = ticketState(useDesk());
  const from = Math.max(now.value, promise.due_at ? Date.parse(promise.due_at) : 0);
  const at = useSignal(local(from + 60 * MINUTE));
  const chosen = new Date(at.value);
  const isAhead = !Number.isNaN(chosen.getTime()) && chosen.getTime() > now.value;
  const send = (form: HTMLFormElement) =>
    isAhead
      ? act(api.renegotiate(number, promise.id, { due_at: chosen.toISOString(), reason: (formWords(form)["reason"] ?? "").trim() }), "renegotiate.done")
      : Promise.resolve(false);
  return (
    <FormDialog name="renegotiate" title={t("renegotiate.title", { kind: word("promise", promise.kind) })} submit={t("renegotiate.submit")} act={send} onClose={onClose}>
      <p>{t("renegotiate.hint")}</p>
      <Field id="new-time" label={t("renegotiate.time")}>
        <input
          id="new-time"
          type="datetime-local"
          required
          autofocus
          value={at.value}
          aria-invalid={!isAhead}
          aria-describedby="new-time-said"
          onInput={(event) => (at.value = event.currentTarget.value)}
        />
        <span id="new-time-said" role="status" class={isAhead ? "field-hint" : "field-wrong"}>
          {isAhead ? t("promise.at", { time: clockTime(chosen.toISOString(), now.value) }) : t("renegotiate.past")}
        </span>
      </Field>
      <p class="later" role="group" aria-label={t("renegotiate.later")}>
        {LATER.map((minutes) => (
          <button key={minutes} type="button" class="button" onClick={() => (at.value = local(from + minutes * MINUTE))}>
            {t(`renegotiate.by.${minutes}` as "renegotiate.by.30")}
          </button>
        ))}
      </p>
      <Field id="reason" label={t("transfer.reason")}>
        <textarea id="reason" name="reason" required rows={2} maxLength={2000} />
      </Field>
    </FormDialog>
  );
}

/** An instant as the browser's field wants it: local, to the minute. */
export function local(at: number): string {
  const day = new Date(Math.ceil(at / MINUTE) * MINUTE);
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}T${two(day.getHours())}:${two(day.getMinutes())}`;
}

function two(n: number): string {
  return String(n).padStart(2, "0");
}
