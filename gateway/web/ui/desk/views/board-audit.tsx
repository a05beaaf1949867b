/** The audit, as far as one's role reaches: who did what, to what, how it came out, and when. */
import { detailWords, auditSearch } from "../audit-search";
import { useDesk } from "../desk";
import { Fetched } from "../parts/fetched";
import { Field, formWords } from "../parts/field";
import { writeRoute } from "../route";
import { minute } from "../state/now";
import { privacyOf } from "../state/privacy";
import type { AuditedAct } from "../types-privacy";
import { actorName, clockTime, fullTime, t, word } from "../words";
import "./privacy.css";

const OUTCOMES = ["done", "begun", "refused", "failed"];

export function Audit() {
  const { audit, search, loadAudit, loadMore } = privacyOf(useDesk());
  const page = audit.value.value;
  const find = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    search.value = auditSearch(formWords(event.currentTarget));
    void loadAudit();
  };
  return (
    <>
      <p class="knowledge-lead">{t("audit.lead")}</p>
      <form class="card audit-form" data-testid="audit-form" onSubmit={find} onReset={() => ((search.value = {}), void loadAudit())}>
        <Line id="actor" label={t("audit.actor")} hint={t("audit.actorHint")} />
        <Line id="act" label={t("audit.act")} hint={t("audit.actHint")} />
        <Line id="about" label={t("audit.about")} hint={t("audit.aboutHint")} />
        <Field id="outcome" label={t("audit.outcome")}>
          <select id="outcome" name="outcome">
            <option value="">{t("audit.any")}</option>
            {OUTCOMES.map((one) => (
              <option key={one} value={one}>
                {word("audit.outcome", one)}
              </option>
            ))}
          </select>
        </Field>
        <Field id="since" label={t("audit.since")}>
          <input id="since" name="since" type="date" />
        </Field>
        <Field id="until" label={t("audit.until")}>
          <input id="until" name="until" type="date" />
        </Field>
        <p class="board-do">
          <button type="submit" class="button button-main">
            {t("audit.find")}
          </button>
          <button type="reset" class="button">
            {t("audit.all")}
          </button>
        </p>
      </form>
      <Fetched of={[audit]} again={loadAudit} />
      {page?.acts.length === 0 && <p class="knowledge-says" role="status">{t("audit.none")}</p>}
      {page && page.acts.length > 0 && (
        <ol class="card audit" data-testid="audit">
          {page.acts.map((one) => (
            <Row key={one.seq} one={one} />
          ))}
        </ol>
      )}
      {page?.next && (
        <p class="board-do">
          <button type="button" class="button" data-testid="audit-more" onClick={loadMore}>
            {t("audit.more")}
          </button>
        </p>
      )}
    </>
  );
}

function Line({ id, label, hint }: { id: string; label: string; hint: string }) {
  return (
    <Field id={id} label={label} hint={hint}>
      <input id={id} name={id} type="text" autocomplete="off" spellcheck={false} autocapitalize="off" maxLength={128} aria-describedby={`${id}-hint`} />
    </Field>
  );
}

function Row({ one }: { one: AuditedAct }) {
  const [kind = "", number = ""] = (one.about ?? "").split(":");
  const details = detailWords(one.details);
  return (
    <li class="audit-row" data-testid="audit-row" data-act={one.act}>
      <span class="audit-when">
        <time dateTime={one.at} title={fullTime(one.at)}>{clockTime(one.at, minute.value)}</time> <span>#{one.seq}</span>
      </span>
      <span>{actorName(one.actor)}</span>
      <div class="audit-what">
        <p>
          <strong>{word("audit.act", one.act)}</strong>{" "}
          {kind === "ticket" ? <a class="board-link" href={writeRoute({ view: "all", number })}>{number}</a> : <span>{number ? `${word("audit.kind", kind)} ${number}` : kind}</span>}
        </p>
        {(one.reason || one.reason_erased) && <p class="approval-quote" dir="auto">{one.reason ?? t("audit.erased")}</p>}
        {details && <p class="audit-details">{details}</p>}
      </div>
      <span class={one.outcome === "done" || one.outcome === "begun" ? "badge" : "badge badge-late"}>{word("audit.outcome", one.outcome)}</span>
    </li>
  );
}
