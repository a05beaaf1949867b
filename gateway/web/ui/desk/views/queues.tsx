/** Queues and views, with what waits in each. */
import { useEffect, useRef } from "preact/hooks";
import { useDesk } from "../desk";
import { Icon, type IconName } from "../parts/icon";
import { writeKnowledge, writeRoute } from "../route";
import { departmentName, t } from "../words";
import "./queues.css";

export function Queues() {
  const { session, tickets, knowledge, seesTickets } = useDesk();
  const link = useRef<HTMLAnchorElement>(null);
  const isKnowledge = knowledge.place.value !== null;
  // On a telephone the queues scroll sideways: what is open must be seen to be.
  useEffect(() => {
    if (isKnowledge) link.current?.scrollIntoView({ inline: "nearest", block: "nearest" });
  }, [isKnowledge]);
  const counts = tickets.counts.value;
  const departments = session.me.value?.departments ?? [];
  return (
    <nav class="queues" aria-label={t("nav.label")}>
      {seesTickets() && (
        <ul>
          <QueueLink view="unassigned" icon="inbox" label={t("nav.queue")} count={counts.queue} />
          <QueueLink view="mine" icon="person" label={t("nav.mine")} count={counts.mine} />
          <QueueLink view="all" icon="stack" label={t("nav.all")} count={counts.all} />
        </ul>
      )}
      <ul class="queues-apart">
        <li>
          <a
            ref={link}
            href={writeKnowledge({ page: "entries", item: null })}
            aria-current={isKnowledge ? "page" : undefined}
            data-testid="nav-knowledge"
          >
            <Icon name="book" />
            <span class="queue-name">{t("knowledge.title")}</span>
          </a>
        </li>
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
  const { tickets, knowledge } = useDesk();
  return (
    <li>
      <a
        href={writeRoute({ view, number: null })}
        aria-current={tickets.view.value === view && !knowledge.place.value ? "page" : undefined}
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
