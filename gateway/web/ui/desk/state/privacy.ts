/** What is known of requests that two decide on, and of the audit; made when the first page asks for it. */
import { effect, signal, untracked } from "@preact/signals";
import { privacyApi } from "../api-privacy";
import type { Desk } from "../desk";
import type { Approval, ApprovalList, AuditPage } from "../types-privacy";
import { accessOf } from "./access";
import { asked } from "./asked";

function createPrivacy(desk: Desk) {
  const api = privacyApi(desk.api);
  const { attempt, may } = accessOf(desk);
  const approvals = asked<ApprovalList>();
  const audit = asked<AuditPage>();
  const search = signal<Record<string, string>>({});

  const load = () => approvals.ask(api.approvals);
  const loadAudit = () => audit.ask(() => api.audit(search.value));
  const loadMore = () => {
    const before = audit.value.value;
    if (!before?.next) return;
    void audit.ask(async () => {
      const page = await api.audit({ ...search.value, before: String(before.next) });
      return { acts: [...before.acts, ...page.acts], next: page.next };
    });
  };

  effect(() => {
    if (desk.session.phase.value !== "out") return;
    untracked(() => {
      approvals.forget();
      audit.forget();
      search.value = {};
    });
  });

  const then = async (done: Promise<boolean>) => {
    const isDone = await done;
    await load();
    return isDone;
  };
  return {
    approvals,
    audit,
    search,
    load,
    loadAudit,
    loadMore,
    may,
    isMine: (one: Approval) => one.asked_by === desk.session.me.value?.agent.number,
    /** True if it was done; so are they all. */
    ask: (act: string, about: string, reason: string) => then(attempt(() => api.ask(act, about, reason), "approval.sent")),
    decide: (one: Approval, verb: "approve" | "refuse", reason: string) =>
      then(attempt(() => api.decide(one.id, verb, reason), verb === "approve" ? "approval.approved" : "approval.refused")),
    download: (one: Approval) => then(attempt(() => api.export(numberOf(one), one.id), "approval.downloaded", (file) => desk.ports.save(file, `${numberOf(one)}.zip`))),
    erase: (one: Approval) => then(attempt(() => api.erase(numberOf(one), one.id), "approval.erased")),
  };
}

export type Privacy = ReturnType<typeof createPrivacy>;

/** `C20261122007` of `contact:C20261122007`. */
export function numberOf(one: { about: string }): string {
  return one.about.slice(one.about.indexOf(":") + 1);
}

const made = new WeakMap<Desk, Privacy>();

/** One for each desk. */
export function privacyOf(desk: Desk): Privacy {
  const known = made.get(desk) ?? createPrivacy(desk);
  made.set(desk, known);
  return known;
}
