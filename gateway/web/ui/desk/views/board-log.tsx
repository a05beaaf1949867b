/** A phone call or a visit, written down into the same inbox as everything else. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { useDesk } from "../desk";
import { Fetched } from "../parts/fetched";
import { Field, formWords } from "../parts/field";
import { local } from "../parts/promise-dialogs";
import { writeRoute } from "../route";
import { boardPages } from "../state/board-pages";
import { now } from "../state/now";
import { departmentName, labelWords, t, word } from "../words";

const TYPES = ["presale", "aftersale", "complaint", "change", "suggestion"];
const URGENCIES = ["normal", "urgent", "critical"];

export function LogForm() {
  const desk = useDesk();
  const { channels, api, attempt, load } = boardPages(desk);
  const id = useRef(desk.ports.uuid());
  const isBusy = useSignal(false);
  const departments = desk.session.me.value?.departments ?? [];
  const found = channels.value.value;
  const send = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    if (isBusy.value) return;
    isBusy.value = true;
    const ticket = await attempt(api.log({ id: id.current, ...saidIn(event.currentTarget) }), ({ number }) => t("log.done", { number }));
    isBusy.value = false;
    if (ticket) location.hash = writeRoute({ view: "all", number: ticket.number });
  };
  return (
    <>
      <p class="knowledge-lead">{t("log.lead")}</p>
      <Fetched of={[channels]} again={load} />
      {found?.length === 0 && <p class="knowledge-says">{t("log.noChannels")}</p>}
      {found && found.length > 0 && (
        <form class="card board-form" onSubmit={(event) => void send(event)} data-testid="log-form">
          <Field id="channel" label={t("log.channel")}>
            <select id="channel" name="channel" required>
              {found.map((one) => (
                <option key={one.name} value={one.name}>
                  {labelWords(one.label) || one.name}
                </option>
              ))}
            </select>
          </Field>
          <Field id="at" label={t("log.at")}>
            <input id="at" name="at" type="datetime-local" required defaultValue={local(now.peek() - 60_000)} />
          </Field>
          <Field id="who" label={t("log.who")} hint={t("log.whoHint")}>
            <input id="who" name="who" type="text" required maxLength={60} autocomplete="off" aria-describedby="who-hint" />
          </Field>
          <Field id="name" label={t("log.name")}>
            <input id="name" name="name" type="text" maxLength={60} autocomplete="off" />
          </Field>
          <div class="wide">
            <Field id="text" label={t("log.text")} hint={t("log.textHint")}>
              <textarea id="text" name="text" required rows={4} maxLength={10_000} aria-describedby="text-hint" />
            </Field>
          </div>
          <Field id="answer" label={t("log.answer")} hint={t("log.answerHint")}>
            <textarea id="answer" name="answer" rows={3} maxLength={10_000} aria-describedby="answer-hint" />
          </Field>
          <Field id="outcome" label={t("log.outcome")} hint={t("log.outcomeHint")}>
            <textarea id="outcome" name="outcome" rows={3} maxLength={2_000} aria-describedby="outcome-hint" />
          </Field>
          <Field id="type" label={t("log.type")}>
            <Choice name="type" of={TYPES.map((one) => [one, word("type", one)])} />
          </Field>
          <Field id="urgency" label={t("log.urgency")}>
            <Choice name="urgency" of={URGENCIES.map((one) => [one, word("urgency", one)])} />
          </Field>
          <Field id="department" label={t("log.department")}>
            <Choice name="department" of={departments.map((one) => [one.id, departmentName(departments, one.id)])} />
          </Field>
          <fieldset class="ticks">
            <legend>{t("log.after")}</legend>
            <label>
              <input type="checkbox" name="take" defaultChecked />
              {t("log.take")}
            </label>
          </fieldset>
          <p class="board-do">
            <button type="submit" class="button button-main" disabled={isBusy.value} data-testid="log-submit">
              {t("log.submit")}
            </button>
          </p>
        </form>
      )}
    </>
  );
}

/** What nobody chooses the rules judge. */
function Choice({ name, of }: { name: string; of: [string, string][] }) {
  return (
    <select id={name} name={name}>
      <option value="">{t("log.byRules")}</option>
      {of.map(([value, said]) => (
        <option key={value} value={value}>
          {said}
        </option>
      ))}
    </select>
  );
}

/** The form as the interface takes it: a customer's number begins with a letter, a phone does not. */
export function saidIn(form: HTMLFormElement): Record<string, unknown> {
  const { who = "", name = "", at = "", take, channel, text = "", answer = "", outcome = "", ...judged } = formWords(form);
  const contact = /^[a-z]/i.test(who.trim()) ? { number: who.trim() } : { phone: who.trim(), name: name.trim() };
  const chosen = Object.fromEntries(Object.entries(judged).filter(([, value]) => value));
  return { channel, contact, at: new Date(at).toISOString(), text: text.trim(), answer: answer.trim(), outcome: outcome.trim(), take: take !== undefined, ...chosen };
}
