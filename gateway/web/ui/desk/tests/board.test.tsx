import { act } from "preact/test-utils";
import { beforeEach, expect, test } from "vitest";
import { meanLoad, slotsOf, upcoming, wordsOf } from "../board-sums";
import { piecesOf } from "../parts/report-page";
import type { OwedInList, Worker } from "../types-board";
import { hoursWords } from "../views/board-people";
import { board } from "./board-world";
import { settled } from "./ports";
import { all, box, fill, press, submit, words } from "./ticket-world";

beforeEach(() => {
  location.hash = "";
});

const rows = (list: string) => all(`[data-testid="${list}"] [data-testid="owed"]`);
const dialog = (name: string) => box.querySelector(`[data-testid="dialog-${name}"]`);
const key = (name: string) =>
  act(async () => {
    const on = document.activeElement === document.body ? all(".watch")[0] : document.activeElement;
    on?.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
    await settled();
  });
const dueIn = (minutes: number) => ({ due_at: new Date(minutes * 60_000).toISOString() }) as OwedInList;
const worker = (state: string, load: number) => ({ state, load }) as Worker;
const bell = (desk: Awaited<ReturnType<typeof board>>["desk"]) => desk.board.unseen.value;

test("what is late stands apart with its cause owed and why it was raised, what is next below it in order", async () => {
  await board("#/board/late");
  expect(rows("late").map((one) => one.dataset["kind"])).toEqual(["first_response"]);
  expect(words('[data-testid="late"] [data-testid="why"]')).toEqual(["未说明原因已升级：首次响应已超时"]);
  expect(rows("next").map((one) => one.dataset["kind"])).toEqual(["promised", "resolution", "acceptance"]);
});

test("the clock moves a promise among the late ones, without a word from the gateway", async () => {
  const { pass, gateway } = await board("#/board/late");
  const before = gateway.requests.length;
  await pass(9 * 60_000);
  expect(rows("late").map((one) => one.dataset["kind"])).toEqual(["first_response", "promised"]);
  expect(gateway.requests.slice(before)).toEqual([]);
});

test("a cause that was stated takes the place of the one that was owed", async () => {
  const { gateway, pass } = await board("#/board/late");
  gateway.panels.explained.push({ cause: "staff" });
  gateway.emit("ticket", gateway.tickets.get("T20261122-0007")?.ticket);
  await pass(1000);
  expect(words('[data-testid="late"] .badge-late')).toEqual([]);
});

test("j and k go from row to row, and t passes the ticket of the row on", async () => {
  const { gateway } = await board("#/board/late");
  await key("t");
  expect(dialog("transfer")).toBeNull();
  await key("j");
  await key("j");
  expect(document.activeElement?.closest("li")?.dataset["kind"]).toBe("promised");
  await key("k");
  await key("t");
  expect(dialog("transfer")).not.toBeNull();
  await fill("#reason", "售后部人手不够");
  await submit();
  expect(gateway.requests).toContain("POST /tickets/T20261122-0007/transfer");
});

test("an agent, who oversees nobody, comes to their own promises", async () => {
  await board("#/board/late", (gateway) => {
    gateway.me = { ...gateway.me, rights: ["tickets.see", "promise.keep", "alarms.see", "ticket.hand_over"] };
  });
  expect(words(".board-nav a")).toEqual(["我的承诺", "告警", "应急", "我的班次"]);
  expect(box.querySelector(".board-nav [aria-current]")?.textContent).toBe("我的承诺");
});

test("the bell counts an alarm the moment it is raised, and until somebody takes note", async () => {
  const { desk, gateway } = await board("#/board/alarms");
  expect(bell(desk)).toBe(3);
  await act(async () => {
    gateway.board.raise({ text: "新的告警" });
    await settled();
  });
  expect(bell(desk)).toBe(4);
  await press("知悉");
  await press("知悉");
  expect([bell(desk), gateway.board.alarms.filter((one) => one.seen_by === "1001").length]).toEqual([2, 2]);
});

test("a proposal is begun with the house's notice, in each language and with a time for the next news", async () => {
  const { gateway } = await board("#/board/emergencies/2");
  await press("启动应急");
  expect([...box.querySelectorAll<HTMLTextAreaElement>("dialog textarea")].map((one) => one.value.includes("{news}"))).toEqual([true, true]);
  await fill("#news-at", "2026-11-22T11:00");
  await submit();
  const begun = gateway.board.emergencies.find((one) => one.id === 2);
  expect([begun?.state, begun?.news_at, Object.keys(begun?.notice ?? {})]).toEqual(["running", new Date("2026-11-22T11:00").toISOString(), ["zh-CN", "en"]]);
  expect(words('[data-testid="notice"] h3')).toEqual(["客户现在看到的公告"]);
});

test("news without their time are refused, and what was written stays", async () => {
  const { desk } = await board("#/board/emergencies/1");
  await press("发布进展");
  await fill("#text-zh-CN", "快好了");
  await submit();
  expect(desk.notices.notices.value[0]?.text).toContain("{news}");
  expect(box.querySelector<HTMLTextAreaElement>("#text-zh-CN")?.value).toBe("快好了");
});

test("nothing in a proposal: it is dismissed; one begun by hand opens", async () => {
  const { gateway, go } = await board("#/board/emergencies/2");
  await press("排除");
  expect(gateway.board.emergencies.find((one) => one.id === 2)?.state).toBe("dismissed");
  await go("#/board/emergencies");
  await press("手动启动");
  await fill("#because", "仓库停电");
  await fill("#subtypes", "发货，物流");
  await submit();
  expect(gateway.board.emergencies[0]).toMatchObject({ because: "仓库停电", topics: ["subtype:发货", "subtype:物流"], state: "running" });
  expect(location.hash).toBe("#/board/emergencies/3");
});

test("an emergency is ended, its report is written, kept, and done", async () => {
  const { gateway, pass } = await board("#/board/emergencies/1");
  await press("结束应急");
  await submit();
  await pass(0);
  expect(words(".badge-warn")).toEqual(["待复盘"]);
  await fill('[data-testid="report"] textarea', "# 复盘\n\n## 原因\n支付证书过期");
  expect(words(".report-page h5")).toEqual(["原因"]);
  await press("完成复盘");
  await pass(0);
  expect(gateway.board.emergencies.find((one) => one.id === 1)?.reviewed_by).toBe("agent:1001");
  expect(box.querySelector<HTMLTextAreaElement>('[data-testid="report"] textarea')?.value).toContain("支付证书过期");
});

test("counts of the next hour fall into their spans, later ones into none", () => {
  expect(upcoming([0, 4.9, 5, 59, 60].map(dueIn), 0, 5, 12)).toEqual([2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
});

test("a report's headings stand apart from its text", () => {
  expect(piecesOf("# 一\n\n- a\n- b\n## 二\nc")).toEqual([{ level: 1, text: "一" }, { level: 0, text: "- a\n- b" }, { level: 2, text: "二" }, { level: 0, text: "c" }]);
});

test("hours are read as people write them, and told with like days together", () => {
  expect(slotsOf("9：00 – 12:00，13:00-18:00 ")).toEqual(["9:00-12:00", "13:00-18:00"]);
  expect(wordsOf("退款， 物流,退款")).toEqual(["退款", "物流"]);
  const day = ["09:00-18:00"];
  expect(hoursWords([day, day, day, day, day, [], []])).toBe("周一–周五 09:00-18:00");
});

test("a department's load is the mean of those who are online", () => {
  expect([meanLoad([worker("online", 1), worker("online", 0.5), worker("away", 0)]), meanLoad([worker("offline", 1)])]).toEqual([0.75, null]);
});
