/** How sure we are who the customer is: what is proven, what is waited for; ask for a proof, or end one. */
import { useDesk } from "../desk";
import { minute } from "../state/now";
import { ticketState } from "../state/ticket";
import type { Ticket } from "../types";
import { clockTime, t, word } from "../words";

const ASKED = ["L1", "L2"];

export function VerificationPanel({ ticket }: { ticket: Ticket }) {
  const { api, act, may, verification } = ticketState(useDesk());
  const found = verification.value.value;
  if (!found) return null;
  const isDone = ticket.status === "resolved" || ticket.status === "closed";
  const mayAct = may("ticket.reply") && !isDone;
  const [latest] = found.attempts;
  return (
    <section data-testid="verification" data-level={found.level}>
      <h2>{t("proven.panel")}</h2>
      <p>
        <strong>{word("proven.level", found.level)}</strong> <span class="sure">{found.level}</span>
      </p>
      {found.expires_at && (
        <p class="panel-because">
          {word("proven.method", found.method)} {t("proven.until", { time: clockTime(found.expires_at, minute.value) })}
        </p>
      )}
      {found.awaited && <p class="panel-because" role="status">{t("proven.awaited", { level: found.awaited.level, time: clockTime(found.awaited.at, minute.value) })}</p>}
      {latest && <p class="panel-because">{t("proven.latest", { outcome: word("proven.outcome", latest.outcome ?? latest.state), time: clockTime(latest.at, minute.value) })}</p>}
      {mayAct && (
        <p class="panel-do">
          {ASKED.filter((level) => level > found.level).map((level) => (
            <button key={level} type="button" class="link" data-testid={`verify-${level}`} onClick={() => void act(api.askProof(ticket.number, level), "proven.sent")}>
              {t("proven.ask", { level: word("proven.level", level) })}
            </button>
          ))}
          {found.level !== "L0" && (
            <button type="button" class="link" data-testid="verify-end" onClick={() => void act(api.endProof(ticket.number), "proven.ended")}>
              {t("proven.end")}
            </button>
          )}
        </p>
      )}
    </section>
  );
}
