/** One emergency: decide on a proposal, say what customers are told, give news, end it, review it. */
import { useSignal } from "@preact/signals";
import { useDesk } from "../desk";
import { Fetched } from "../parts/fetched";
import { FormDialog } from "../parts/form-dialog";
import { NoticeFields, noticeOf } from "../parts/notice-fields";
import { ReviewReport } from "../parts/review-report";
import { writeBoard, writeRoute } from "../route";
import { boardPages } from "../state/board-pages";
import { reason } from "../state/reasons";
import type { Emergency } from "../types-board";
import { actorName, languageName, t } from "../words";
import { EmergencyFacts, StateBadge, topicWords } from "./board-emergencies";

export function OneEmergency({ id }: { id: number }) {
  const desk = useDesk();
  const { emergency, emergencies, load } = boardPages(desk);
  const found = emergency.value.value;
  const one = found?.emergency;
  return (
    <>
      <a class="board-link" href={writeBoard("emergencies")}>
        {t("emergency.back")}
      </a>
      <Fetched of={[emergency, emergencies]} again={load} />
      {found && one && one.id === id && (
        <>
          <section class="card" aria-labelledby="emergency-title" data-testid="one-emergency" data-state={one.state}>
            <h3 id="emergency-title" class="board-title">
              <StateBadge emergency={one} />
              {t("emergency.title", { id: one.id, what: topicWords(one) })}
            </h3>
            <p>{reason(one.because)}</p>
            <EmergencyFacts emergency={one} />
            <p class="board-facts">
              <span>{t("emergency.by", { who: actorName(one.started_by ?? one.proposed_by) })}</span>
            </p>
            <Verbs emergency={one} />
          </section>
          {one.notice && <Notice emergency={one} />}
          <Concerned emergency={one} tickets={found.tickets} />
          {(one.state === "running" || one.state === "ended") && desk.board.may("emergencies.handle") && <ReviewReport emergency={one} />}
        </>
      )}
    </>
  );
}

type Act = "begin" | "news" | "end";

function Verbs({ emergency: one }: { emergency: Emergency }) {
  const { api, act, emergencies, may } = boardPages(useDesk());
  const open = useSignal<Act | null>(null);
  const verbs: Act[] = one.state === "proposed" ? ["begin"] : one.state === "running" ? ["news", "end"] : [];
  if (verbs.length === 0 || !may("emergencies.handle")) return null;
  const texts = emergencies.value.value?.[open.value === "end" ? "end" : "notice"] ?? {};
  const send = (form: HTMLFormElement) => {
    const { texts: said, news_at } = noticeOf(form);
    if (open.value === "begin") return act(api.begin(one.id, { notice: said, news_at }), "emergency.begun");
    if (open.value === "news") return act(api.news(one.id, { texts: said, news_at }), "emergency.newsGiven");
    return act(api.end(one.id, { texts: said }), "emergency.isEnded");
  };
  return (
    <div class="board-do">
      {verbs.map((verb, i) => (
        <button key={verb} type="button" class={i === 0 ? "button button-main" : "button"} data-testid={`emergency-${verb}`} onClick={() => (open.value = verb)}>
          {t(`emergency.${verb}`)}
        </button>
      ))}
      {one.state === "proposed" && (
        <button type="button" class="button" data-testid="emergency-dismiss" onClick={() => void act(api.dismiss(one.id), "emergency.isDismissed")}>
          {t("emergency.dismiss")}
        </button>
      )}
      {open.value && (
        <FormDialog name={`emergency-${open.value}`} title={t(`emergency.${open.value}`)} submit={t(`emergency.${open.value}`)} act={send} onClose={() => (open.value = null)}>
          <p>{t(`emergency.${open.value}Hint`, { n: one.conversations })}</p>
          <NoticeFields key={open.value} texts={texts} hasNews={open.value !== "end"} />
        </FormDialog>
      )}
    </div>
  );
}

/** What customers are told at present. */
function Notice({ emergency: one }: { emergency: Emergency }) {
  return (
    <section class="card" aria-labelledby="notice-title" data-testid="notice">
      <h3 id="notice-title">{t("emergency.notice")}</h3>
      {Object.entries(one.notice ?? {}).map(([lang, text]) => (
        <div key={lang}>
          <p class="board-facts">{languageName(lang)}</p>
          <p class="board-words" lang={lang}>
            {text}
          </p>
        </div>
      ))}
      {one.updates > 0 && <p class="board-facts">{t("emergency.updates", { n: one.updates })}</p>}
    </section>
  );
}

function Concerned({ emergency: one, tickets }: { emergency: Emergency; tickets: string[] }) {
  return (
    <section class="card" aria-labelledby="concerned-title" data-testid="concerned">
      <h3 id="concerned-title">{t("emergency.concernedTitle")}</h3>
      <p>
        {t("emergency.concerned", { n: one.conversations })} · {t("emergency.tickets", { n: one.tickets })}
      </p>
      <p class="board-facts">
        {tickets.map((number) => (
          <a key={number} href={writeRoute({ view: "all", number })}>
            {number}
          </a>
        ))}
      </p>
    </section>
  );
}
