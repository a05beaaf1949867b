/** What supervisors must hear of at once, the newest first; whoever takes note of one answers for it. */
import { useDesk } from "../desk";
import { Fetched } from "../parts/fetched";
import { Icon } from "../parts/icon";
import { writeBoard, writeRoute } from "../route";
import { boardPages } from "../state/board-pages";
import { minute } from "../state/now";
import { reason } from "../state/reasons";
import type { Alarm } from "../types-board";
import { clockTime, t, word } from "../words";
import "./board-alarms.css";

export function Alarms() {
  const { alarms, load } = boardPages(useDesk());
  const found = alarms.value.value ?? [];
  const open = found.filter((one) => !one.seen_at);
  const seen = found.filter((one) => one.seen_at);
  return (
    <>
      <p class="knowledge-lead">{t("alarms.lead")}</p>
      <Fetched of={[alarms]} again={load} />
      {alarms.value.value && open.length === 0 && <p class="knowledge-says" role="status">{t("alarms.none")}</p>}
      <ul class="board-cards" data-testid="alarms">
        {open.map((one) => (
          <AlarmCard key={one.id} alarm={one} />
        ))}
      </ul>
      {seen.length > 0 && (
        <details class="alarms-seen">
          <summary>{t("alarms.seen", { n: seen.length })}</summary>
          <ul class="board-cards">
            {seen.map((one) => (
              <AlarmCard key={one.id} alarm={one} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

const GRAVE = ["urgent", "serious", "emergency"];

function AlarmCard({ alarm }: { alarm: Alarm }) {
  const desk = useDesk();
  const { api, act, may } = boardPages(desk);
  const note = () => void act(api.takeNote(alarm.id), "alarms.noted").then(desk.board.load);
  return (
    <li class="card alarm" data-testid="alarm" data-kind={alarm.kind}>
      <p class="board-title">
        <Icon name={GRAVE.includes(alarm.kind) ? "warn" : "bell"} />
        <span class={GRAVE.includes(alarm.kind) ? "badge badge-late" : "badge badge-warn"}>{word("alarms.kind", alarm.kind)}</span>
        <time class="board-facts" dateTime={alarm.at}>
          {clockTime(alarm.at, minute.value)}
        </time>
      </p>
      <p class="board-words">{alarm.text}</p>
      <p class="board-facts">
        {alarm.because && <span>{t("alarms.because", { why: reason(alarm.because) })}</span>}
        {alarm.ticket && <a href={writeRoute({ view: "all", number: alarm.ticket })}>{t("alarms.ticket", { number: alarm.ticket })}</a>}
        {alarm.kind === "emergency" && <a href={writeBoard("emergencies")}>{t("emergency.back")}</a>}
      </p>
      {alarm.seen_at ? (
        <p class="board-facts">{t("alarms.seenBy", { who: alarm.seen_by ?? "", time: clockTime(alarm.seen_at, minute.value) })}</p>
      ) : (
        may("alarm.note") && (
          <p class="board-do">
            <button type="button" class="button" data-testid="take-note" onClick={note}>
              <Icon name="check" />
              {t("alarms.note")}
              <span class="unseen"> {word("alarms.kind", alarm.kind)} {alarm.ticket ?? ""}</span>
            </button>
          </p>
        )
      )}
    </li>
  );
}
