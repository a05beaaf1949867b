/** Everybody who handles tickets: what they can do, when they work, how much they have; supervisors change it. */
import { useSignal } from "@preact/signals";
import { byLoad } from "../board-sums";
import { useDesk } from "../desk";
import { Fetched } from "../parts/fetched";
import { Icon } from "../parts/icon";
import { PersonDialog } from "../parts/person-dialog";
import { boardPages } from "../state/board-pages";
import { minute } from "../state/now";
import type { Worker } from "../types-board";
import { clockTime, departmentName, languageName, t, word } from "../words";
import { inHand, LoadBar } from "./board-load";
import "./board-people.css";

export function PeopleBoard() {
  const desk = useDesk();
  const { people, load } = boardPages(desk);
  const editing = useSignal<Worker | null>(null);
  const found = people.value.value;
  const departments = desk.session.me.value?.departments ?? [];
  return (
    <>
      <p class="knowledge-lead">{t("people.lead")}</p>
      <Fetched of={[people]} again={load} />
      {found && found.departments_without_people.length > 0 && (
        <p class="people-gap" role="status">
          <Icon name="warn" />
          {t("people.gap", { departments: found.departments_without_people.map((one) => departmentName(departments, one)).join(t("reason.list")) })}
        </p>
      )}
      <ul class="board-cards people" data-testid="people">
        {byLoad(found?.people ?? []).map((one) => (
          <PersonCard key={one.number} person={one} onEdit={() => (editing.value = one)} />
        ))}
      </ul>
      {editing.value && <PersonDialog person={editing.value} onClose={() => (editing.value = null)} />}
    </>
  );
}

function PersonCard({ person: one, onEdit }: { person: Worker; onEdit: () => void }) {
  const desk = useDesk();
  const { may } = boardPages(desk);
  const departments = desk.session.me.value?.departments ?? [];
  const names = (ids: string[]) => ids.map((id) => departmentName(departments, id)).join(t("reason.list"));
  const facts: [string, string][] = [
    [t("people.departments"), one.departments.length ? names(one.departments) : t("people.every")],
    [t("people.skills"), one.skills.join(t("reason.list")) || t("people.general")],
    [t("people.languages"), one.languages.map(languageName).join(t("reason.list")) || t("people.everyLanguage")],
    [t("people.inHand"), inHand(one)],
    [t("people.hours"), one.hours ? hoursWords(one.hours) : t("people.houseHours")],
    [t("people.tier"), t(one.line === 2 ? "people.tier.2" : "people.tier.1")],
    ...(one.supervises.length ? [[t("people.supervises"), names(one.supervises)] as [string, string]] : []),
  ];
  return (
    <li class="card person" data-testid="person" data-number={one.number}>
      <div class="board-head">
        <h3 class="board-title">
          <span class={`person-dot person-${one.state}`} aria-hidden="true" />
          <span>
            {t("list.owner", { name: one.name, number: one.number })} <span class="badge">{word("people.role", one.role)}</span>
          </span>
        </h3>
        {may("people.change") && (
          <button type="button" class="button" data-testid="edit-person" onClick={onEdit}>
            {t("people.edit")}
            <span class="unseen"> {one.name}</span>
          </button>
        )}
      </div>
      <p class="board-facts">
        <span>{word("presence", one.state)}</span>
        {one.back_at && <span>{t("people.backAt", { time: clockTime(one.back_at, minute.value) })}</span>}
        <span>{t(one.at_work ? "people.atWork" : "people.offWork")}</span>
        {one.notes.map((note) => (
          <span key={note} class="badge badge-warn">
            {word("people.note", note)}
          </span>
        ))}
      </p>
      <LoadBar load={one.load} />
      <dl class="person-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

/** Days with the same slots together: Mon–Fri 09:00-18:00. */
export function hoursWords(hours: string[][]): string {
  const runs: { from: number; until: number; slots: string }[] = [];
  hours.forEach((day, i) => {
    const slots = day.join(t("reason.list"));
    const last = runs.at(-1);
    if (last && last.slots === slots) last.until = i;
    else runs.push({ from: i, until: i, slots });
  });
  const named = runs.filter((one) => one.slots).map(({ from, until, slots }) => `${dayWord(from)}${until > from ? `–${dayWord(until)}` : ""} ${slots}`);
  return named.join(t("reason.and")) || t("people.noHours");
}

export function dayWord(day: number): string {
  return word("people.day", String(day + 1));
}
