import { act } from "preact/test-utils";
import { beforeEach, expect, test } from "vitest";
import { board } from "./board-world";
import { settled } from "./ports";
import { all, box, fill, press, submit, words } from "./ticket-world";

beforeEach(() => {
  location.hash = "";
});

const ticked = (name: string) => all(`input[name="${name}"]`).filter((one) => (one as HTMLInputElement).checked).length;

test("whoever is there and fullest stands on top, and a department without people is told of", async () => {
  await board("#/board/people");
  expect(all('[data-testid="person"]').map((one) => one.dataset["number"])).toEqual(["1002", "1001", "1003"]);
  expect(words(".people-gap")).toEqual(["没有人接这些部门的工单：公关部"]);
});

test("a supervisor changes what somebody can do; a week left empty is the house's", async () => {
  const { gateway } = await board("#/board/people");
  await press("修改");
  expect(box.querySelector<HTMLInputElement>('input[name="day-0"]')?.value).toBe("09:00-12:00, 13:00-18:00");
  await fill("#skills", "退款，发票");
  await fill("#capacity-chat", "3");
  for (let day = 0; day < 7; day++) await fill(`input[name="day-${day}"]`, "");
  await submit();
  expect(gateway.board.people.find((one) => one.number === "1002")).toMatchObject({ skills: ["退款", "发票"], capacity: { chat: 3, social: 20, mail: 20 }, hours: null, departments: ["aftersales", "logistics"], line: 1 });
});

test("an agent sees colleagues and changes nobody", async () => {
  await board("#/board/people", (gateway) => {
    gateway.me = { ...gateway.me, rights: ["tickets.see", "people.see"] };
  });
  expect([all('[data-testid="person"]').length, all('[data-testid="edit-person"]').length]).toEqual([3, 0]);
});

test("away until a time: the desk and the gateway both know", async () => {
  const { desk, gateway } = await board("#/board/shift");
  await act(async () => {
    box.querySelector<HTMLInputElement>('input[value="away"]')?.click();
    await settled();
  });
  await fill("#back-at", "2026-11-22T13:30");
  await submit();
  const me = gateway.board.people.find((one) => one.number === "1001");
  expect([desk.session.me.value?.agent.state, me?.state, me?.back_at]).toEqual(["away", "away", new Date("2026-11-22T13:30").toISOString()]);
});

test("at the end of a shift all that is open goes to a colleague with a note, and what was refused is told", async () => {
  const { desk, gateway } = await board("#/board/shift");
  expect([words('[data-testid="shift-due"]').length, ticked("ticket")]).toEqual([1, 3]);
  await fill("#to", "1003");
  await fill("#note", "客户等到 18:00");
  const form = box.querySelector('[data-testid="handover-sheet"] form');
  form?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  await fill("#note", "客户等到 18:00");
  expect(gateway.board.given.map((one) => [one.ticket.number, one.to?.number, one.note])).toEqual([
    ["T20261122-0003", "1003", "客户等到 18:00"],
    ["T20261121-0042", "1003", "客户等到 18:00"],
  ]);
  expect(desk.notices.notices.value.find((one) => one.kind === "wrong")?.text).toContain("T20261122-0012");
  expect(ticked("ticket")).toBe(1);
});

test("what a colleague offers is accepted, or declined with a reason", async () => {
  const { gateway } = await board("#/board/shift");
  await press("接手");
  await press("谢绝");
  await fill("#reason", "我 18:00 也下班");
  const dialog = box.querySelector("dialog form");
  dialog?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  await fill("#note", "");
  expect(gateway.board.received.map((one) => [one.state, one.answer])).toEqual([["accepted", null], ["declined", "我 18:00 也下班"]]);
  expect(all('[data-testid="received"]')).toEqual([]);
});

test("whoever is asked to take over, and whoever's day ends soon, is told wherever they are", async () => {
  const { desk, gateway } = await board("#/all");
  const told = () => desk.notices.notices.value.map((one) => one.text);
  gateway.emit("handover", { number: "T20261122-0009", what: "offered", handover: 5, to: "1002" });
  gateway.emit("shift", { number: "1002", ends_at: "2026-11-22T10:00:00Z", open: 2 });
  gateway.emit("handover", { number: "T20261122-0009", what: "accepted", handover: 5, to: "1001" });
  expect(told()).toEqual([]);
  gateway.emit("handover", { number: "T20261122-0009", what: "offered", handover: 6, to: "1001" });
  expect(told()).toEqual(["“值守 · 我的班次”有事等您处理。"]);
  for (const one of desk.notices.notices.value) desk.notices.dismiss(one.id);
  gateway.emit("shift", { number: "1001", ends_at: "2026-11-22T10:00:00Z", open: 2 });
  expect(told()).toHaveLength(1);
});

test("what I owe stands in the order it is due, and saying that it is kept keeps it", async () => {
  const { gateway } = await board("#/board/promises");
  expect(all('[data-testid="mine"] li').map((one) => one.dataset["kind"])).toEqual(["promised", "resolution", "acceptance"]);
  await press("已兑现");
  expect(gateway.requests).toContain("POST /tickets/T20261122-0003/promises/3/keep");
  expect(all('[data-testid="mine"] li').map((one) => one.dataset["kind"])).toEqual(["resolution", "acceptance"]);
});

test("a later time is asked for where the promise stands", async () => {
  const { gateway } = await board("#/board/promises");
  await press("改期");
  await fill("#reason", "等会员系统恢复");
  await submit();
  expect(gateway.requests).toContain("POST /tickets/T20261122-0003/promises/3/renegotiate");
});

test("a call is written down once, what nobody chose is left to the rules, and its ticket opens", async () => {
  const { gateway } = await board("#/board/log");
  await fill("#who", "13800001111");
  await fill("#text", "包裹破了，要退款");
  await fill("#urgency", "urgent");
  await submit();
  expect(gateway.board.logged).toHaveLength(1);
  const { id, at, ...said } = gateway.board.logged[0] ?? {};
  expect([typeof id, Number.isNaN(Date.parse(String(at)))]).toEqual(["string", false]);
  expect(said).toEqual({ channel: "phone", contact: { phone: "13800001111", name: "" }, text: "包裹破了，要退款", answer: "", outcome: "", take: true, urgency: "urgent" });
  expect(location.hash).toBe("#/all/T20261122-0003");
});

test("a customer's number is told from a phone", async () => {
  const { gateway } = await board("#/board/log");
  await fill("#who", "C20261122007");
  await fill("#text", "来电催办");
  await submit();
  expect(gateway.board.logged[0]?.["contact"]).toEqual({ number: "C20261122007" });
});

test("the reports say how often triage was right and why things were late, the commonest cause on top", async () => {
  await board("#/board/reports");
  expect(words('[data-testid="triage-report"] tbody tr td:nth-child(2)')).toEqual(["94%", "97%", "100%", "95%", "暂无"]);
  expect(words('[data-testid="causes-report"] tbody th')).toEqual(["等待供应商或承运方", "人手不足"]);
});
