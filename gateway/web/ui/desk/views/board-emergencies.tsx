/** Emergencies, the newest first: those that somebody has to decide on stand out; one can be begun by hand. */
import { useSignal } from "@preact/signals";
import { wordsOf } from "../board-sums";
import { useDesk } from "../desk";
import { Fetched } from "../parts/fetched";
import { Field, formWords } from "../parts/field";
import { FormDialog } from "../parts/form-dialog";
import { Icon } from "../parts/icon";
import { NoticeFields, noticeOf } from "../parts/notice-fields";
import { writeBoard } from "../route";
import { boardPages } from "../state/board-pages";
import { minute } from "../state/now";
import { reason } from "../state/reasons";
import type { Emergency } from "../types-board";
import { clockTime, t, word } from "../words";

export function Emergencies() {
  const { emergencies, may, load } = boardPages(useDesk());
  const isBeginning = useSignal(false);
  const found = emergencies.value.value;
  return (
    <>
      <div class="board-head">
        <p class="knowledge-lead">{t("emergency.lead")}</p>
        {may("emergencies.handle") && found && (
          <button type="button" class="button" data-testid="begin-by-hand" onClick={() => (isBeginning.value = true)}>
            <Icon name="warn" />
            {t("emergency.byHand")}
          </button>
        )}
      </div>
      <Fetched of={[emergencies]} again={load} />
      {found?.emergencies.length === 0 && <p class="knowledge-says" role="status">{t("emergency.none")}</p>}
      <ul class="board-cards" data-testid="emergencies">
        {found?.emergencies.map((one) => (
          <li key={one.id} class="card" data-testid="emergency" data-state={one.state}>
            <p class="board-title">
              <StateBadge emergency={one} />
              <a class="board-link" href={writeBoard("emergencies", String(one.id))}>
                <strong>{t("emergency.title", { id: one.id, what: topicWords(one) })}</strong>
              </a>
            </p>
            <p>{reason(one.because)}</p>
            <EmergencyFacts emergency={one} />
          </li>
        ))}
      </ul>
      {isBeginning.value && <ByHand onClose={() => (isBeginning.value = false)} />}
    </>
  );
}

const LOOKS = { proposed: "badge badge-warn", running: "badge badge-late", ended: "badge", dismissed: "badge" };

export function StateBadge({ emergency }: { emergency: Emergency }) {
  return <span class={LOOKS[emergency.state] ?? "badge"}>{word("emergency.state", emergency.state)}</span>;
}

export function EmergencyFacts({ emergency: one }: { emergency: Emergency }) {
  return (
    <p class="board-facts">
      <span>{word("emergency.cause", one.cause)}</span>
      <span>{t("emergency.concerned", { n: one.conversations })}</span>
      <span>{t("emergency.tickets", { n: one.tickets })}</span>
      <span>{one.started_at ? t("emergency.started", { time: at(one.started_at) }) : t("emergency.proposed", { time: at(one.proposed_at) })}</span>
      {one.state === "running" && one.news_at && <span>{t("emergency.newsAt", { time: at(one.news_at) })}</span>}
      {one.ended_at && <span>{t("emergency.ended", { time: at(one.ended_at) })}</span>}
      {one.reviewed_at && <span>{t("emergency.reviewed", { time: at(one.reviewed_at) })}</span>}
      {one.state === "ended" && !one.reviewed_at && <span class="badge badge-warn">{t("emergency.reviewOwed")}</span>}
    </p>
  );
}

function at(instant: string): string {
  return clockTime(instant, minute.value);
}

/** What it is about: nothing named is everything. */
export function topicWords({ topics, channel }: Emergency): string {
  const about = topics.map((topic) => {
    const [family = "", name] = topic.split(":");
    return name === undefined ? word("emergency.topic", family) : family === "anomaly" ? word("anomaly", name) : name;
  });
  return [about.length ? about.join(t("reason.list")) : t("emergency.everything"), ...(channel ? [channel] : [])].join(" · ");
}

const TOPICS = ["complaints", "anomaly:outage", "anomaly:serious", "anomaly:media"];

function ByHand({ onClose }: { onClose: () => void }) {
  const desk = useDesk();
  const { api, act, emergencies } = boardPages(desk);
  const send = (form: HTMLFormElement) => {
    const said = formWords(form);
    const topics = [...new FormData(form).getAll("topic").map(String), ...wordsOf(said["subtypes"] ?? "").map((one) => `subtype:${one}`)];
    const { texts, news_at } = noticeOf(form);
    const started = api.start({ because: (said["because"] ?? "").trim(), topics, channel: said["channel"] ?? "", notice: texts, news_at });
    return act(started, ({ emergency }) => {
      location.hash = writeBoard("emergencies", String(emergency.id));
      return t("emergency.begun");
    });
  };
  return (
    <FormDialog name="by-hand" title={t("emergency.byHand")} submit={t("emergency.begin")} act={send} onClose={onClose}>
      <Field id="because" label={t("emergency.because")} hint={t("emergency.becauseHint")}>
        <textarea id="because" name="because" required autofocus rows={2} maxLength={500} aria-describedby="because-hint" />
      </Field>
      <fieldset class="ticks">
        <legend>{t("emergency.about")}</legend>
        {TOPICS.map((one) => (
          <label key={one}>
            <input type="checkbox" name="topic" value={one} />
            {one.includes(":") ? word("anomaly", one.split(":")[1]) : word("emergency.topic", one)}
          </label>
        ))}
      </fieldset>
      <Field id="subtypes" label={t("emergency.subtypes")} hint={t("emergency.subtypesHint")}>
        <input id="subtypes" name="subtypes" type="text" maxLength={500} aria-describedby="subtypes-hint" />
      </Field>
      <Field id="channel" label={t("emergency.channel")}>
        <select id="channel" name="channel">
          <option value="">{t("emergency.everyChannel")}</option>
          {desk.channels.channels.value?.map((one) => (
            <option key={one.name} value={one.name}>
              {one.name}
            </option>
          ))}
        </select>
      </Field>
      <NoticeFields texts={emergencies.value.value?.notice ?? {}} hasNews />
    </FormDialog>
  );
}
