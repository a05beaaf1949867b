/** Who has how much: departments with what waits, and agents with what they have in hand. */
import { byLoad, meanLoad, takers } from "../board-sums";
import { useDesk } from "../desk";
import { boardPages } from "../state/board-pages";
import type { Worker } from "../types-board";
import { departmentName, percent, t, word } from "../words";
import "./board-load.css";

export function Load({ department }: { department: string }) {
  const { session, tickets } = useDesk();
  const found = boardPages(useDesk()).people.value.value;
  if (!found) return null;
  const departments = (session.me.value?.departments ?? []).filter((one) => !department || one.id === department);
  const people = byLoad(department ? takers(found.people, department) : found.people);
  return (
    <section class="watch-part" aria-labelledby="load-title">
      <h3 id="load-title">{t("load.title")}</h3>
      <div class="load-tables">
        <table class="plain" data-testid="department-load">
          <caption>{t("load.departments")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("load.department")}</th>
              <th scope="col" class="plain-n">{t("load.waiting")}</th>
              <th scope="col" class="plain-n">{t("load.online")}</th>
              <th scope="col">{t("load.load")}</th>
            </tr>
          </thead>
          <tbody>
            {departments.map((one) => {
              const takes = takers(found.people, one.id);
              return (
                <tr key={one.id}>
                  <th scope="row">{departmentName(departments, one.id)}</th>
                  <td class="plain-n">{tickets.counts.value.departments?.[one.id] ?? 0}</td>
                  <td class="plain-n">{takes.filter((each) => each.state === "online").length}</td>
                  <td>{found.departments_without_people.includes(one.id) ? <span class="badge badge-late">{t("load.nobody")}</span> : <LoadBar load={meanLoad(takes)} />}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
        <table class="plain" data-testid="agent-load">
          <caption>{t("load.agents")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("load.agent")}</th>
              <th scope="col">{t("load.state")}</th>
              <th scope="col">{t("load.inHand")}</th>
              <th scope="col">{t("load.load")}</th>
            </tr>
          </thead>
          <tbody>
            {people.map((one) => (
              <tr key={one.number}>
                <th scope="row">{t("list.owner", { name: one.name, number: one.number })}</th>
                <td class="plain-word">{word("presence", one.state)}</td>
                <td>{inHand(one)}</td>
                <td>
                  <LoadBar load={one.load} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Chat 2/5 · Mail 1/20: in hand, and how many they take. */
export function inHand(one: Worker): string {
  const kinds = Object.entries(one.capacity);
  return kinds.map(([kind, most]) => t("load.of", { kind: word("load.kind", kind), n: one.in_hand[kind] ?? 0, most })).join(" · ");
}

/** How full somebody is; a department nobody of which is there has no load. */
export function LoadBar({ load }: { load: number | null }) {
  if (load === null) return <span class="watch-none">{t("load.away")}</span>;
  const how = load >= 1 ? "full" : load >= 0.75 ? "much" : "some";
  return (
    <span class={`load load-${how}`}>
      <span class="load-track" aria-hidden="true">
        <span class="load-fill" style={{ inlineSize: `${Math.min(1, load) * 100}%` }} />
      </span>
      <span class="load-n">{percent(load)}</span>
    </span>
  );
}
