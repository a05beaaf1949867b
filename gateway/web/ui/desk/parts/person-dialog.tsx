/** What somebody can do, when they work and how much they take; what is left empty is as the house has it. */
import { slotsOf, wordsOf } from "../board-sums";
import { useDesk } from "../desk";
import { boardPages } from "../state/board-pages";
import type { Worker } from "../types-board";
import { departmentName, t, word } from "../words";
import { dayWord } from "../views/board-people";
import { Field, formWords } from "./field";
import { FormDialog } from "./form-dialog";

const DAYS = [0, 1, 2, 3, 4, 5, 6];

export function PersonDialog({ person, onClose }: { person: Worker; onClose: () => void }) {
  const { api, act, people } = boardPages(useDesk());
  const house = people.value.value?.capacity ?? {};
  const send = (form: HTMLFormElement) => act(api.changePerson(person.number, changesOf(form, Object.keys(house))), "people.changed");
  return (
    <FormDialog name="person" title={t("people.editTitle", { name: person.name })} submit={t("people.save")} act={send} onClose={onClose}>
      <Departments name="departments" legend={t("people.departments")} hint={t("people.departmentsHint")} chosen={person.departments} />
      <Field id="skills" label={t("people.skills")} hint={t("people.skillsHint")}>
        <input id="skills" name="skills" type="text" aria-describedby="skills-hint" defaultValue={person.skills.join(", ")} />
      </Field>
      <Field id="languages" label={t("people.languages")} hint={t("people.languagesHint")}>
        <input id="languages" name="languages" type="text" aria-describedby="languages-hint" defaultValue={person.languages.join(", ")} />
      </Field>
      <div class="person-numbers">
        {Object.keys(house).map((kind) => (
          <Field key={kind} id={`capacity-${kind}`} label={t("people.capacity", { kind: word("load.kind", kind) })}>
            <input id={`capacity-${kind}`} name={`capacity-${kind}`} type="number" min={0} max={1000} required defaultValue={String(person.capacity[kind] ?? house[kind] ?? 0)} />
          </Field>
        ))}
      </div>
      <fieldset class="person-hours">
        <legend>{t("people.hours")}</legend>
        <span class="field-hint">{t("people.hoursHint")}</span>
        {DAYS.map((day) => (
          <label key={day}>
            {dayWord(day)}
            <input name={`day-${day}`} type="text" defaultValue={person.hours?.[day]?.join(", ") ?? ""} />
          </label>
        ))}
      </fieldset>
      <Field id="line" label={t("people.tier")}>
        <select id="line" name="line" defaultValue={String(person.line)}>
          {[1, 2].map((line) => (
            <option key={line} value={line} selected={line === person.line}>
              {t(line === 2 ? "people.tier.2" : "people.tier.1")}
            </option>
          ))}
        </select>
      </Field>
      <Departments name="supervises" legend={t("people.supervises")} chosen={person.supervises} />
    </FormDialog>
  );
}

function Departments({ name, legend, hint, chosen }: { name: string; legend: string; hint?: string; chosen: string[] }) {
  const departments = useDesk().session.me.value?.departments ?? [];
  return (
    <fieldset class="ticks">
      <legend>{legend}</legend>
      {departments.map((one) => (
        <label key={one.id}>
          <input type="checkbox" name={name} value={one.id} defaultChecked={chosen.includes(one.id)} />
          {departmentName(departments, one.id)}
        </label>
      ))}
      {hint && <span class="field-hint">{hint}</span>}
    </fieldset>
  );
}

/** The form as the interface takes it: a week without any hours is the house's. */
export function changesOf(form: HTMLFormElement, kinds: string[]): object {
  const said = formWords(form);
  const chosen = (name: string) => new FormData(form).getAll(name).map(String);
  const hours = DAYS.map((day) => slotsOf(said[`day-${day}`] ?? ""));
  return {
    departments: chosen("departments"),
    skills: wordsOf(said["skills"] ?? ""),
    languages: wordsOf(said["languages"] ?? ""),
    capacity: Object.fromEntries(kinds.map((kind) => [kind, Number(said[`capacity-${kind}`])])),
    hours: hours.some((day) => day.length) ? hours : null,
    line: Number(said["line"]),
    supervises: chosen("supervises"),
  };
}
