/** Whether a complaint's record is whole; the way into it, and onto paper. */
import { useDesk } from "../desk";
import { Icon } from "../parts/icon";
import { ticketState } from "../state/ticket";
import type { Ticket } from "../types";
import { language, t, word } from "../words";

export function RecordPanel({ ticket }: { ticket: Ticket }) {
  const { complaint, open, may } = ticketState(useDesk());
  const record = complaint.value.value;
  if (!record) return null;
  const lacks = record.missing.map((field) => word("record", field)).join(t("reason.list"));
  return (
    <section data-testid="record">
      <h2>{t("record.panel")}</h2>
      <p class={lacks ? "record-state record-lacks" : "record-state"}>
        <Icon name={lacks ? "warn" : "check"} />
        {lacks ? t("record.lacks", { what: lacks }) : t("record.whole")}
      </p>
      <p class="panel-do">
        <button type="button" class="link" data-testid="record-open" onClick={() => (open.value = { name: "complaint" })}>
          {t(may("complaint.edit") ? "record.edit" : "record.see")}
        </button>
        <a class="link" href={`/api/v1/tickets/${encodeURIComponent(ticket.number)}/complaint.html?lang=${language.value}`} target="_blank" rel="noopener">
          {t("record.print")}
        </a>
      </p>
    </section>
  );
}
