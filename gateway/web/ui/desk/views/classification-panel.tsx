/** How the ticket is classified, how sure that is, what it was judged by, and who corrected it. */
import type { ComponentChildren } from "preact";
import { useDesk } from "../desk";
import { reason } from "../state/reasons";
import { ticketState } from "../state/ticket";
import type { TicketPage } from "../types";
import type { Classification, Holds } from "../types-ticket";
import { departmentName, fullTime, type Key, percent, t, word } from "../words";

export type Classified = keyof Holds;

export function ClassificationPanel({ page }: { page: TicketPage }) {
  const { session } = useDesk();
  const { classification, open, may } = ticketState(useDesk());
  const { ticket } = page;
  const found = classification.value.value;
  const departments = session.me.value?.departments ?? [];
  const because = page.events.find((one) => one.kind === "ticket.opened")?.because;
  const type = [word("type", ticket.type), word("subtype", ticket.subtype)].filter(Boolean).join(" · ");
  return (
    <section data-testid="classification">
      <h2>{t("classify.panel")}</h2>
      <dl>
        <Judged label={t("facts.type")} field="type" found={found}>{type}</Judged>
        <Judged label={t("facts.urgency")} field="urgency" found={found}>{word("urgency", ticket.urgency)}</Judged>
        <Judged label={t("facts.anomaly")} field="anomaly" found={found}>{word("anomaly", ticket.anomaly)}</Judged>
        <Judged label={t("facts.department")} field="department" found={found}>{departmentName(departments, ticket.department)}</Judged>
        {found?.holds.needs_identity && <Judged label={t("classify.identity.label")} field="needs_identity" found={found}>{t("classify.identity.yes")}</Judged>}
      </dl>
      {because && <p class="panel-because">{t("classify.because", { why: reason(because) })}</p>}
      <p class="panel-do">
        {found && may("ticket.classify") && (
          <button type="button" class="link" data-testid="classify" onClick={() => (open.value = { name: "classify" })}>{t("classify.button")}</button>
        )}
        {may("ticket.urgency") && (
          <button type="button" class="link" data-testid="urgency" onClick={() => (open.value = { name: "urgency" })}>{t("urgency.button")}</button>
        )}
        <button type="button" class="link" data-testid="acts" onClick={() => (open.value = { name: "why" })}>{t("acts.button")}</button>
      </p>
    </section>
  );
}

/** A field with what speaks for it: a person's correction, or how sure triage was. */
function Judged({ label, field, found, children }: { label: string; field: Classified; found: Classification | null; children: ComponentChildren }) {
  const corrected = found?.corrections.findLast((one) => one.field === field);
  const sure = found?.said?.confidence[field];
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {children}
        {corrected ? (
          <span class="corrected" title={t("classify.correctedHint", { was: valueWords(field, corrected.was), who: corrected.agent?.name ?? "", at: fullTime(corrected.at), why: corrected.reason })}>
            {t("classify.corrected")}
          </span>
        ) : (
          sure !== undefined && <span class="sure" title={t("classify.sureHint")}><span class="unseen">{t("classify.sure")} </span>{percent(sure)}</span>
        )}
      </dd>
    </div>
  );
}

function valueWords(field: Classified, value: string): string {
  if (field === "needs_identity") return t(`classify.identity.${value === "true" ? "yes" : "no"}` as Key);
  return word(field, value) || "–";
}
