import { expect, test } from "vitest";
import { useDesk } from "../desk";
import { interleaved } from "../state/conversation";
import { aMessage } from "../fake/sample";
import { TicketBand, TicketPanels } from "../views/ticket";
import { all, box, drawn, fill, press, submit, words } from "./ticket-world";

const MINE = "T20261122-0003";
const SAME = "T20261122-0009";

function Panels() {
  const page = useDesk().conversation.page.value;
  return page && <TicketPanels page={page} />;
}
const at = (minute: number) => new Date(minute * 60_000).toISOString();
const panels = (number: string) => drawn(number, (ticket) => <><TicketBand ticket={ticket} /><Panels /></>);

test("a tag says why it was given, and people give and take them", async () => {
  await panels(MINE);
  expect(all(".tag").map((one) => one.title)).toEqual(["按规则 · 3 complaints within 365 days"]);
  await fill('[aria-label="给工单加标签"]', "等发票");
  const form = all(".tag-line form")[1];
  form?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  await expect.poll(() => words(".tag")).toEqual(["重点跟进", "等发票"]);
  box.querySelector<HTMLElement>('[aria-label="移除标签“等发票”"]')?.click();
  await expect.poll(() => words(".tag")).toEqual(["重点跟进"]);
});

test("what the customer said about being reached is kept with one press", async () => {
  await panels(MINE);
  expect(words(".preferences .sure")).toEqual(["客户提到"]);
  await press("保留");
  expect(words(".preferences .sure")).toEqual([]);
  expect(words(".preferences li > span:first-child")).toEqual(["六点以后再打给我"]);
});

test("a ticket about the same matter is suggested with its reasons, and not again once it is another", async () => {
  await panels(SAME);
  expect(words('[data-testid="same"] .same-why')).toEqual(["可能是同一件事：同一订单、说法相近"]);
  await press("不是同一件事");
  expect(all('[data-testid="same"]')).toEqual([]);
});

test("merging leads to the other ticket, and can be undone from the one that was merged", async () => {
  const { desk, pass } = await panels(SAME);
  await press("并入它");
  expect(box.querySelector<HTMLInputElement>("#into")?.value).toBe(MINE);
  await fill("#reason", "同一位客户同一订单");
  await submit();
  expect(location.hash).toBe(`#/all/${MINE}`);
  desk.follow(`#/all/${MINE}`);
  await pass(200);
  expect(desk.conversation.lines.value.filter((line) => line.talk).map((line) => [line.talk, line.message?.text])).toEqual([[SAME, "同一件事，我在这里再说一遍"]]);
  desk.follow(`#/all/${SAME}`);
  await pass(200);
  expect(words('[data-testid="merged"] span')).toEqual([`已并入 ${MINE}。`]);
  await press("取消合并");
  await fill("#reason", "其实是两件事");
  await submit();
  expect(desk.conversation.ticket.value?.merged_into).toBeNull();
});

test("what was said on a merged ticket stands between the messages by its time", () => {
  const own = [aMessage(1, { at: at(1) }), aMessage(2, { at: at(5) })];
  const lines = interleaved(own, [], [{ number: "T2", channel: "bot", messages: [aMessage(1, { id: "x", at: at(3) })] }]);
  expect(lines.map((line) => [line.message?.id, line.talk])).toEqual([["m1", undefined], ["x", "T2"], ["m2", undefined]]);
});
