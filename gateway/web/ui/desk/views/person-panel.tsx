/** A customer's data as a whole: ask for its export or erasure, and carry out what was approved. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useDesk } from "../desk";
import { ApprovalDo } from "../parts/approval-do";
import { ProofDialog } from "../parts/proof-dialog";
import { ReasonDialog } from "../parts/reason-dialog";
import { writeBoard } from "../route";
import { minute } from "../state/now";
import { privacyOf } from "../state/privacy";
import type { Ticket } from "../types";
import { clockTime, t, word } from "../words";
import { StateBadge } from "./board-approvals";
import "./knowledge.css"; // its badges
import "./board.css";
import "./privacy.css";

const ACTS = ["export", "erasure"] as const;

export function PersonPanel({ ticket }: { ticket: Ticket }) {
  const { approvals, load, ask, may } = privacyOf(useDesk());
  const asking = useSignal<(typeof ACTS)[number] | null>(null);
  const about = `contact:${ticket.contact.number}`;
  useEffect(() => {
    asking.value = null;
    void load();
  }, [about]);
  const known = approvals.value.value?.approvals.filter((one) => one.about === about && (ACTS as readonly string[]).includes(one.act)) ?? [];
  const isOpen = (act: string) => known.some((one) => one.act === act && (one.state === "asked" || one.state === "approved"));
  const close = () => (asking.value = null);
  return (
    <section class="person-panel" data-testid="person-data">
      <h2>{t("person.title")}</h2>
      <ul class="person-requests">
        {known.slice(0, 4).map((one) => (
          <li key={one.id} data-testid="person-request" data-state={one.state}>
            <span>
              {word("approval.act", one.act)} <StateBadge approval={one} />
            </span>
            <time class="audit-when" dateTime={one.asked_at}>{clockTime(one.asked_at, minute.value)}</time>
            {one.answer && <p class="approval-quote" dir="auto">{one.answer}</p>}
            <ApprovalDo approval={one} />
          </li>
        ))}
      </ul>
      <p class="panel-do">
        {ACTS.filter((act) => may(`${act}.ask`) && !isOpen(act)).map((act) => (
          <button key={act} type="button" class="link" data-testid={`ask-${act}`} onClick={() => (asking.value = act)}>
            {t(`person.${act}`)}
          </button>
        ))}
        {known.length > 0 && <a class="link" href={writeBoard("approvals")}>{t("person.all")}</a>}
      </p>
      {asking.value && (
        <ReasonDialog
          key={asking.value}
          name="ask-approval"
          title={t(`person.${asking.value}.title`, { number: ticket.contact.number })}
          label={t("person.reason")}
          hint={t("person.hint")}
          submit={t("person.ask")}
          act={(words) => ask(asking.value ?? "export", about, words)}
          onClose={close}
        />
      )}
      <ProofDialog />
    </section>
  );
}
