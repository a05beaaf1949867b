/** What can be done with the ticket as it stands. */
import { useDesk } from "../desk";
import type { Ticket } from "../types";
import { t } from "../words";
import { Icon } from "./icon";
import "./action-bar.css";

export function ActionBar({ ticket }: { ticket: Ticket }) {
  const { actions, channels, dialog, isFactsOpen, mailroom } = useDesk();
  const isMail = channels.kindOf(ticket.channel) === "mail";
  const isDone = ticket.status === "resolved" || ticket.status === "closed";
  return (
    <div class="actions" role="group" aria-label={t("act.label")}>
      {!isDone && !ticket.agent && (
        <button type="button" class="button button-main" aria-keyshortcuts="c" data-testid="claim" onClick={() => void actions.claim(ticket)}>
          <Icon name="hand" />
          {t("act.claim")}
        </button>
      )}
      {!isDone && (
        <button type="button" class="button" aria-keyshortcuts="t" data-testid="transfer" onClick={() => (dialog.value = "transfer")}>
          <Icon name="swap" />
          {t("act.transfer")}
        </button>
      )}
      {!isDone && (
        <button type="button" class="button" aria-keyshortcuts="e" data-testid="resolve" onClick={() => (dialog.value = "resolve")}>
          <Icon name="check" />
          {t("act.resolve")}
        </button>
      )}
      {ticket.status === "resolved" && (
        <button type="button" class="button" data-testid="close" onClick={() => void actions.close(ticket)}>
          <Icon name="lock" />
          {t("act.close")}
        </button>
      )}
      {ticket.spam !== null && mailroom.may("ticket.spam") && (
        <button type="button" class="button" data-testid="not-spam" onClick={() => (dialog.value = "notSpam")}>
          <Icon name="again" />
          {t("notSpam.submit")}
        </button>
      )}
      {isMail && ticket.spam === null && mailroom.may("ticket.spam") && (
        <button type="button" class="button" data-testid="spam" onClick={() => (dialog.value = "spam")}>
          <Icon name="shield" />
          <span class="action-words">{t("spam.submit")}</span>
        </button>
      )}
      {isDone && ticket.spam === null && (
        <button type="button" class="button" data-testid="reopen" onClick={() => (dialog.value = "reopen")}>
          <Icon name="again" />
          {t("act.reopen")}
        </button>
      )}
      <button
        type="button"
        class="icon-button facts-toggle"
        aria-label={t("thread.facts")}
        aria-expanded={isFactsOpen.value}
        onClick={() => (isFactsOpen.value = !isFactsOpen.value)}
      >
        <Icon name="info" />
      </button>
    </div>
  );
}
