/** SAMPLE DATA, invented for development and tests: no person, order or address in it exists. */
import type { Channel, Colleague, Me, Message, Note, Promised, Ticket } from "../types";

const MINUTE = 60_000;

export const ME: Me = {
  agent: { login: "lin", number: "1001", name: "林晓", role: "agent", state: "online" },
  rights: ["knowledge.draft", "knowledge.gaps", "knowledge.see", "knowledge.try", "state.change", "tickets.see", "ticket.spam", "ticket.forward", "senders.see", "senders.block", "quarantine.release", "promise.keep", "ticket.explain", "ticket.escalate", "ticket.classify", "ticket.urgency", "field.reveal", "task.ask", "task.work", "ticket.merge", "tags.change", "complaint.edit", "alarms.see", "alarm.note", "emergencies.handle", "people.see", "people.change", "ticket.hand_over", "ticket.log", "reports.see", "metrics.see", "ticket.reply", "approvals.see", "export.ask", "erasure.ask", "audit.see"],
  csrf: "sample-csrf",
  version: "0.1.0",
  languages: ["zh-CN", "en"],
  departments: [
    { id: "support", label: { "zh-CN": "客服部", en: "Support" } },
    { id: "aftersales", label: { "zh-CN": "售后部", en: "After-sales" } },
    { id: "logistics", label: { "zh-CN": "物流部", en: "Logistics" } },
    { id: "pr", label: { "zh-CN": "公关部", en: "Public relations" } },
  ],
};

export const COLLEAGUES: Colleague[] = [
  { number: "1001", name: "林晓", role: "agent", state: "online", open: 3 },
  { number: "1002", name: "李娜", role: "agent", state: "online", open: 5 },
  { number: "1003", name: "Maximilian Oberhofer-Lindenschmidt", role: "supervisor", state: "away", open: 1 },
];

export function sampleChannels(now: number): Channel[] {
  return [
    { name: "web", kind: "webchat", state: "up", detail: null, remedy: null, progress_at: iso(now - 2000) },
    {
      name: "support-mail",
      kind: "mail",
      state: "bad_credentials",
      detail: "IMAP 服务器拒绝登录（AUTHENTICATIONFAILED）。",
      remedy: "请检查 config.toml 的 channels.support-mail.password。",
      progress_at: iso(now - 95 * MINUTE),
    },
    { name: "bot", kind: "telegram", state: "starting", detail: null, remedy: null, progress_at: null },
  ];
}

export function iso(at: number): string {
  return new Date(at).toISOString();
}

/** A ticket with sensible values: name only what matters. */
export function aTicket(now: number, said: Partial<Ticket> & { number: string }): Ticket {
  return {
    status: "open",
    type: "aftersale",
    subtype: null,
    urgency: "normal",
    anomaly: "none",
    department: "support",
    subject: null,
    summary: null,
    channel: "web",
    lang: "zh-CN",
    contact: { number: "C20261122001", name: "王敏" },
    agent: null,
    waiting_on: "agent",
    waiting_since: iso(now - 3 * MINUTE),
    opened_at: iso(now - 4 * MINUTE),
    last_at: iso(now - 3 * MINUTE),
    last_text: "在吗？",
    promise: null,
    suggested: null,
    supervisor: null,
    first_agent: null,
    line: 1,
    spam: null,
    version: 1,
    ...said,
  };
}

export function aMessage(seq: number, said: Partial<Message> = {}): Message {
  return {
    seq,
    id: `m${seq}`,
    author: "customer",
    agent: null,
    text: `message ${seq}`,
    html: null,
    choices: [],
    attachments: [],
    problems: [],
    labels: [],
    more: false,
    at: iso(0),
    because: null,
    edited: false,
    delivery: null,
    raw: false,
    ...said,
  };
}

const running = (kind: string, at: number) => ({ kind, due_at: iso(at), state: "running" });
const me = { number: "1001", name: "林晓" };

export function sampleTickets(now: number): Ticket[] {
  return [
    aTicket(now, { number: "T20261122-0007", suggested: { number: "1002", name: "李娜" }, supervisor: { number: "1003", name: "Maximilian Oberhofer-Lindenschmidt" }, urgency: "critical", type: "complaint", anomaly: "serious", subtype: "质量", subject: "收到的电热水壶漏电", contact: { number: "C20261122007", name: "赵先生" }, last_text: "已经有人被电到了，你们到底管不管？", waiting_since: iso(now - 19 * MINUTE), opened_at: iso(now - 20 * MINUTE), promise: running("first_response", now - 4 * MINUTE), department: "aftersales" }),
    aTicket(now, { number: "T20261122-0009", urgency: "urgent", subject: "退款三天没到账", subtype: "退款", last_text: "订单 20261118-3321，退款显示成功但银行卡没有收到。", waiting_since: iso(now - 150_000), promise: running("first_response", now + 9 * MINUTE) }),
    aTicket(now, { number: "T20261122-0010", subject: "发票抬头要改", channel: "support-mail", contact: { number: "C20261122010", name: "上海某某某某国际贸易有限公司财务部陈女士" }, type: "change", last_text: "烦请把发票抬头改为公司全称，税号见附件。", promise: running("first_response", now + 85 * MINUTE) }),
    aTicket(now, { number: "T20261122-0011", subject: "Where is my parcel?", lang: "en", channel: "bot", contact: { number: "C20261122011", name: "Bartholomew Featherstonehaugh" }, last_text: "Thetrackingpagesaysdeliveredbutnothingarrivedandtheneighboursdidnotseeanyoneatall.", department: "logistics", promise: running("first_response", now + 3 * 3600_000) }),
    aTicket(now, { number: "T20261122-0003", status: "in_progress", urgency: "urgent", agent: me, first_agent: me, subject: "会员积分少了 2000 分", contact: { number: "C20261122003", name: "周婷" }, last_text: "好的，我等您查完。", waiting_on: "agent", waiting_since: iso(now - 45_000), opened_at: iso(now - 65 * MINUTE), promise: running("resolution", now + 57 * MINUTE) }),
    aTicket(now, { number: "T20261121-0042", status: "in_progress", agent: me, subject: "换货尺码", type: "aftersale", contact: { number: "C20261121042", name: "吴迪" }, last_text: "请问您方便发一下照片吗？", waiting_on: "contact", waiting_since: iso(now - 26 * 3600_000), opened_at: iso(now - 27 * 3600_000), last_at: iso(now - 26 * 3600_000), promise: { kind: "resolution", due_at: iso(now + 21 * 3600_000), state: "paused" } }),
    aTicket(now, { number: "T20261121-0031", status: "in_progress", agent: { number: "1002", name: "李娜" }, subject: "物流丢件赔付", contact: { number: "C20261121031", name: "孙悦" }, last_text: "物流部说明天给答复。", waiting_on: "department", waiting_since: iso(now - 5 * 3600_000), department: "logistics" }),
    aTicket(now, { number: "T20261122-0012", status: "in_progress", agent: me, subject: "Re: 发票抬头", channel: "support-mail", contact: { number: "C20261122012", name: "陈先生" }, last_text: "附件请查收", waiting_since: iso(now - 9 * MINUTE) }),
    aTicket(now, { number: "T20261119-0002", status: "closed", subject: "便宜手表", channel: "support-mail", contact: { number: "C20261119002", name: "mallory" }, waiting_on: null, waiting_since: null, last_text: "限时优惠", spam: "the receiving server takes it for spam: x-spam-flag: yes" }),
    aTicket(now, { number: "T20261120-0015", status: "resolved", agent: me, subject: "优惠券无法使用", contact: { number: "C20261120015", name: "郑爽朗" }, waiting_on: null, waiting_since: null, last_text: "可以了，谢谢！" }),
  ];
}

export function sampleMessages(now: number): Message[] {
  const at = (minutes: number) => iso(now - minutes * MINUTE);
  return [
    aMessage(1, { at: at(1500), text: "你好，我上个月的积分好像不对" }),
    aMessage(2, { at: at(1500), author: "bot", text: "您好，这里是晨光小店（示例）。您的积分可以在 **我的 → 会员中心** 查看：\n\n1. 打开会员中心\n2. 点“积分明细”\n3. 选择月份\n\n详见 [积分规则](https://shop.example/points)。", because: "greeting, answer", delivery: { state: "delivered", error: null } }),
    aMessage(3, { at: at(66), text: "明细里 11 月 3 日那笔没有\n应该有 2000 分的，转人工吧" }),
    aMessage(4, { at: at(66), author: "bot", text: "好的，正在为您转接人工客服。您前面还有 1 位，预计 10:45 前接入。", choices: [{ id: "wait", label: "继续等待" }, { id: "leave", label: "留言" }], because: "handover", delivery: { state: "delivered", error: null } }),
    aMessage(5, { at: at(62), author: "system", text: "林晓（工号 1001）已接入" }),
    aMessage(6, { at: at(61), author: "agent", agent: me, text: "周女士您好，我是林晓，工号 1001。请您发一下那笔订单的截图，我马上帮您核对。", delivery: { state: "delivered", error: null } }),
    aMessage(7, { at: at(50), text: "这张就是 https://shop.example/orders/20261103-8841", attachments: [{ id: "a1", name: "订单截图.png", media_type: "image/png", size: 48_213, scanned: true }, { id: "a2", name: "发票-2026-11-03-会员订单明细.pdf", media_type: "application/pdf", size: 1_204_332, scanned: false }] }),
    aMessage(8, { at: at(30), author: "agent", agent: me, text: "收到，我需要向会员系统核对，今天 11:30 前给您答复。", delivery: { state: "refused", error: "网页聊天：客户的浏览器拒绝了连接" } }),
    aMessage(9, { at: at(1), text: "好的，我等您查完。", edited: true, problems: ["mail of 104857600 bytes: only its beginning was fetched", "a multipart body has no end"] }),
  ];
}

const copy = (id: string, to: string, role: "to" | "cc" | "bcc") => ({ id, to, role, state: "delivered" as const, error: null });

/** A mail thread: labels, more behind "…", and copies that fared differently. */
export function sampleMails(now: number): Message[] {
  const at = (minutes: number) => iso(now - minutes * MINUTE);
  const full = { state: "bounced" as const, error: "452 4.2.2 Mailbox full", code: "452 4.2.2", reason: "mailbox_full" };
  return [
    aMessage(1, { at: at(30), text: "您好，发票抬头请改为公司全称。", labels: ["unverified", "signed"], more: true }),
    aMessage(2, { at: at(20), author: "agent", agent: me, text: "陈先生您好，已收到，我们按公司全称开。", delivery: { ...full, copies: [copy("31", "chen@customer.example", "to"), { ...copy("32", "finance@customer.example", "cc"), ...full }] } }),
    aMessage(3, { at: at(9), text: "附件请查收", labels: ["encrypted"], attachments: [{ id: "a3", name: "开票资料.pdf", media_type: "application/pdf", size: 88_120 }] }),
  ];
}

export function sampleNotes(now: number): Note[] {
  return [
    { id: "n1", agent: { number: "1002", name: "李娜" }, text: "会员系统 11 月 3 日有 20 分钟故障，受影响的订单在共享表里，**请勿**直接补发积分。", at: iso(now - 40 * MINUTE) },
  ];
}

export function samplePromises(now: number): Promised[] {
  return [
    { id: "p1", kind: "first_response", owner: "support", due_at: iso(now - 60 * MINUTE), state: "kept", because: "aftersale, urgent, none on chat" },
    { id: "p2", kind: "resolution", owner: "support", due_at: iso(now + 57 * MINUTE), state: "running", because: "aftersale, urgent, none on chat" },
  ];
}
