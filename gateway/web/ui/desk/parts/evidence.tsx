/** Why a question gets its answer: the verdict, the line it had to reach, and what spoke for each entry. */
import { writeKnowledge } from "../route";
import { reason } from "../state/reasons";
import type { Judged, OutcomeKind, Verdict } from "../types-knowledge";
import { percent, t } from "../words";
import "./evidence.css";

export function Evidence({ verdict }: { verdict: Verdict }) {
  const { answer, offer } = verdict.thresholds;
  return (
    <>
      <Outcome kind={verdict.kind} because={verdict.because} />
      <p class="knowledge-lead">{t("knowledge.try.line", { answer: percent(answer), offer: percent(offer) })}</p>
      {verdict.parts.map((part) => (
        <section key={part.asked} class="verdict-part" data-testid="part">
          <h4>“{part.asked}”</h4>
          <Outcome kind={part.kind} because={part.because} />
          <Matches matches={part.matches} line={answer} />
        </section>
      ))}
      {verdict.parts.length === 0 && <Matches matches={verdict.matches} line={answer} />}
      <More facts={verdict.more} />
    </>
  );
}

function Outcome({ kind, because }: { kind: OutcomeKind; because: string }) {
  return (
    <p class="verdict">
      <span class={`badge verdict-${kind}`}>{t(`knowledge.outcome.${kind}`)}</span>
      <strong>{reason(because)}</strong>
    </p>
  );
}

function Matches({ matches, line }: { matches: Judged[]; line: number }) {
  if (matches.length === 0) return null;
  return (
    <ol class="matches" aria-label={t("knowledge.try.matches")}>
      {matches.map((one) => (
        <MatchLine key={one.id} match={one} line={line} />
      ))}
    </ol>
  );
}

function MatchLine({ match, line }: { match: Judged; line: number }) {
  return (
    <li class="match" data-testid="match" data-entry={match.id}>
      <p class="match-head">
        <a href={writeKnowledge({ page: "entries", item: match.id })}>{match.question}</a>
        <span class="match-score">{percent(match.score)}</span>
      </p>
      <div class="match-bar" aria-hidden="true">
        <span class={match.score >= line ? "match-fill match-sure" : "match-fill"} style={{ inlineSize: `${match.score * 100}%` }} />
        <span class="match-line" style={{ insetInlineStart: `${line * 100}%` }} />
      </div>
      {match.because.length > 0 && (
        <ul class="match-because">
          {match.because.map((one) => (
            <li key={one}>{reason(one)}</li>
          ))}
        </ul>
      )}
      <More facts={match.more} />
    </li>
  );
}

/** Evidence that came later than this page: by the name the matcher gives it. */
function More({ facts }: { facts: Record<string, unknown> }) {
  const told = Object.entries(facts).filter(([, value]) => value !== null && value !== "" && !(Array.isArray(value) && value.length === 0));
  if (told.length === 0) return null;
  return (
    <dl class="match-more">
      {told.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{inWords(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function inWords(value: unknown): string {
  if (typeof value === "string") return reason(value);
  if (Array.isArray(value)) return value.map(inWords).join(t("reason.list"));
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
