/** All about one entry: how it is asked, what is answered on each channel, and who looks after it. */
import type { ComponentChildren } from "preact";
import { useDesk } from "../desk";
import { writeKnowledge } from "../route";
import { minute } from "../state/now";
import type { EntryPage, Wording } from "../types-knowledge";
import { calendarDay, clockTime, languageName, t, word } from "../words";
import { EntryBadges } from "./entry-row";
import { Problems } from "./file-problems";
import { Previews } from "./previews";
import "./entry-details.css";

export function EntryDetails({ entry }: { entry: EntryPage }) {
  const wording = entry.wordings.find((one) => one.lang === entry.lang) ?? entry.wordings[0];
  return (
    <>
      <header class="entry-head">
        <h3 lang={wording?.lang}>{wording?.question ?? entry.question}</h3>
        <p class="entry-facts">
          <span class="badge">{word("knowledge.class", entry.class)}</span>
          <EntryBadges entry={entry} />
          <span data-testid="entry-used">{t("knowledge.used", { n: entry.used })}</span>
          {entry.used_at && <span>{t("knowledge.usedAt", { time: clockTime(entry.used_at, minute.value) })}</span>}
        </p>
        <Languages entry={entry} />
      </header>
      {entry.file_problems.length > 0 && (
        <section class="card">
          <Problems problems={entry.file_problems} />
        </section>
      )}
      <section class="card" aria-label={t("knowledge.previews")}>
        <h3>{t("knowledge.previews")}</h3>
        <Previews previews={entry.previews} />
      </section>
      {wording && <Phrasings wording={wording} />}
      <Facts entry={entry} wording={wording} />
    </>
  );
}

function Languages({ entry }: { entry: EntryPage }) {
  const { knowledge } = useDesk();
  if (entry.wordings.length < 2) return null;
  return (
    <div class="chips" role="group" aria-label={t("knowledge.language")}>
      {entry.wordings.map(({ lang }) => (
        <button key={lang} type="button" class="chip" aria-pressed={lang === entry.lang} onClick={() => void knowledge.read(entry.id, lang)}>
          {languageName(lang)}
        </button>
      ))}
    </div>
  );
}

function Phrasings({ wording }: { wording: Wording }) {
  return (
    <section class="card" aria-label={t("knowledge.phrasings")} lang={wording.lang}>
      <Words title={t("knowledge.phrasings")} words={wording.phrasings} />
      <Words title={t("knowledge.notFor")} words={wording.not_for} />
      <Words title={t("knowledge.must")} words={wording.must} />
      <Words title={t("knowledge.mustNot")} words={wording.must_not} />
    </section>
  );
}

function Words({ title, words }: { title: string; words: string[] }) {
  if (words.length === 0) return null;
  return (
    <div>
      <h3>{title}</h3>
      <ul class="phrasings">
        {words.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </div>
  );
}

const day = (date: string | null) => date && calendarDay(date);

function Facts({ entry, wording }: { entry: EntryPage; wording: Wording | undefined }) {
  return (
    <section class="card" aria-label={t("knowledge.facts")}>
      <h3>{t("knowledge.facts")}</h3>
      <dl class="entry-table">
        <Fact name={t("knowledge.file")}>{wording?.file && <code>{wording.file}</code>}</Fact>
        <Fact name={t("knowledge.owner")}>{entry.owner}</Fact>
        <Fact name={t("knowledge.author")}>{entry.author}</Fact>
        <Fact name={t("knowledge.editor")}>{entry.editor}</Fact>
        <Fact name={t("knowledge.created")}>{day(entry.created)}</Fact>
        <Fact name={t("knowledge.updated")}>{day(entry.updated)}</Fact>
        <Fact name={t("knowledge.reviewBy")}>{day(entry.review_by)}</Fact>
        <Fact name={t("knowledge.validFrom")}>{day(entry.valid_from)}</Fact>
        <Fact name={t("knowledge.validUntil")}>{day(entry.valid_until)}</Fact>
        <Fact name={t("knowledge.appliesTo")}>{entry.applies_to.map((one) => word("type", one)).join(t("reason.list"))}</Fact>
        <Fact name={t("knowledge.level")}>{entry.level}</Fact>
        <Fact name={t("knowledge.channels")}>{entry.channels.join(t("reason.list")) || t("knowledge.channels.every")}</Fact>
        <Fact name={t("knowledge.action")}>{entry.action}</Fact>
        <Fact name={t("knowledge.choices")}>
          {entry.choices.length > 0 && (
            <ul class="entry-links">
              {entry.choices.map((one) => (
                <li key={one.id}>
                  <a href={writeKnowledge({ page: "entries", item: one.id })}>{one.question || one.id}</a>
                </li>
              ))}
            </ul>
          )}
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  if (!children) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
