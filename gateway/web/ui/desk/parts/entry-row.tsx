/** One entry in the list: what it answers, how often it did, and what it needs. */
import { writeKnowledge } from "../route";
import type { EntryLine } from "../types-knowledge";
import { percent, t, word } from "../words";
import "./entry-row.css";

export function EntryRow({ entry, isOpen }: { entry: EntryLine; isOpen: boolean }) {
  return (
    <li>
      <a
        class="entry-row"
        href={writeKnowledge({ page: "entries", item: entry.id })}
        aria-current={isOpen ? "true" : undefined}
        data-testid="entry-row"
        data-entry={entry.id}
      >
        <span class="entry-question">{entry.question}</span>
        <span class="entry-facts">
          <span>{word("knowledge.class", entry.class)}</span>
          {entry.owner && <span>{entry.owner}</span>}
          <span>{t("knowledge.used", { n: entry.used })}</span>
          {entry.score !== null && <span class="badge">{t("knowledge.likely", { p: percent(entry.score) })}</span>}
          <EntryBadges entry={entry} />
        </span>
      </a>
    </li>
  );
}

/** What an editor should look after. */
export function EntryBadges({ entry }: { entry: EntryLine }) {
  return (
    <>
      {entry.is_overdue && <span class="badge badge-warn">{t("knowledge.show.overdue")}</span>}
      {!entry.is_valid && <span class="badge badge-late">{t("knowledge.show.invalid")}</span>}
      {entry.problems > 0 && <span class="badge badge-late">{t("knowledge.problems", { n: entry.problems })}</span>}
    </>
  );
}
