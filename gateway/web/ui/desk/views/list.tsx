/** The list of the chosen view: searched, filtered, in order of need. */
import { useEffect, useRef } from "preact/hooks";
import { useDesk } from "../desk";
import { Icon } from "../parts/icon";
import { Notices } from "../parts/notices";
import { TicketRow } from "../parts/ticket-row";
import type { Filter } from "../state/tickets";
import { departmentName, type Key, t } from "../words";
import "./list.css";

export const SEARCH_ID = "search";

export function TicketList() {
  const { tickets, conversation } = useDesk();
  const rows = tickets.list.value;
  return (
    <section class="list" aria-labelledby="list-title" aria-busy={tickets.loading.value}>
      <ListHead />
      {conversation.number.value === null && <Notices />}
      <div class="list-rows">
        {tickets.failed.value && (
          <p class="list-says" role="alert">
            {t("list.failed")} {tickets.failed.value}
            <button type="button" class="button" onClick={() => void tickets.load()}>
              {t("list.again")}
            </button>
          </p>
        )}
        {rows.length > 0 && (
          <ul aria-label={t("list.label")} data-testid="tickets">
            {rows.map((ticket) => (
              <TicketRow key={ticket.number} ticket={ticket} />
            ))}
          </ul>
        )}
        {rows.length === 0 && !tickets.failed.value && <Empty />}
        {tickets.next.value && (
          <button type="button" class="button list-more" disabled={tickets.loading.value} onClick={() => void tickets.more()}>
            {t("list.more")}
          </button>
        )}
      </div>
    </section>
  );
}

function Empty() {
  const { tickets } = useDesk();
  const q = tickets.q.value.trim();
  const kind = { unassigned: "queue", mine: "mine", all: "all", spam: "spam" }[tickets.view.value] ?? "department";
  const words = q ? t("list.empty.search", { q }) : t(`list.empty.${kind}` as Key);
  return (
    <p class="list-says" role="status">
      {tickets.loading.value ? t("list.loading") : words}
    </p>
  );
}

function ListHead() {
  const { tickets, session } = useDesk();
  const view = tickets.view.value;
  const departments = session.me.value?.departments ?? [];
  const name = view.startsWith("d-")
    ? departmentName(departments, view.slice(2))
    : t(view === "unassigned" ? "nav.queue" : (`nav.${view}` as Key));
  return (
    <header class="list-head">
      <h2 id="list-title">{name}</h2>
      {view !== "spam" && (
        <select
          aria-label={t("filter.label")}
          value={tickets.filter.value}
          onChange={(event) => void tickets.choose({ filter: event.currentTarget.value as Filter })}
        >
          {(["active", "done", "every"] as const).map((one) => (
            <option key={one} value={one}>
              {t(`filter.${one}`)}
            </option>
          ))}
        </select>
      )}
      <SearchField />
    </header>
  );
}

function SearchField() {
  const { tickets, ports } = useDesk();
  const field = useRef<HTMLInputElement>(null);
  const cancel = useRef(() => {});
  const q = tickets.q.value;
  useEffect(() => {
    if (field.current && field.current.value.trim() !== q.trim()) field.current.value = q;
  }, [q]);
  const soon = (text: string) => {
    cancel.current();
    cancel.current = ports.later(() => void tickets.choose({ q: text }), 250);
  };
  return (
    <div class="search" role="search">
      <Icon name="search" />
      <input
        id={SEARCH_ID}
        ref={field}
        type="search"
        aria-label={t("search.label")}
        placeholder={t("search.placeholder")}
        aria-keyshortcuts="/"
        onInput={(event) => soon(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.blur();
        }}
      />
    </div>
  );
}
