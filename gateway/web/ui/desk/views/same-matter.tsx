/** Another ticket may be about the same, or this one went into another: said above what is owed. */
import { useDesk } from "../desk";
import { Icon } from "../parts/icon";
import { writeRoute } from "../route";
import { ticketState } from "../state/ticket";
import type { Ticket } from "../types";
import { t, word } from "../words";
import "./same-matter.css";

export function SameMatter({ ticket }: { ticket: Ticket }) {
  const { conversation, tickets } = useDesk();
  const { open, may } = ticketState(useDesk());
  const href = (number: string) => writeRoute({ view: tickets.view.value, number });
  if (ticket.merged_into) {
    return (
      <p class="same" role="status" data-testid="merged">
        <Icon name="info" />
        <span>{t("merge.into.said", { number: ticket.merged_into })}</span>
        <a class="link" href={href(ticket.merged_into)}>{t("merge.open", { number: ticket.merged_into })}</a>
        {may("ticket.merge") && <button type="button" class="link" onClick={() => (open.value = { name: "unmerge" })}>{t("merge.undo")}</button>}
      </p>
    );
  }
  const found = conversation.page.value?.suggestions ?? [];
  if (found.length === 0) return null;
  return (
    <ul class="same-list" aria-label={t("same.label")} data-testid="same">
      {found.map((one) => (
        <li key={one.number} class="same">
          <Icon name="stack" />
          <span>
            <a class="link" href={href(one.number)}>{one.number}</a> {one.subject}
            <span class="same-why">{t("same.why", { why: one.because.map((kind) => word("same", kind)).join(t("reason.list")) })}</span>
          </span>
          {may("ticket.merge") && <Answers number={ticket.number} other={one.number} />}
        </li>
      ))}
    </ul>
  );
}

function Answers({ number, other }: { number: string; other: string }) {
  const { api, act, open } = ticketState(useDesk());
  return (
    <span class="same-do">
      <button type="button" class="link" onClick={() => (open.value = { name: "merge", id: other })}>{t("same.merge")}</button>
      <button type="button" class="link" onClick={() => void act(api.notSame(number, other), "merge.dismissed")}>{t("same.not")}</button>
    </span>
  );
}
