import { act } from "preact/test-utils";
import { expect, test } from "vitest";
import { TicketBand } from "../views/ticket";
import { all, box, drawn, fill, press, submit, words } from "./ticket-world";

const MINE = "T20261122-0003";
const LATE = "T20261122-0007";
const PAUSED = "T20261121-0042";
const band = (number: string) => drawn(number, (ticket) => <TicketBand ticket={ticket} />);

test("what is owed stands in the order it is due, the rest behind one button", async () => {
  await band(MINE);
  expect(words(".strip-kind")).toEqual(["答应客户的时间", "解决时限"]);
  expect(all('[data-testid="promise-row"]').map((one) => one.dataset["state"])).toEqual(["warned", "calm"]);
  await press("另有 1 项承诺");
  expect(words(".strip-kind")).toEqual(["答应客户的时间", "解决时限", "部门受理"]);
});

test("a promise that stands still says for whom it waits", async () => {
  await band(PAUSED);
  expect(words(".strip-left")).toEqual(["暂停：等待客户答复"]);
  expect(words(".strip-due")).toEqual(["恢复后重新计算截止时间"]);
});

test("the reason of each stretch shows while the bar has the focus, and Escape puts it away", async () => {
  await band(MINE);
  const bar = all('[data-testid="promise-bar"]')[1];
  await act(() => void bar?.dispatchEvent(new FocusEvent("focus")));
  expect(words(".pbar-reasons li").map((one) => one?.replace(/^.*）\s*/, ""))).toEqual(["计时", "暂停：等待客户答复", "计时"]);
  await act(() => void bar?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true })));
  expect(all(".pbar-reasons")).toEqual([]);
});

test("a late ticket asks for cause and plan, and is content when it has them", async () => {
  const { gateway } = await band(LATE);
  expect(words('[data-testid="explanation-owed"] span')[0]).toContain("请说明原因和补救计划");
  await press("说明原因");
  expect(words(".choice label")).toEqual(["人手不足", "资料不全，身份待核实", "等待供应商或物流", "系统故障"]);
  box.querySelector<HTMLInputElement>('input[value="details"]')?.click();
  await fill("#plan", "10:30 前由李娜核实身份");
  await submit();
  expect(gateway.panels.explained).toEqual([{ cause: "details", plan: "10:30 前由李娜核实身份" }]);
  expect([all("dialog"), all('[data-testid="explanation-owed"]')]).toEqual([[], []]);
});

test("a new time has to lie ahead, and moves the bar", async () => {
  const { gateway } = await band(LATE);
  await press("改期");
  await fill("#new-time", "2020-01-01T10:00");
  expect(words("#new-time-said")).toEqual(["请选一个还没有到的时间。"]);
  await submit();
  expect(gateway.requests.some((one) => one.includes("renegotiate"))).toBe(false);
  await press("晚 1 小时");
  await fill("#reason", "仓库还在查");
  await submit();
  expect(gateway.requests.at(-1)).not.toContain("POST");
  expect(gateway.requests.filter((one) => one.includes("renegotiate"))).toEqual([`POST /tickets/${LATE}/promises/6/renegotiate`]);
  expect(all('[data-testid="promise-row"]').map((one) => one.dataset["state"])).toEqual(["calm"]);
});

test("what a person promised is marked as kept by hand, what is kept by doing it is not", async () => {
  await band(MINE);
  expect(words('[data-kind="promised"] .strip-do button')).toEqual(["已兑现", "改期"]);
  expect(words('[data-kind="resolution"] .strip-do button')).toEqual(["改期"]);
  await press("已兑现");
  expect(words(".strip-kind")).toEqual(["解决时限", "部门受理"]);
});

test("a change of the ticket brings its promises anew", async () => {
  const { gateway, pass } = await band(MINE);
  gateway.panels.promises.set(MINE, []);
  gateway.customerSays(MINE, "好的");
  await pass(200);
  expect(all('[data-testid="promise-strip"]')).toEqual([]);
});
