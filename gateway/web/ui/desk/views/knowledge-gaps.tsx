/** What customers ask and the knowledge base does not answer, dearest first, each with a draft one click away. */
import { useDesk } from "../desk";
import { Icon } from "../parts/icon";
import { writeKnowledge } from "../route";
import { minute } from "../state/now";
import type { Drafted, Gap } from "../types-knowledge";
import { clockTime, t, word } from "../words";
import "./knowledge-gaps.css";

export function KnowledgeGaps() {
  const { knowledge } = useDesk();
  const { value, failed, isBusy } = knowledge.gaps;
  const found = value.value;
  return (
    <div class="knowledge-scroll" aria-busy={isBusy.value}>
      <div class="knowledge-column">
        <p class="knowledge-lead">{t("knowledge.gaps.lead")}</p>
        {failed.value && (
          <p class="knowledge-says" role="alert">
            {failed.value}
            <button type="button" class="button" onClick={() => void knowledge.load()}>
              {t("list.again")}
            </button>
          </p>
        )}
        {!found && !failed.value && <p class="knowledge-says" role="status">{t("list.loading")}</p>}
        {found?.gaps.length === 0 && <p class="knowledge-says" role="status">{t("knowledge.gaps.none")}</p>}
        {found && found.gaps.length > 0 && (
          <ol class="gaps" data-testid="gaps">
            {found.gaps.map((gap) => (
              <GapCard key={gap.id} gap={gap} />
            ))}
          </ol>
        )}
      </div>
    </div>
  );
}

function GapCard({ gap }: { gap: Gap }) {
  const title = `gap-${gap.id}`;
  return (
    <li class="card gap" data-testid="gap" aria-labelledby={title}>
      <h3 id={title} lang={gap.lang}>
        {gap.question}
      </h3>
      <p class="entry-facts">
        {gap.kinds.map((one) => (
          <span key={one} class="badge badge-warn">
            {word("knowledge.gap", one)}
          </span>
        ))}
        <span>{t("knowledge.gaps.times", { n: gap.times })}</span>
        <span>{t("knowledge.gaps.cost", { n: Math.round(gap.minutes) })}</span>
        <span>{t("knowledge.gaps.last", { time: clockTime(gap.last_at, minute.value) })}</span>
      </p>
      {gap.examples.length > 0 && (
        <div>
          <h4>{t("knowledge.gaps.examples")}</h4>
          <ul class="gap-examples">
            {gap.examples.map((one, i) => (
              <li key={i}>
                <span>{one.text}</span>
                <a href={writeKnowledge({ page: "try", item: one.text })}>{t("knowledge.gaps.try")}<span class="unseen"> {one.text}</span></a>
              </li>
            ))}
          </ul>
        </div>
      )}
      {gap.reply && (
        <div>
          <h4>{t("knowledge.gaps.reply", { n: gap.reply_times })}</h4>
          <blockquote class="gap-reply">{gap.reply}</blockquote>
        </div>
      )}
      {gap.entries.length > 0 && (
        <p class="gap-near">
          {t("knowledge.gaps.near")}{" "}
          {gap.entries.map((one) => (
            <a key={one.id} href={writeKnowledge({ page: "entries", item: one.id })}>
              {one.question || one.id}
            </a>
          ))}
        </p>
      )}
      <DraftButton gap={gap} />
    </li>
  );
}

function DraftButton({ gap }: { gap: Gap }) {
  const { knowledge } = useDesk();
  const made = knowledge.drafted.value.get(gap.id);
  return (
    <div class="gap-foot" role="status">
      {made ? (
        <Made made={made} />
      ) : gap.draft ? (
        <p class="drafted">
          <Icon name="file" />
          <span>
            {t("knowledge.drafted.before", { file: gap.draft })} {t("knowledge.drafted.next")}
          </span>
        </p>
      ) : (
        knowledge.may("knowledge.draft") && (
          <button
            type="button"
            class="button button-main"
            disabled={knowledge.drafting.value !== null}
            data-testid="draft"
            onClick={() => void knowledge.draft(gap.id)}
          >
            <Icon name="file" />
            {t(knowledge.drafting.value === gap.id ? "knowledge.draft.busy" : "knowledge.draft")}
            <span class="unseen"> {gap.question}</span>
          </button>
        )
      )}
    </div>
  );
}

function Made({ made }: { made: Drafted }) {
  return (
    <p class={made.state === "failed" ? "drafted drafted-half" : "drafted"} data-testid="drafted">
      <Icon name={made.state === "failed" ? "warn" : "check"} />
      <span>
        {t("knowledge.drafted", { file: made.file })}{" "}
        {made.state === "committed" && t("knowledge.drafted.committed", { commit: made.commit })}
        {made.state === "failed" && t("knowledge.drafted.failed", { why: made.why })} {t("knowledge.drafted.next")}
      </span>
    </p>
  );
}
