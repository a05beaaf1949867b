/** The entries: searched, narrowed to what needs care, and one of them in full. */
import { useEffect, useRef } from "preact/hooks";
import { useDesk } from "../desk";
import { EntryDetails } from "../parts/entry-details";
import { EntryRow } from "../parts/entry-row";
import { Icon } from "../parts/icon";
import { Problems } from "../parts/file-problems";
import { writeKnowledge } from "../route";
import type { Show } from "../types-knowledge";
import { t } from "../words";
import { SEARCH_ID } from "./list";
import "./knowledge-entries.css";

const SHOWS: Exclude<Show, "">[] = ["overdue", "problem", "unused", "invalid"];
const CLASSES = ["faq", "process", "product"] as const;

export function KnowledgeEntries({ id }: { id: string | null }) {
  return (
    <div class="entries">
      <EntryColumn open={id} />
      <div class="entry-pane knowledge-scroll">{id ? <Detail id={id} /> : <p class="knowledge-says">{t("knowledge.choose")}</p>}</div>
    </div>
  );
}

function EntryColumn({ open }: { open: string | null }) {
  const { knowledge } = useDesk();
  const { value, failed, isBusy } = knowledge.list;
  const page = value.value;
  return (
    <section class="entry-column" aria-label={t("knowledge.nav.entries")} aria-busy={isBusy.value}>
      <div class="entry-filters">
        <SearchField />
        <Filters />
      </div>
      <div class="knowledge-scroll">
        {failed.value && (
          <p class="knowledge-says" role="alert">
            {failed.value}
            <button type="button" class="button" onClick={() => void knowledge.find()}>
              {t("list.again")}
            </button>
          </p>
        )}
        {page && !page.is_accepted && (
          <p class="entry-refused">
            <Icon name="warn" />
            {t("knowledge.refused")}
          </p>
        )}
        {page && ["", "problem"].includes(knowledge.search.value.show) && <Problems problems={page.problems} />}
        <p class="entry-count" role="status">
          {page ? t("knowledge.found", { n: page.found }) : t("list.loading")}
        </p>
        {page && page.entries.length > 0 && (
          <ul class="entry-list" data-testid="entries">
            {page.entries.map((one) => (
              <EntryRow key={one.id} entry={one} isOpen={one.id === open} />
            ))}
          </ul>
        )}
        {page?.next && (
          <button type="button" class="button list-more" disabled={isBusy.value} onClick={() => void knowledge.more()}>
            {t("list.more")}
          </button>
        )}
      </div>
    </section>
  );
}

function SearchField() {
  const { knowledge, ports } = useDesk();
  const field = useRef<HTMLInputElement>(null);
  const cancel = useRef(() => {});
  const { q } = knowledge.search.value;
  useEffect(() => {
    if (field.current && field.current.value.trim() !== q.trim()) field.current.value = q;
  }, [q]);
  useEffect(() => () => cancel.current(), []);
  const soon = (text: string) => {
    cancel.current();
    cancel.current = ports.later(() => void knowledge.find({ q: text }), 250);
  };
  return (
    <div class="search" role="search">
      <Icon name="search" />
      <input
        id={SEARCH_ID}
        ref={field}
        type="search"
        maxLength={1000}
        aria-label={t("knowledge.search")}
        placeholder={t("knowledge.searchHint")}
        aria-keyshortcuts="/"
        onInput={(event) => soon(event.currentTarget.value)}
      />
    </div>
  );
}

function Filters() {
  const { knowledge } = useDesk();
  const { show, owner, class: kind } = knowledge.search.value;
  const page = knowledge.list.value.value;
  const toggle = (one: Show) => void knowledge.find({ show: show === one ? "" : one });
  return (
    <>
      <div class="chips" role="group" aria-label={t("knowledge.show")}>
        {SHOWS.filter((one) => one === show || (page?.totals[one] ?? 0) > 0).map((one) => (
          <button key={one} type="button" class="chip" aria-pressed={show === one} data-testid={`show-${one}`} onClick={() => toggle(one)}>
            {t(`knowledge.show.${one}`)} <span class="chip-count">{page?.totals[one] ?? ""}</span>
          </button>
        ))}
      </div>
      <div class="entry-selects">
        <select aria-label={t("knowledge.class")} value={kind} onChange={(event) => void knowledge.find({ class: event.currentTarget.value })}>
          <option value="">{t("knowledge.class.every")}</option>
          {CLASSES.map((one) => (
            <option key={one} value={one}>
              {t(`knowledge.class.${one}`)}
            </option>
          ))}
        </select>
        <select aria-label={t("knowledge.owner")} value={owner} onChange={(event) => void knowledge.find({ owner: event.currentTarget.value })}>
          <option value="">{t("knowledge.owner.every")}</option>
          {page?.owners.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </div>
    </>
  );
}

function Detail({ id }: { id: string }) {
  const { knowledge } = useDesk();
  const { value, failed } = knowledge.entry;
  const entry = value.value;
  return (
    <div class="knowledge-column">
      <a class="entry-back" href={writeKnowledge({ page: "entries", item: null })}>
        <Icon name="back" />
        {t("knowledge.back")}
      </a>
      {entry && entry.id === id ? (
        <EntryDetails entry={entry} />
      ) : (
        <p class="knowledge-says" role={failed.value ? "alert" : "status"}>
          {failed.value || t("list.loading")}
        </p>
      )}
    </div>
  );
}
