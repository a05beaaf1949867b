/** Handing tickets over with consent: what is open and to whom, what was asked of me, what became of what I asked. */
import { useSignal } from "@preact/signals";
import { useDesk } from "../desk";
import { writeRoute } from "../route";
import { boardPages } from "../state/board-pages";
import { minute } from "../state/now";
import type { Ticket } from "../types";
import type { Handover, ShiftSheet } from "../types-board";
import { clockTime, contactName, percent, t, word } from "../words";
import { Field, formWords } from "./field";
import "./handover.css";
import { Icon } from "./icon";
import { ReasonDialog } from "./reason-dialog";
import { UrgencyBadge } from "./ticket-row";
import { PromiseChip } from "./ticking";

/** A ticket in a line: its number leads to it. */
function TicketLine({ ticket }: { ticket: Ticket }) {
  return (
    <span class="hand-ticket">
      <a class="board-link" href={writeRoute({ view: "all", number: ticket.number })}>
        {ticket.subject || ticket.summary || ticket.number}
      </a>
      <UrgencyBadge ticket={ticket} />
      <span class="board-facts">
        <span>{ticket.number}</span>
        <span>{contactName(ticket.contact)}</span>
        {ticket.promise && <PromiseChip promise={ticket.promise} />}
      </span>
    </span>
  );
}

export function OfferForm({ sheet }: { sheet: ShiftSheet }) {
  const { api, attempt } = boardPages(useDesk());
  const desk = useDesk();
  const isBusy = useSignal(false);
  const offered = new Set(sheet.given.filter((one) => one.state === "offered").map((one) => one.ticket.number));
  const open = sheet.tickets.filter((one) => !offered.has(one.number));
  const send = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const form = event.currentTarget;
    const { to = "", note = "" } = formWords(form);
    const tickets = new FormData(form).getAll("ticket").map(String);
    if (isBusy.value || tickets.length === 0) return;
    isBusy.value = true;
    const made = await attempt(api.handOver({ to, tickets, note: note.trim() }), ({ offered: done }) => t("hand.offered", { n: done.length }));
    for (const one of made?.refused ?? []) desk.notices.say(`${one.ticket}: ${one.detail}`);
    isBusy.value = false;
  };
  return (
    <section class="card" aria-labelledby="hand-title" data-testid="handover-sheet">
      <h3 id="hand-title">{t("hand.title")}</h3>
      {open.length === 0 ? (
        <p class="board-facts">{t(sheet.tickets.length ? "hand.allOffered" : "hand.none")}</p>
      ) : (
        <form class="hand-form" onSubmit={(event) => void send(event)}>
          <fieldset class="hand-list">
            <legend>{t("hand.which")}</legend>
            {open.map((one) => (
              <label key={one.number}>
                <input type="checkbox" name="ticket" value={one.number} defaultChecked aria-label={`${one.subject || one.summary || ""} ${one.number}`} />
                <TicketLine ticket={one} />
              </label>
            ))}
          </fieldset>
          <div class="board-form">
            <Field id="to" label={t("transfer.who")}>
              <select id="to" name="to" required>
                {sheet.colleagues.map((one) => (
                  <option key={one.number} value={one.number}>
                    {t(one.works_until ? "hand.colleagueUntil" : "hand.colleague", {
                      name: one.name,
                      number: one.number,
                      state: word("presence", one.state),
                      load: percent(one.load),
                      time: one.works_until ? clockTime(one.works_until, minute.value) : "",
                    })}
                  </option>
                ))}
              </select>
            </Field>
            <Field id="note" label={t("hand.note")} hint={t("hand.noteHint")}>
              <textarea id="note" name="note" rows={3} maxLength={2000} aria-describedby="note-hint" />
            </Field>
            <p class="board-do">
              <button type="submit" class="button button-main" disabled={isBusy.value || sheet.colleagues.length === 0} data-testid="offer">
                <Icon name="swap" />
                {t("hand.offer")}
              </button>
            </p>
          </div>
        </form>
      )}
    </section>
  );
}

/** What colleagues ask me to take over. */
export function Received({ offers }: { offers: Handover[] }) {
  const { api, act } = boardPages(useDesk());
  const declining = useSignal<Handover | null>(null);
  const open = offers.filter((one) => one.state === "offered");
  if (open.length === 0) return null;
  return (
    <section class="card hand-asked" aria-labelledby="received-title" data-testid="received">
      <h3 id="received-title">{t("hand.received", { n: open.length })}</h3>
      <ul class="hand-rows">
        {open.map((one) => (
          <li key={one.id}>
            <TicketLine ticket={one.ticket} />
            <p class="board-facts">
              <span>{t("hand.from", { name: one.from?.name ?? "", time: clockTime(one.offered_at, minute.value) })}</span>
              {one.note && <span>“{one.note}”</span>}
            </p>
            <div class="board-do">
              <button type="button" class="button button-main" data-testid="accept" onClick={() => void act(api.accept(one.id), "hand.accepted")}>
                <Icon name="check" />
                {t("hand.accept")}
                <span class="unseen"> {one.ticket.number}</span>
              </button>
              <button type="button" class="button" data-testid="decline" onClick={() => (declining.value = one)}>
                {t("hand.decline")}
                <span class="unseen"> {one.ticket.number}</span>
              </button>
            </div>
          </li>
        ))}
      </ul>
      {declining.value && (
        <ReasonDialog
          name="decline"
          title={t("hand.declineTitle", { number: declining.value.ticket.number })}
          label={t("transfer.reason")}
          hint={t("hand.declineHint")}
          submit={t("hand.decline")}
          act={(why) => act(api.decline(declining.value?.id ?? 0, why), "hand.declined")}
          onClose={() => (declining.value = null)}
        />
      )}
    </section>
  );
}

/** What I asked of colleagues, and what they said. */
export function Given({ offers }: { offers: Handover[] }) {
  const { api, act } = boardPages(useDesk());
  if (offers.length === 0) return null;
  return (
    <section class="card" aria-labelledby="given-title" data-testid="given">
      <h3 id="given-title">{t("hand.given")}</h3>
      <ul class="hand-rows">
        {offers.map((one) => (
          <li key={one.id} data-state={one.state}>
            <TicketLine ticket={one.ticket} />
            <p class="board-facts">
              <span class={one.state === "declined" ? "badge badge-late" : one.state === "accepted" ? "badge badge-ok" : "badge"}>{word("hand.state", one.state)}</span>
              <span>{t("hand.to", { name: one.to?.name ?? "" })}</span>
              {one.answer && <span>“{one.answer}”</span>}
            </p>
            {one.state === "offered" && (
              <div class="board-do">
                <button type="button" class="button" onClick={() => void act(api.withdraw(one.id), "hand.withdrawn")}>
                  {t("hand.withdraw")}
                  <span class="unseen"> {one.ticket.number}</span>
                </button>
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
