/** SAMPLE DATA and answers for the pages of the board: no person, order or emergency in it exists. */
import type { Presence, Ticket } from "../types";
import type { Alarm, Emergency, Handover, OwedInList, Worker } from "../types-board";
import type { Body } from "./fake-desk";
import type { FakePanels } from "./fake-panels";
import { COLLEAGUES, iso } from "./sample";

interface Answer {
  status: number;
  body: unknown;
}

const MINUTE = 60_000;
const DAY = ["09:00-12:00", "13:00-18:00"];
const NOTICE = {
  "zh-CN": "我们已获知一项影响多位客户的问题，负责部门正在处理。下一次进展通报：{news}。",
  en: "We know of a problem that affects several customers. Next news: {news}.",
};
const END = { "zh-CN": "此前通报的问题已经解决。感谢您的耐心与理解。", en: "The problem we told you of is solved. Thank you for your patience." };
const CAUSES = [
  { cause: "staff", label: { "zh-CN": "人手不足", en: "Too few people" } },
  { cause: "supplier", label: { "zh-CN": "等待供应商或承运方", en: "Waiting for a supplier or carrier" } },
];

export class FakeBoard {
  alarms: Alarm[];
  emergencies: Emergency[];
  people: Worker[];
  received: Handover[];
  given: Handover[] = [];
  readonly logged: Body[] = [];
  private reports = new Map<number, string>();

  constructor(
    private readonly now: () => number,
    private readonly ticket: (number: string) => Ticket | undefined,
    private readonly tell: (kind: string) => void,
    private readonly panels: FakePanels,
  ) {
    this.alarms = sampleAlarms(now());
    this.emergencies = sampleEmergencies(now());
    this.people = samplePeople(now());
    this.received = [
      this.handover(21, "T20261121-0031", { from: { number: "1002", name: "李娜" }, note: "物流部明天 10:00 前回复赔付方案，已告诉客户。" }),
      this.handover(22, "T20261122-0009", { from: { number: "1002", name: "李娜" } }),
    ];
  }

  heardState(number: string, state: Presence, back_at: string | null): void {
    this.people = this.people.map((one) => (one.number === number ? { ...one, state, back_at } : one));
  }

  /** The house raises an alarm, and tells every desk. */
  raise(said: Partial<Alarm>): void {
    const id = Math.max(0, ...this.alarms.map((one) => one.id)) + 1;
    this.alarms = [{ id, kind: "late", text: "首次人工答复已超时。", because: "the promise first_response is late", ticket: null, at: iso(this.now()), seen_by: null, seen_at: null, ...said }, ...this.alarms];
    this.tell("alarm");
  }

  /** Undefined where it is no address of these pages. */
  answer(method: string, path: string, search: URLSearchParams, body: Body): Answer | undefined {
    const [, family = "", item = "", verb = ""] = path.split("/").map(decodeURIComponent);
    switch (family) {
      case "promises":
        return ok({ promises: this.owed(search), next: null, causes: CAUSES });
      case "alarms":
        return item ? this.takeNote(Number(item)) : ok({ alarms: this.alarms.filter((one) => !search.has("unseen") || !one.seen_at) });
      case "emergencies":
        return this.emergency(method, item, verb, body);
      case "people":
        return item ? this.change(item, body) : ok({ people: this.people, departments_without_people: ["pr"], capacity: { chat: 5, social: 20, mail: 20 } });
      case "handovers":
        return item ? this.settle(Number(item), verb, body) : this.offer(body);
      case "me":
        return item === "handover" ? ok(this.sheet()) : undefined;
      case "logged":
        return method === "GET" ? ok({ channels: [{ name: "phone", label: { "zh-CN": "电话", en: "Phone" } }, { name: "counter", label: { "zh-CN": "门店", en: "Counter" } }] }) : this.log(body);
      case "reports":
        return ok(item === "causes" ? this.causes() : this.triage());
      default:
        return undefined;
    }
  }

  private owed(search: URLSearchParams): OwedInList[] {
    const numbers = ["T20261122-0003", "T20261121-0042", "T20261122-0007"];
    const all = numbers.flatMap((number) => this.panels.owed(number).map((one) => this.listed(number, one)));
    const at = this.now();
    const isLate = (one: OwedInList) => one.due_at !== null && Date.parse(one.due_at) <= at;
    const open = all.filter((one) => one.state === "running" && (search.get("state") === "late") === isLate(one));
    return open.filter((one) => !search.get("agent") || one.agent?.number === search.get("agent"));
  }

  private listed(number: string, one: ReturnType<FakePanels["owed"]>[number]): OwedInList {
    const ticket = this.ticket(number);
    const isBad = number === "T20261122-0007";
    return {
      ...one,
      agent: one.agent ?? ticket?.agent ?? null,
      ticket: number,
      subject: ticket?.subject ?? null,
      department: ticket?.department ?? "support",
      urgency: ticket?.urgency ?? "normal",
      escalation: isBad ? 1 : 0,
      escalated_because: isBad ? "the promise first_response is late" : null,
      cause: null,
      cause_owed: isBad && this.panels.explained.length === 0,
    };
  }

  private takeNote(id: number): Answer {
    this.alarms = this.alarms.map((one) => (one.id === id && !one.seen_at ? { ...one, seen_by: "1001", seen_at: iso(this.now()) } : one));
    const alarm = this.alarms.find((one) => one.id === id);
    return alarm ? ok(alarm) : missing();
  }

  private emergency(method: string, item: string, verb: string, body: Body): Answer {
    if (!item && method === "GET") return ok({ emergencies: this.emergencies, notice: NOTICE, end: END });
    if (!item) {
      const id = this.emergencies.length + 1;
      const said = body as unknown as { because: string; topics: string[]; channel: string; notice: Record<string, string>; news_at: string | null };
      this.emergencies = [{ ...anEmergency(this.now(), id), ...said, cause: "hand", state: "running", started_at: iso(this.now()), started_by: "agent:1001" }, ...this.emergencies];
      return { ...this.page(id), status: 201 };
    }
    const id = Number(item);
    if (!this.emergencies.some((one) => one.id === id)) return missing();
    if (verb === "report" && method === "GET") return ok({ markdown: this.reports.get(id) ?? "# 应急事件复盘\n\n- 原因：退款咨询异常增多\n\n## 时间线\n- 2026-11-22 09:05 提出\n\n## 为什么发生\n\n（请填写）\n", is_draft: !this.reports.has(id) });
    const at = iso(this.now());
    const said = body as unknown as { notice?: Record<string, string>; texts?: Record<string, string>; news_at?: string | null; markdown?: string; done?: boolean };
    const changes: Record<string, Partial<Emergency>> = {
      begin: { state: "running", started_at: at, started_by: "agent:1001", notice: said.notice ?? NOTICE, news_at: said.news_at ?? null },
      news: { notice: said.texts ?? null, news_at: said.news_at ?? null },
      end: { state: "ended", ended_at: at, ended_by: "agent:1001" },
      dismiss: { state: "dismissed" },
      report: said.done ? { reviewed_at: at, reviewed_by: "agent:1001" } : {},
    };
    if (verb === "news" && !Object.values(said.texts ?? {}).every((text) => text.includes("{news}"))) return { status: 400, body: "公告必须包含 {news}，即下一次通报的具体时间。" };
    if (verb === "report") this.reports.set(id, said.markdown ?? "");
    this.emergencies = this.emergencies.map((one) => (one.id === id ? { ...one, ...changes[verb], updates: one.updates + (verb === "news" ? 1 : 0) } : one));
    return this.page(id);
  }

  private page(id: number): Answer {
    const emergency = this.emergencies.find((one) => one.id === id);
    return ok({ emergency, tickets: ["T20261122-0009", "T20261122-0011"] });
  }

  private change(number: string, body: Body): Answer {
    this.people = this.people.map((one) => (one.number === number ? { ...one, ...(body as Partial<Worker>) } : one));
    return ok(this.people.find((one) => one.number === number));
  }

  private handover(id: number, ticket: string, said: Partial<Handover>): Handover {
    const found = this.ticket(ticket) as Ticket;
    return { id, ticket: found, to: null, from: null, note: "", state: "offered", answer: null, offered_at: iso(this.now() - 6 * MINUTE), settled_at: null, ...said };
  }

  private mine(): Ticket[] {
    return ["T20261122-0003", "T20261121-0042", "T20261122-0012"].map((number) => this.ticket(number)).filter((one): one is Ticket => one !== undefined);
  }

  private sheet() {
    const received = this.received.filter((one) => one.state === "offered");
    const colleagues = COLLEAGUES.filter((one) => one.number !== "1001").map((one) => ({ number: one.number, name: one.name, state: one.state, load: one.open / 8, works_until: iso(this.now() + 150 * MINUTE) }));
    return { ends_at: iso(this.now() + 25 * MINUTE), is_due: true, tickets: this.mine(), given: this.given, received, colleagues };
  }

  private offer(body: Body): Answer {
    const { to, tickets, note } = body as unknown as { to: string; tickets: string[]; note: string };
    const person = COLLEAGUES.find((one) => one.number === to) ?? null;
    const refused = tickets.filter((one) => one === "T20261122-0012").map((ticket) => ({ ticket, code: "over", detail: "这张工单刚刚被改动，请刷新。" }));
    const offered = tickets.filter((one) => !refused.some((each) => each.ticket === one));
    this.given = [...this.given, ...offered.map((ticket, i) => this.handover(40 + this.given.length + i, ticket, { to: person, note }))];
    this.tell("handover");
    return { status: 201, body: { offered, refused } };
  }

  private settle(id: number, verb: string, body: Body): Answer {
    const state = ({ accept: "accepted", decline: "declined", withdraw: "withdrawn" } as const)[verb] ?? "declined";
    const by = (one: Handover) => (one.id === id ? { ...one, state, answer: (body["reason"] as string | undefined) ?? null } : one);
    this.received = this.received.map(by);
    this.given = this.given.map(by);
    this.tell("handover");
    return ok(this.ticket("T20261121-0031"));
  }

  private log(body: Body): Answer {
    this.logged.push(body);
    return { status: 201, body: { ...(this.ticket("T20261122-0003") as Ticket), subject: String(body["text"]) } };
  }

  private causes() {
    const counted = [{ count: 4, departments: { support: 3, aftersales: 1 } }, { count: 7, departments: { logistics: 7 } }];
    return { since: iso(this.now() - 30 * 24 * 60 * MINUTE), causes: CAUSES.map((one, i) => ({ ...one, ...counted[i] })), late: { first_response: 6, resolution: 5 }, unexplained: 1 };
  }

  private triage() {
    const fields = [
      field("type", 0.943, 8, [{ said: "aftersale", holds: "complaint", count: 5 }, { said: "presale", holds: "aftersale", count: 3 }]),
      field("urgency", 0.971, 4, [{ said: "normal", holds: "urgent", count: 4 }]),
      field("anomaly", 1, 0),
      field("department", 0.95, 7, [{ said: "support", holds: "logistics", count: 7 }]),
      field("needs_identity", null, 0),
    ];
    return { since: iso(this.now() - 30 * 24 * 60 * MINUTE), tickets: 180, seen: 140, corrected: 15, version: "rules-1", versions: { "rules-1": 140 }, fields };
  }
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function missing(): Answer {
  return { status: 404, body: "没有找到" };
}

function sampleAlarms(now: number): Alarm[] {
  const one = (id: number, kind: string, minutes: number, text: string, because: string, ticket: string | null): Alarm => ({ id, kind, text, because, ticket, at: iso(now - minutes * MINUTE), seen_by: null, seen_at: null });
  return [
    one(4, "late", 4, "工单 T20261122-0007 的首次人工答复已超时，部门：售后部。", "the promise first_response is late", "T20261122-0007"),
    one(3, "emergency", 12, "应急事件 2 待决定：退款咨询异常增多。", "subtype:refund: 12 within 0:15:00, usually 1.00", null),
    one(2, "serious", 19, "疑似重大事项，请核实：收到的电热水壶漏电，已经有人被电到。", "anomaly serious: “漏电”", "T20261122-0007"),
    { ...one(1, "channel", 95, "渠道 support-mail 已中断 10 分钟以上。", "channel support-mail fails since 07:55 UTC", null), seen_by: "1003", seen_at: iso(now - 90 * MINUTE) },
  ];
}

function anEmergency(now: number, id: number): Emergency {
  return { id, cause: "burst", topics: [], channel: "", state: "proposed", because: "", notice: null, news_at: null, updates: 0, proposed_at: iso(now), proposed_by: "system", started_at: null, started_by: null, ended_at: null, ended_by: null, reviewed_at: null, reviewed_by: null, conversations: 0, tickets: 0 };
}

function sampleEmergencies(now: number): Emergency[] {
  const notice = { "zh-CN": "我们已获知支付通道故障，正在处理。下一次进展通报：今天 10:30。", en: "We know that payments fail and are working on it. Next news: today 10:30." };
  return [
    { ...anEmergency(now, 2), topics: ["subtype:refund"], because: "subtype:refund: 12 within 0:15:00, usually 1.00", proposed_at: iso(now - 12 * MINUTE), conversations: 0, tickets: 12 },
    { ...anEmergency(now, 1), cause: "hand", topics: ["anomaly:outage", "complaints"], state: "running", because: "支付通道故障", notice, news_at: iso(now + 55 * MINUTE), updates: 1, proposed_at: iso(now - 80 * MINUTE), started_at: iso(now - 80 * MINUTE), started_by: "agent:1003", conversations: 31, tickets: 9 },
  ];
}

function field(name: string, accuracy: number | null, corrected: number, confused: object[] = []): object {
  return { field: name, accuracy, corrected, confused };
}

function aWorker(number: string, said: Partial<Worker>): Worker {
  const { name, role, state } = COLLEAGUES.find((each) => each.number === number) as (typeof COLLEAGUES)[number];
  return { number, name, role, state, back_at: null, departments: ["support"], skills: ["退款", "物流"], languages: ["zh-CN", "en"], capacity: { chat: 5, social: 20, mail: 20 }, hours: null, line: 1, supervises: [], in_hand: { chat: 2, mail: 1 }, load: 0.45, at_work: true, notes: [], ...said };
}

function samplePeople(now: number): Worker[] {
  return [
    aWorker("1001", {}),
    aWorker("1002", { departments: ["aftersales", "logistics"], skills: [], hours: [DAY, DAY, DAY, DAY, DAY, ["10:00-16:00"], []], in_hand: { chat: 5, mail: 2 }, load: 1.1, notes: ["no_skills"] }),
    aWorker("1003", { departments: [], line: 2, supervises: ["support"], back_at: iso(now + 20 * MINUTE), in_hand: {}, load: 0.1, at_work: false }),
  ];
}
