import { act } from "preact/test-utils";
import { expect, test } from "vitest";
import { Composer } from "../parts/composer";
import "../views/ticket"; // fetched before the first test, which then need not wait for it
import { all, box, drawn, press, words } from "./ticket-world";

const MINE = "T20261122-0003";

async function writing(text: string, isWarned = false) {
  const world = await drawn(MINE, (ticket) => <Composer ticket={ticket} />, (gateway) => (gateway.panels.blocks = !isWarned));
  const write = async (said: string) => {
    await act(() => world.desk.writing.typed(MINE, "reply", said));
    await world.pass(400);
  };
  await write(text);
  const draft = () => world.desk.composer.textOf(MINE, "reply").value;
  return { ...world, write, draft };
}

const lines = () => words('[data-testid="draft-guard"] li');
const sends = () => [...box.querySelectorAll<HTMLButtonElement>('[data-testid="send"]')].map((one) => !one.disabled);

test("a draft is looked at when the typing pauses, once for all that was typed", async () => {
  const { gateway, desk, pass } = await writing("");
  for (const text of ["尽", "尽快", "尽快给您"]) await act(() => desk.writing.typed(MINE, "reply", text));
  expect(gateway.requests.filter((one) => one.includes("drafts"))).toEqual([]);
  await pass(400);
  expect(gateway.requests.filter((one) => one.includes("drafts"))).toHaveLength(1);
  expect(lines()).toEqual(["“尽快” 没有写明时间改为“今天 18:00 前”"]);
});

test("one press puts the better words in place", async () => {
  const { draft } = await writing("我们尽快处理");
  await press("改为");
  expect(draft()).toBe("我们今天 18:00 前处理");
});

test("Alt+Enter mends word by word, then confirms the promise", async () => {
  const { desk, draft, pass } = await writing("不知道，尽快查，明天上午10点前给您答复");
  const key = async () => {
    await act(() => void document.getElementById("composer-text")?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", altKey: true })));
    await pass(400);
  };
  await key();
  await key();
  expect(draft()).toBe("我帮您查一下，今天 18:00 前查，明天上午10点前给您答复");
  await key();
  expect(desk.composer.promisesOf(MINE).value).toEqual([{ text: "明天上午10点前", due_at: "2026-11-23T02:00:00.000Z" }]);
});

test("a banned phrase keeps the reply from being sent, until it is gone", async () => {
  const { gateway, desk, write } = await writing("不知道");
  expect([sends(), lines()]).toEqual([[false], ["“不知道”不能发给客户，改掉后才能发送。改为“我帮您查一下”"]]);
  await desk.writing.submit(MINE, "reply");
  expect(gateway.requests.some((one) => one.includes("replies"))).toBe(false);
  await write("我帮您查一下");
  expect(sends()).toEqual([true]);
});

test("where the house only warns, a banned phrase may be sent", async () => {
  await writing("不知道", true);
  expect([sends(), lines()]).toEqual([[true], ["“不知道” 禁用语改为“我帮您查一下”"]]);
});

test("what cannot be kept comes with advice, and nothing is replaced", async () => {
  await writing("肯定能退款");
  expect(all('[data-testid="draft-guard"] li button')).toEqual([]);
  expect(lines()[0]).toContain("请写明预计的时间");
});

test("a confirmed promise goes with the reply and is owed from then on", async () => {
  const { gateway, desk } = await writing("明天上午10点前给您答复");
  await press("记为承诺");
  expect(lines()).toEqual(["“明天上午10点前”即 11月23日（周一）10:00已记为承诺，随回复生效撤销"]);
  await act(() => desk.writing.submit(MINE, "reply"));
  expect(gateway.panels.owed(MINE).at(-1)).toMatchObject({ kind: "promised", text: "明天上午10点前", due_at: "2026-11-23T02:00:00.000Z" });
  expect(desk.composer.promisesOf(MINE).value).toEqual([]);
});

test("a promise whose words leave the draft is not sent", async () => {
  const { desk, write } = await writing("明天上午10点前给您答复");
  await press("记为承诺");
  await write("好的");
  expect(desk.composer.promisesOf(MINE).value).toEqual([]);
});

test("a reply taken back keeps what was confirmed", async () => {
  const { gateway, desk } = await writing("明天上午10点前给您答复");
  await press("记为承诺");
  gateway.failNext = 503;
  await desk.writing.submit(MINE, "reply");
  const [failed] = desk.sending.unsent.value;
  expect(failed?.promises).toHaveLength(1);
  if (failed) desk.composer.takeBack(MINE, failed.text, [], failed.cc, failed.bcc, failed.promises);
  expect(desk.composer.promisesOf(MINE).value).toHaveLength(1);
});
