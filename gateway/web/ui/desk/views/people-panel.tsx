/** Who was asked to take the ticket, who watches it, who stays responsible. */
import type { Person, Ticket } from "../types";
import { t } from "../words";

export function PeoplePanel({ ticket }: { ticket: Ticket }) {
  const first = ticket.first_agent && ticket.first_agent.number !== ticket.agent?.number ? ticket.first_agent : null;
  const suggested = ticket.agent ? null : ticket.suggested;
  if (!suggested && !ticket.supervisor && !first && ticket.line < 2) return null;
  return (
    <section data-testid="people">
      <h2>{t("people.panel")}</h2>
      <dl>
        <Named label={t("people.suggested")} who={suggested} />
        <Named label={t("people.first")} who={first} />
        <Named label={t("people.supervisor")} who={ticket.supervisor} />
        {ticket.line > 1 && (
          <div>
            <dt>{t("people.line")}</dt>
            <dd>{t("people.line.second")}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}

function Named({ label, who }: { label: string; who: Person | null }) {
  if (!who) return null;
  return (
    <div>
      <dt>{label}</dt>
      <dd dir="auto">{t("list.owner", { ...who })}</dd>
    </div>
  );
}
