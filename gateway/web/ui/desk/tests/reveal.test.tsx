import { expect, test } from "vitest";
import { aMessage } from "../fake/sample";
import { MessageLine } from "../parts/message";
import { Reveal } from "../parts/reveal";
import { addWords } from "../words";
import { all, box, drawn, fill, press, submit, words } from "./ticket-world";

const MINE = "T20261122-0003";
const line = async (change?: Parameters<typeof drawn>[2]) => {
  await addWords("ticket");
  return drawn(MINE, () => <Reveal number={MINE} place={["messages", "3"]} />, change);
};

test("an original is shown for a minute to whoever says why", async () => {
  const { gateway, pass } = await line();
  await press("查看原文");
  expect(box.textContent).not.toContain("13800000001");
  await fill("#reason", "客户要求回电");
  await submit();
  expect(gateway.requests.at(-1)).toBe(`POST /tickets/${MINE}/messages/3/reveal`);
  expect(words("[data-testid=revealed] pre")).toEqual(["请打我手机 13800000001"]);
  await pass(61_000);
  expect(box.textContent).not.toContain("13800000001");
  expect(all("[data-testid=reveal]")).toHaveLength(1);
});

test("it can be hidden at once", async () => {
  await line();
  await press("查看原文");
  await fill("#reason", "回电");
  await submit();
  await press("立即隐藏");
  expect(box.textContent).not.toContain("13800000001");
});

test("who may not open it is not offered to, and a message with nothing covered has no button", async () => {
  await line((gateway) => (gateway.me.rights = gateway.me.rights.filter((one) => one !== "field.reveal")));
  expect(all("[data-testid=reveal]")).toEqual([]);
  await drawn(MINE, () => <MessageLine message={aMessage(3)} number={MINE} />);
  expect(all("[data-testid=reveal]")).toEqual([]);
});
