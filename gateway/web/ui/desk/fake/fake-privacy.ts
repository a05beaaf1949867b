/** SAMPLE DATA and answers about requests of two and the audit: nobody in it exists. */
import type { Approval, AuditedAct, Verification } from "../types-privacy";
import type { Body } from "./fake-desk";
import { iso } from "./sample";

const MINUTE = 60_000;
const ME = "1001";

export class FakePrivacy {
  approvals: Approval[];
  acts: AuditedAct[];
  /** Customers whose data were handed out, and those erased. */
  readonly exported: string[] = [];
  readonly erased: string[] = [];
  readonly levels = new Map<string, string>();
  readonly awaited = new Map<string, string>();
  /** Set to ask for a proof of oneself first. */
  wantsProof = false;

  constructor(private readonly now: () => number) {
    this.approvals = [
      this.request(3, { act: "verification.override", about: "ticket:T20261122-0003", asked_by: "1002", reason: "回拨了登记的电话，确认是本人。", may_decide: true }),
      this.request(2, { reason: "客户来信要求提供自己的数据。" }),
      this.request(1, { act: "erasure", about: "contact:C20261120004", state: "refused", decided_by: "3001", decided_at: iso(now() - 30 * MINUTE), answer: "不是本人提出的。" }),
    ];
    const acts = ["reveal", "sign_in", "export.ask", "denied", "person.erase"];
    this.acts = acts.map((act, i) => this.row(40 - i, act));
  }

  request(id: number, said: Partial<Approval>): Approval {
    const at = this.now() - id * 10 * MINUTE;
    return { id, act: "export", about: "contact:C20261121007", reason: "", state: "asked", asked_by: ME, asked_at: iso(at), expires_at: iso(at + 24 * 60 * MINUTE), decided_by: null, decided_at: null, used_at: null, answer: null, may_decide: false, ...said };
  }

  /** Undefined where it is no address of these. */
  answer(method: string, path: string, search: URLSearchParams, body: Body): Response | undefined {
    const [, family = "", item = "", verb = ""] = path.split("/").map(decodeURIComponent);
    if (family === "audit") return this.audit(search);
    if (family === "approvals" && method === "GET") return json({ approvals: this.approvals, may_ask: ["export", "erasure"] });
    if (family === "approvals" && !item) return this.make(body);
    if (family === "approvals") return this.settle(Number(item), { state: verb === "approve" ? "approved" : "refused", decided_by: ME, decided_at: iso(this.now()), answer: String(body["reason"] ?? "") || null, may_decide: false });
    if (path === "/session/proof") {
      this.wantsProof = false;
      return json({ csrf: "again" });
    }
    if (family !== "customers" || (verb !== "export" && verb !== "erasure")) return undefined;
    if (this.wantsProof) return json({ type: "about:blank", status: 403, code: "proof_wanted", title: "请再次证明是您本人" }, 403);
    this.settle(Number(body["approval"]), { state: "used", used_at: iso(this.now()) });
    (verb === "export" ? this.exported : this.erased).push(item);
    return verb === "export" ? new Response("PK", { headers: { "content-type": "application/zip" } }) : json({ number: item, upto: iso(this.now()) });
  }

  /** Nobody has proven anything until `levels` says so. */
  verification(number: string, verb: string, body: Body): Verification {
    if (verb === "ask") this.awaited.set(number, String(body["level"]));
    if (verb === "end") this.levels.delete(number);
    const [level, at] = [this.levels.get(number), iso(this.now())];
    const awaited = this.awaited.get(number);
    return { level: level ?? "L0", method: level ? "order_phone" : null, granted_at: level ? at : null, expires_at: level ? at : null, awaited: awaited ? { level: awaited, step: "order", action: null, at } : null, attempts: [] };
  }

  private make(body: Body): Response {
    const made = this.request(this.approvals.length + 1, { act: String(body["act"]), about: String(body["about"]), reason: String(body["reason"]), asked_at: iso(this.now()) });
    this.approvals = [made, ...this.approvals];
    return json(made, 201);
  }

  private settle(id: number, said: Partial<Approval>): Response {
    this.approvals = this.approvals.map((one) => (one.id === id ? { ...one, ...said } : one));
    return json(this.approvals.find((one) => one.id === id));
  }

  private audit(search: URLSearchParams): Response {
    const before = Number(search.get("before") ?? Infinity);
    const found = this.acts.filter((one) => one.seq < before && (!search.get("act") || one.act === search.get("act")) && (!search.get("actor") || one.actor === search.get("actor")));
    const page = found.slice(0, 3);
    return json({ acts: page, next: found.length > 3 ? page.at(-1)?.seq : null });
  }

  private row(seq: number, act: string): AuditedAct {
    const about = act === "sign_in" ? null : act === "reveal" ? "ticket:T20261122-0003" : "contact:C20261121007";
    return { seq, at: iso(this.now() - (41 - seq) * 7 * MINUTE), actor: act === "denied" ? "agent:1002" : `agent:${ME}`, act, about, outcome: act === "denied" ? "refused" : "done", details: act === "person.erase" ? { approved_by: "agent:3001", rows: 12 } : {}, reason: act === "reveal" ? "核对收件地址" : null, reason_erased: act === "export.ask" };
  }
}

function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": status < 400 ? "application/json" : "application/problem+json" } });
}
