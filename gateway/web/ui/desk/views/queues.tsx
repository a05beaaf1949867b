/** Queues and views, with what waits in each. */
import { useEffect, useRef } from "preact/hooks";
import { useDesk } from "../desk";
import { Icon, type IconName } from "../parts/icon";
import { writeAccess, writeBoard, writeKnowledge, writeMail, writeRoute } from "../route";
import { departmentName, t } from "../words";
import "./queues.css";

export function Queues() {
  const { session, tickets, knowledge, mailroom, board, access, seesTickets } = useDesk();
  const nav = useRef<HTMLElement>(null);
  const isKnowledge = knowledge.place.value !== null;
  // On a telephone the queues scroll sideways: what is open must be seen to be.
  const isMail = mailroom.place.value !== null;
  const isBoard = board.place.value !== null;
  useEffect(() => {
    if (isKnowledge || isMail || isBoard) nav.current?.querySelector("[aria-current]")?.scrollIntoView({ inline: "nearest", block: "nearest" });
  }, [isKnowledge, isMail, isBoard]);
  const counts = tickets.counts.value;
  const departments = session.me.value?.departments ?? [];
  return (
    <nav ref={nav} class="queues" aria-label={t("nav.label")}>
      {seesTickets() && (
        <ul>
          <QueueLink view="unassigned" icon="inbox" label={t("nav.queue")} count={counts.queue} />
          <QueueLink view="mine" icon="person" label={t("nav.mine")} count={counts.mine} />
          <QueueLink view="all" icon="stack" label={t("nav.all")} count={counts.all} />
          <QueueLink view="spam" icon="shield" label={t("nav.spam")} count={counts.spam} />
        </ul>
      )}
      <ul class="queues-apart">
        {(seesTickets() || board.may("reports.see")) && (
          <li>
            <a href={writeBoard("late")} aria-current={isBoard ? "page" : undefined} data-testid="nav-board">
              <Icon name="eye" />
              <span class="queue-name">{t("board.title")}</span>
            </a>
          </li>
        )}
        <li>
          <a
            href={writeKnowledge({ page: "entries", item: null })}
            aria-current={isKnowledge ? "page" : undefined}
            data-testid="nav-knowledge"
          >
            <Icon name="book" />
            <span class="queue-name">{t("knowledge.title")}</span>
          </a>
        </li>
        {board.may("accounts.see") && (
          <li>
            <a href={writeAccess("people")} aria-current={access.value && access.value.page !== "me" ? "page" : undefined} data-testid="nav-accounts">
              <Icon name="lock" />
              <span class="queue-name">{t("nav.accounts")}</span>
            </a>
          </li>
        )}
        {seesTickets() && (
          <li>
            <a
              href={writeMail({ page: "unread", item: null })}
              aria-current={isMail ? "page" : undefined}
              data-testid="nav-mail"
            >
              <Icon name="mail" />
              <span class="queue-name">{t("mail.title")}</span>
            </a>
          </li>
        )}
      </ul>
      {seesTickets() && departments.length > 0 && (
        <>
          <h2>{t("nav.departments")}</h2>
          <ul>
            {departments.map((one) => (
              <QueueLink
                key={one.id}
                view={`d-${one.id}`}
                icon="house"
                label={departmentName(departments, one.id)}
                count={counts.departments?.[one.id]}
              />
            ))}
          </ul>
        </>
      )}
    </nav>
  );
}

function QueueLink({ view, icon, label, count }: { view: string; icon: IconName; label: string; count: number | undefined }) {
  const { tickets, knowledge, mailroom, board, access } = useDesk();
  return (
    <li>
      <a
        href={writeRoute({ view, number: null })}
        aria-current={tickets.view.value === view && !knowledge.place.value && !mailroom.place.value && !board.place.value && !access.value ? "page" : undefined}
        data-testid={`queue-${view}`}
      >
        <Icon name={icon} />
        <span class="queue-name">{label}</span>
        {count !== undefined && (
          <span class="queue-count">
            <span aria-hidden="true">{count}</span>
            <span class="unseen">{t("nav.count", { n: count })}</span>
          </span>
        )}
      </a>
    </li>
  );
}
