/** What waits for a second person: others' requests to decide on, one's own to carry out, and what became of the rest. */
import { useDesk } from "../desk";
import { ApprovalDo } from "../parts/approval-do";
import { Fetched } from "../parts/fetched";
import { ProofDialog } from "../parts/proof-dialog";
import { writeRoute } from "../route";
import { minute } from "../state/now";
import { numberOf, privacyOf } from "../state/privacy";
import type { Approval } from "../types-privacy";
import { clockTime, t, word } from "../words";
import "./privacy.css";

export function Approvals() {
  const { approvals, load, isMine } = privacyOf(useDesk());
  const found = approvals.value.value?.approvals ?? [];
  const open = found.filter((one) => one.may_decide);
  const mine = found.filter((one) => isMine(one) && (one.state === "asked" || one.state === "approved"));
  const rest = found.filter((one) => !open.includes(one) && !mine.includes(one));
  return (
    <>
      <p class="knowledge-lead">{t("approval.lead")}</p>
      <Fetched of={[approvals]} again={load} />
      {approvals.value.value && open.length + mine.length === 0 && <p class="knowledge-says" role="status">{t("approval.none")}</p>}
      {open.length > 0 && <Requests title={t("approval.open")} requests={open} name="approvals-open" />}
      {mine.length > 0 && <Requests title={t("approval.mine")} requests={mine} name="approvals-mine" />}
      {rest.length > 0 && (
        <details class="alarms-seen">
          <summary>{t("approval.settled", { n: rest.length })}</summary>
          <ul class="board-cards">
            {rest.map((one) => (
              <Request key={one.id} approval={one} />
            ))}
          </ul>
        </details>
      )}
      <ProofDialog />
    </>
  );
}

function Requests({ title, requests, name }: { title: string; requests: Approval[]; name: string }) {
  return (
    <section>
      <h3 class="approval-head">{title}</h3>
      <ul class="board-cards" data-testid={name}>
        {requests.map((one) => (
          <Request key={one.id} approval={one} />
        ))}
      </ul>
    </section>
  );
}

function Request({ approval: one }: { approval: Approval }) {
  const number = numberOf(one);
  const isOpen = one.state === "asked" || one.state === "approved";
  return (
    <li class="card approval" data-testid="approval" data-state={one.state}>
      <p class="board-title">
        <strong>{word("approval.act", one.act)}</strong>
        {one.about.startsWith("ticket:") ? <a class="board-link" href={writeRoute({ view: "all", number })}>{number}</a> : <span>{number}</span>}
        <StateBadge approval={one} />
      </p>
      <p class="board-words" dir="auto">{one.reason || t("approval.forgotten")}</p>
      <p class="board-facts">
        <span>{t("approval.askedBy", { who: one.asked_by, time: clockTime(one.asked_at, minute.value) })}</span>
        {one.decided_at && <span>{t("approval.decidedBy", { who: one.decided_by ?? "", time: clockTime(one.decided_at, minute.value) })}</span>}
        {one.used_at && <span>{t("approval.usedAt", { time: clockTime(one.used_at, minute.value) })}</span>}
        {isOpen && <span>{t("approval.until", { time: clockTime(one.expires_at, minute.value) })}</span>}
      </p>
      {one.answer && <p class="approval-quote" dir="auto">{one.answer}</p>}
      <ApprovalDo approval={one} />
    </li>
  );
}

const COLOURS: Record<Approval["state"], string> = { asked: "badge-warn", approved: "badge-ok", refused: "badge-late", used: "", over: "" };

export function StateBadge({ approval: one }: { approval: Approval }) {
  return <span class={`badge ${COLOURS[one.state]}`}>{word("approval.state", one.state)}</span>;
}
