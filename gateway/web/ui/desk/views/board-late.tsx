/** The supervisor's board: what is late and why, what will be next, and who has how much. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { owing, upcoming } from "../board-sums";
import { useDesk } from "../desk";
import { Fetched } from "../parts/fetched";
import { OwedRow } from "../parts/owed-row";
import { TransferDialog } from "../parts/transfer-dialog";
import { boardPages } from "../state/board-pages";
import { minute } from "../state/now";
import type { Ticket } from "../types";
import { departmentName, t } from "../words";
import { Load } from "./board-load";
import "./board-late.css";

const SPAN = 5;
const SPANS = 12;

export function LateBoard() {
  const desk = useDesk();
  const pages = boardPages(desk);
  const department = useSignal("");
  const moving = useSignal<Ticket | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const departments = desk.session.me.value?.departments ?? [];
  const lists = [pages.late.value.value?.promises ?? [], pages.due.value.value?.promises ?? []];
  const { late, next } = owing(lists, department.value, minute.value);
  const move = (number: string) => {
    desk.api.ticket(number).then((page) => (moving.value = page.ticket), desk.notices.wrong);
  };
  const press = (event: KeyboardEvent) => {
    const isElsewhere = event.ctrlKey || event.metaKey || event.altKey || (event.target as Element).closest("input, select, textarea, dialog");
    if (isElsewhere || !desk.singleKeys.isOn.value || !box.current) return;
    const rows = [...box.current.querySelectorAll<HTMLElement>("[data-owed]")];
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    if (event.key === "t" && at >= 0) move(rows[at]?.dataset["owed"] ?? "");
    else if (event.key === "j" || event.key === "k") rows[Math.min(rows.length - 1, Math.max(0, at + (event.key === "j" ? 1 : -1)))]?.querySelector<HTMLElement>("a")?.focus();
    else return;
    event.preventDefault();
  };
  return (
    <div class="watch" ref={box} onKeyDown={press}>
      <div class="watch-head">
        <p class="knowledge-lead">{t("late.lead")}</p>
        <select aria-label={t("late.department")} value={department.value} onChange={(event) => (department.value = event.currentTarget.value)}>
          <option value="">{t("late.everywhere")}</option>
          {departments.map((one) => (
            <option key={one.id} value={one.id}>
              {departmentName(departments, one.id)}
            </option>
          ))}
        </select>
      </div>
      <Fetched of={[pages.late, pages.due]} again={pages.load} />
      {pages.late.value.value && (
        <section class="watch-part" aria-labelledby="late-title">
          <h3 id="late-title">
            {t("late.title")} <span class={late.length ? "badge badge-late" : "badge"} data-testid="late-count">{late.length}</span>
          </h3>
          {late.length === 0 && <p class="watch-none">{t("late.none")}</p>}
          <ul class="owed-list" data-testid="late">
            {late.map((one) => (
              <OwedRow key={one.id} owed={one} causes={pages.late.value.value?.causes ?? []} onMove={move} />
            ))}
          </ul>
        </section>
      )}
      {pages.due.value.value && (
        <section class="watch-part" aria-labelledby="next-title">
          <h3 id="next-title">
            {t("late.next")} <span class="badge">{next.length}</span>
          </h3>
          <Hour counts={upcoming(next, minute.value, SPAN, SPANS)} />
          {next.length === 0 && <p class="watch-none">{t("late.nextNone")}</p>}
          <ul class="owed-list" data-testid="next">
            {next.map((one) => (
              <OwedRow key={one.id} owed={one} causes={[]} onMove={move} />
            ))}
          </ul>
        </section>
      )}
      <Load department={department.value} />
      {moving.value && (
        <TransferDialog
          ticket={moving.value}
          onClose={() => {
            moving.value = null;
            void pages.load();
          }}
        />
      )}
    </div>
  );
}

/** The next hour, five minutes a bar; the words say what the bars show. */
function Hour({ counts }: { counts: number[] }) {
  const most = Math.max(1, ...counts);
  const soon = counts.slice(0, 3).reduce((sum, n) => sum + n, 0);
  const all = counts.reduce((sum, n) => sum + n, 0);
  return (
    <div class="hour">
      <p>{t("late.hour", { soon, all })}</p>
      {all > 0 && (
        <div class="hour-bars" aria-hidden="true">
          {counts.map((n, i) => (
            <span key={i} class={i < 3 ? "hour-bar hour-soon" : "hour-bar"} title={t("late.span", { from: i * SPAN, until: (i + 1) * SPAN, n })}>
              <span class="hour-n">{n || ""}</span>
              <span class="hour-fill" style={{ blockSize: `${(n / most) * 32}px` }} />
              <span class="hour-at">{i % 3 === 0 ? `+${i * SPAN}` : ""}</span>
            </span>
          ))}
        </div>
      )}
    </div>
  );
}
