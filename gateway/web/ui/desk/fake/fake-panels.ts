/** SAMPLE DATA: what belongs to a ticket besides its conversation, in memory, answering as the gateway would. */
import type { Ticket } from "../types";
import type { Act, Cause, CheckedDraft, Complaint, Correction, DraftProblem, Owed, Segment, Task } from "../types-ticket";
import type { Body } from "./fake-desk";
import { FakeLife } from "./fake-life";

interface Answer {
  status: number;
  body?: unknown;
  /** What of the ticket changes by it. */
  ticket?: Partial<Ticket>;
}

const MINUTE = 60_000;
const iso = (at: number) => new Date(at).toISOString();

export const CAUSES: Cause[] = [
  { cause: "staff", label: { "zh-CN": "人手不足", en: "Short of staff" } },
  { cause: "details", label: { "zh-CN": "资料不全，身份待核实", en: "Details incomplete, identity to be verified" } },
  { cause: "supplier", label: { "zh-CN": "等待供应商或物流", en: "Waiting for a supplier or carrier" } },
  { cause: "system", label: { "zh-CN": "系统故障", en: "System failure" } },
];

/** A promise with sensible values: name only what matters. Times are minutes from now. */
export function anOwed(now: number, said: Partial<Owed> & { kind: string }): Owed {
  return {
    id: "1", state: "running", is_late: false, owner: "support", agent: null, told: true, text: "", because: "aftersale, urgent, none on chat",
    rule: "promises.resolution", version: "sample", counts: "opening", span_s: 7200, used_s: 0, started_at: iso(now - 60 * MINUTE), due_at: iso(now + 60 * MINUTE),
    warn_at: iso(now + 30 * MINUTE), paused_at: null, paused_because: null, settled_at: null,
    segments: [{ from_at: iso(now - 60 * MINUTE), until_at: null, kind: "counting", because: "running" }],
    ...said,
  };
}

export function aTask(now: number, said: Partial<Task>): Task {
  return {
    id: "1", ticket: "", department: "logistics", text: "", state: "asked", accept_by: iso(now + 90 * MINUTE), solve_by: iso(now + 20 * 60 * MINUTE),
    asked_by: { number: "1001", name: "林晓" }, asked_at: iso(now), agent: null, answer: null, ...said,
  };
}

function aRecord(ticket: Ticket): Complaint {
  const known: Record<string, string | null> = { content: ticket.last_text, happened_at: ticket.opened_at, contact: ticket.contact.name, product: "电热水壶", responsible: ticket.department };
  const names = ["content", "happened_at", "contact", "order", "product", "wanted", "first_handler", "escalated_at", "escalated_because", "responsible", "solution", "response"];
  const fields = Object.fromEntries(names.map((name) => [name, { value: known[name] ?? null, by_person: false }]));
  return { number: ticket.number, version: 0, fields, closed_at: null, required: ["content", "wanted", "responsible", "solution"], missing: ["wanted", "solution"] };
}

const ACTS: Act[] = [
  { at: "", kind: "ticket.opened", actor: "bot", because: "the contact asks for a person; urgency urgent: “着急”", rules: "2f9a41c07b", inputs: { about: { type: "aftersale", urgency: "urgent", anomaly: "none" }, owed: { first_response: "2026-11-22T02:00:00Z" } } },
  { at: "", kind: "promise", actor: "system", because: "aftersale, urgent, none on chat", rules: "1c77d0e5aa", inputs: { what: "late", promise: "first_response" } },
];

const ASKED = "the agent asked the contact something";

function samplePromises(number: string, now: number): Owed[] {
  const at = (minutes: number) => iso(now + minutes * MINUTE);
  const stretch = (from: number, until: number | null, kind: Segment["kind"], because: string): Segment => ({ from_at: at(from), until_at: until === null ? null : at(until), kind, because });
  const paused = [stretch(-65, -50, "counting", "running"), stretch(-50, -30, "paused", ASKED), stretch(-30, null, "counting", "running")];
  switch (number) {
    case "T20261122-0003":
      return [
        anOwed(now, { id: "2", kind: "resolution", started_at: at(-65), due_at: at(57), warn_at: at(30), used_s: 900, segments: paused }),
        anOwed(now, { id: "3", kind: "promised", text: "今天 11:30 前给您答复", counts: "calendar", because: "agent 1001 promised", span_s: null, started_at: at(-30), due_at: at(9), warn_at: at(-3), segments: [stretch(-30, null, "counting", "running")] }),
        anOwed(now, { id: "4", kind: "acceptance", owner: "logistics", started_at: at(-20), due_at: at(100), warn_at: at(70), segments: [stretch(-20, null, "counting", "running")] }),
        anOwed(now, { id: "1", kind: "first_response", state: "kept", started_at: at(-65), due_at: at(-35), settled_at: at(-61), segments: [] }),
      ];
    case "T20261121-0042":
      return [anOwed(now, { id: "5", kind: "resolution", state: "paused", started_at: at(-1620), due_at: null, warn_at: null, span_s: 48 * 3600, used_s: 3600, paused_at: at(-1560), paused_because: ASKED, segments: [stretch(-1620, -1560, "counting", "running"), stretch(-1560, null, "paused", ASKED)] })];
    case "T20261122-0007":
      return [
        anOwed(now, { id: "6", kind: "first_response", is_late: true, started_at: at(-20), due_at: at(-4), warn_at: at(-8), segments: [stretch(-20, null, "counting", "running")] }),
        anOwed(now, { id: "7", kind: "explanation", told: false, counts: "calendar", span_s: 3600, started_at: at(-4), due_at: at(56), warn_at: at(41), segments: [stretch(-4, null, "counting", "running")] }),
      ];
    default:
      return [];
  }
}

export class FakePanels {
  readonly promises = new Map<string, Owed[]>();
  readonly explained: Body[] = [];
  readonly life = new FakeLife();
  readonly tasks = new Map<string, Task[]>();
  readonly records = new Map<string, Complaint>();
  readonly corrections = new Map<string, Correction[]>();
  /** Whether banned words keep a reply from being sent (`words.enforce`). */
  blocks = true;

  constructor(private readonly now: () => number) {}

  owed(number: string): Owed[] {
    const known = this.promises.get(number) ?? samplePromises(number, this.now());
    this.promises.set(number, known);
    return known;
  }

  /** What lies below no ticket; undefined where it is no address of ours. */
  loose(_method: string, path: string, body: Body): Answer | undefined {
    const [, first, id, verb] = path.split("/");
    if (first === "contacts") {
      this.life.prefer(body);
      return { status: 200, body: {} };
    }
    if (first === "tasks") return this.moved(id ?? "", verb ?? "", body);
    return path === "/drafts/check" ? { status: 200, body: this.checked(String(body["text"])) } : undefined;
  }

  /** As the gateway would find it in a few sentences; it reads far more. */
  private checked(text: string): CheckedDraft {
    const problems: DraftProblem[] = [];
    if (text.includes("尽快")) problems.push({ kind: "vague", text: "尽快", better: "今天 18:00 前" });
    if (text.includes("不知道")) problems.push({ kind: "banned", text: "不知道", better: "我帮您查一下" });
    if (text.includes("肯定能退款")) problems.push({ kind: "unkeepable", text: "肯定能退款", better: "请写明预计的时间和以什么为准，以及由谁在什么时间告诉客户结果" });
    const due_at = iso(Date.parse("2026-11-23T02:00:00Z"));
    const promises = text.includes("明天上午10点前") ? [{ text: "明天上午10点前", due_at, label: "11月23日（周一）10:00", confidence: 0.95 }] : [];
    return { promises, problems, blocks: this.blocks };
  }

  /** Undefined where it is no address of ours. */
  answer(method: string, ticket: Ticket, [act = "", ...rest]: string[], body: Body): Answer | undefined {
    if (act === "promises") return this.promised(method, ticket.number, rest, body);
    if (act === "explanation") {
      this.explained.push(body);
      this.change(ticket.number, (one) => (one.kind === "explanation" ? { ...one, state: "kept", settled_at: iso(this.now()) } : one));
      return this.all(ticket.number);
    }
    const changed = method === "POST" ? this.life.act(ticket, [act, ...rest], body) : undefined;
    if (changed) return { status: 200, ticket: changed };
    if (act === "classification") return this.classified(method, ticket, body);
    if (act === "urgency") return { status: 200, ticket: { urgency: String(body["urgency"]) as Ticket["urgency"] } };
    if (act === "escalate") return { status: 200, ticket: { line: 2, agent: null, status: "open" } };
    if (act === "tasks") return this.asked(method, ticket, body);
    if (act === "complaint") return this.recorded(method, ticket, body);
    if (act === "why") return { status: 200, body: { acts: ACTS.map((one) => ({ ...one, at: ticket.opened_at })), rules_now: "2f9a41c07b" } };
    return undefined;
  }

  private classified(method: string, ticket: Ticket, body: Body): Answer {
    const { type, subtype, urgency, anomaly, department } = ticket;
    const holds = { type, subtype, urgency, anomaly, department: department ?? "", needs_identity: true };
    const corrections = this.corrections.get(ticket.number) ?? [];
    if (method === "POST") {
      const agent = { number: "1001", name: "林晓" };
      for (const [field, value] of Object.entries(body)) {
        if (field === "version" || field === "reason") continue;
        corrections.push({ field, was: String(holds[field as keyof typeof holds]), value: String(value), reason: String(body["reason"]), agent, at: iso(this.now()) });
        if (field in ticket) (holds as Record<string, unknown>)[field] = value;
      }
      this.corrections.set(ticket.number, corrections);
    }
    const said = { ...holds, version: "sample", sensitive: [], lang: "zh-CN", confidence: { type: 0.97, urgency: 0.81, anomaly: 0.93, department: 0.88, needs_identity: 0.76 }, at: ticket.opened_at };
    const answer = { number: ticket.number, version: ticket.version, said, holds, corrections, subtypes: ["物流查询", "退款", "质量"] };
    const { needs_identity: _, ...changed } = holds;
    return method === "POST" ? { status: 200, body: answer, ticket: changed } : { status: 200, body: answer };
  }

  private asked(method: string, ticket: Ticket, body: Body): Answer {
    const all = this.tasksOf(ticket.number);
    if (method === "GET") return { status: 200, body: { tasks: all } };
    const task = aTask(this.now(), { id: String(900 + all.length), ticket: ticket.number, department: String(body["department"]), text: String(body["text"]) });
    this.tasks.set(ticket.number, [...all, task]);
    return { status: 201, body: task };
  }

  tasksOf(number: string): Task[] {
    const sample = number === "T20261122-0003" ? [aTask(this.now(), { id: "41", ticket: number, text: "请核对 11 月 3 日订单的积分流水", state: "accepted", agent: { number: "1002", name: "李娜" } })] : [];
    const known = this.tasks.get(number) ?? sample;
    this.tasks.set(number, known);
    return known;
  }

  private moved(id: string, verb: string, body: Body): Answer {
    const states: Record<string, Task["state"]> = { accept: "accepted", done: "done", decline: "declined", withdraw: "withdrawn" };
    for (const [number, all] of this.tasks) {
      const task = all.find((one) => one.id === id);
      if (!task) continue;
      const moved = { ...task, state: states[verb] ?? task.state, answer: String(body["answer"] ?? body["reason"] ?? "") || null };
      this.tasks.set(number, all.map((one) => (one === task ? moved : one)));
      return { status: 200, body: moved };
    }
    return { status: 404, body: "没有这项任务" };
  }

  private recorded(method: string, ticket: Ticket, body: Body): Answer {
    const record = this.records.get(ticket.number) ?? aRecord(ticket);
    if (method === "PATCH" && body["version"] !== record.version) return { status: 409, body: "别人刚刚改过这份记录" };
    if (method === "PATCH") {
      for (const [name, value] of Object.entries(body)) if (name in record.fields) record.fields[name] = { value: value === null ? null : String(value), by_person: value !== null };
      record.version++;
      record.missing = record.required.filter((name) => !record.fields[name]?.value);
    }
    this.records.set(ticket.number, record);
    return { status: 200, body: record };
  }

  /** A reply carried a promise that its agent had confirmed. */
  promise(number: string, given: { text: string; due_at: string }): void {
    const started_at = iso(this.now());
    const one = anOwed(this.now(), { id: String(100 + this.owed(number).length), kind: "promised", counts: "calendar", span_s: null, started_at, warn_at: null, ...given, segments: [{ from_at: started_at, until_at: null, kind: "counting", because: "running" }] });
    this.promises.set(number, [...this.owed(number), one]);
  }

  private promised(method: string, number: string, [id, verb]: string[], body: Body): Answer {
    if (method === "GET") return this.all(number);
    if (!this.owed(number).some((one) => one.id === id)) return { status: 404, body: "没有这项承诺" };
    if (verb === "keep") this.change(number, (one) => (one.id === id ? { ...one, state: "kept", settled_at: iso(this.now()) } : one));
    if (verb === "renegotiate") this.change(number, (one) => (one.id === id ? { ...one, due_at: String(body["due_at"]), warn_at: null, is_late: false } : one));
    return this.all(number);
  }

  private change(number: string, by: (one: Owed) => Owed): void {
    this.promises.set(number, this.owed(number).map(by));
  }

  private all(number: string): Answer {
    return { status: 200, body: { now: iso(this.now()), escalation: { level: 0, at: null, because: null }, causes: CAUSES, promises: this.owed(number) } };
  }
}
