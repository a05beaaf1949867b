/** Two tables: how often triage was right, and why things were late. */
import { useDesk } from "../desk";
import { Fetched } from "../parts/fetched";
import { boardPages } from "../state/board-pages";
import type { CausesReport, TriageReport } from "../types-board";
import { calendarDay, departmentName, labelWords, percent, t, word } from "../words";
import "./board-load.css"; // its tables

export function Reports() {
  const { causes, triage, may, load } = boardPages(useDesk());
  return (
    <>
      <Fetched of={may("metrics.see") ? [causes, triage] : [causes]} again={load} />
      {triage.value.value && <Triage report={triage.value.value} />}
      {causes.value.value && <Causes report={causes.value.value} />}
    </>
  );
}

const FAMILIES: Record<string, string> = { type: "type", urgency: "urgency", anomaly: "anomaly" };
const MOST_CONFUSED = 3;

function Triage({ report }: { report: TriageReport }) {
  const { session } = useDesk();
  const departments = session.me.value?.departments ?? [];
  const said = (field: string, value: string) => (field === "department" ? departmentName(departments, value) : FAMILIES[field] ? word(FAMILIES[field], value) : value);
  return (
    <section class="watch-part" aria-labelledby="triage-title">
      <h3 id="triage-title">{t("reports.triage")}</h3>
      <p class="knowledge-lead">{t("reports.triageLead", { since: calendarDay(report.since.slice(0, 10)), seen: report.seen, corrected: report.corrected })}</p>
      <table class="plain" data-testid="triage-report">
        <thead>
          <tr>
            <th scope="col">{t("reports.field")}</th>
            <th scope="col" class="plain-n">{t("reports.right")}</th>
            <th scope="col" class="plain-n">{t("reports.corrected")}</th>
            <th scope="col">{t("reports.confused")}</th>
          </tr>
        </thead>
        <tbody>
          {report.fields.map((one) => (
            <tr key={one.field}>
              <th scope="row">{word("reports.field", one.field)}</th>
              <td class="plain-n">{one.accuracy === null ? t("reports.nothing") : percent(one.accuracy)}</td>
              <td class="plain-n">{one.corrected}</td>
              <td>
                {one.confused
                  .slice(0, MOST_CONFUSED)
                  .map((each) => t("reports.instead", { said: said(one.field, each.said), holds: said(one.field, each.holds), n: each.count }))
                  .join(t("reason.and"))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Causes({ report }: { report: CausesReport }) {
  const { session } = useDesk();
  const departments = session.me.value?.departments ?? [];
  const late = Object.entries(report.late).map(([kind, n]) => t("reports.lateKind", { kind: word("promise", kind), n }));
  return (
    <section class="watch-part" aria-labelledby="causes-title">
      <h3 id="causes-title">{t("reports.causes")}</h3>
      <p class="knowledge-lead">
        {t("reports.causesLead", { since: calendarDay(report.since.slice(0, 10)), n: report.unexplained })} {late.join(t("reason.list"))}
      </p>
      <table class="plain" data-testid="causes-report">
        <thead>
          <tr>
            <th scope="col">{t("explain.cause")}</th>
            <th scope="col" class="plain-n">{t("reports.count")}</th>
            <th scope="col">{t("people.departments")}</th>
          </tr>
        </thead>
        <tbody>
          {report.causes
            .toSorted((a, b) => b.count - a.count)
            .map((one) => (
              <tr key={one.cause}>
                <th scope="row">{labelWords(one.label) || one.cause}</th>
                <td class="plain-n">{one.count}</td>
                <td>
                  {Object.entries(one.departments)
                    .map(([id, n]) => t("reports.lateKind", { kind: departmentName(departments, id), n }))
                    .join(t("reason.list"))}
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}
