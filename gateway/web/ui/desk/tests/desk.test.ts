import { beforeEach, expect, test } from "vitest";
import { createDesk } from "../desk";
import { FakeDesk } from "../fake/fake-desk";
import { FakePorts, joined, settled } from "./ports";

const MINE = "T20261122-0003";
const WAITING = "T20261122-0009";

beforeEach(() => {
  location.hash = "";
});

async function aDesk() {
  const clock = new FakePorts();
  const gateway = new FakeDesk(clock.now);
  const ports = new FakePorts(gateway);
  joined(gateway, ports);
  const desk = createDesk(ports);
  desk.run();
  await desk.session.signIn("lin", "sample");
  ports.stream.open();
  await settled();
  return { gateway, ports, desk };
}

async function openedAt(number: string) {
  const all = await aDesk();
  all.desk.follow(`#/all/${number}`);
  await settled();
  return all;
}

const texts = (desk: ReturnType<typeof createDesk>) => desk.conversation.page.value?.messages.map((one) => one.text) ?? [];

test("a wrong password is refused in words, and a right one opens the queue", async () => {
  const gateway = new FakeDesk();
  const desk = createDesk(new FakePorts(gateway));
  await desk.session.signIn("lin", "wrong");
  expect([desk.session.phase.value, desk.session.said.value]).toEqual(["out", "登录名或密码不正确。"]);
  await desk.session.signIn("lin", "sample");
  expect(desk.session.phase.value).toBe("in");
});

test("the queue shows the waiting tickets, the most urgent first", async () => {
  const { desk } = await aDesk();
  expect(desk.tickets.list.value[0]?.number).toBe("T20261122-0007");
  expect(desk.tickets.counts.value.queue).toBe(4);
});

test("a ticket that a colleague takes leaves the queue by itself", async () => {
  const { gateway, desk } = await aDesk();
  const ticket = desk.tickets.list.value.find((one) => one.number === WAITING);
  gateway.emit("ticket", { ...ticket, status: "in_progress", agent: { number: "1002", name: "李娜" }, version: 2 });
  expect(desk.tickets.list.value.some((one) => one.number === WAITING)).toBe(false);
});

test("what the customer writes appears in the open conversation", async () => {
  const { gateway, desk } = await openedAt(MINE);
  gateway.customerSays(MINE, "在吗");
  expect(texts(desk).at(-1)).toBe("在吗");
});

test("the customer is seen to write until the words come, or a few seconds", async () => {
  const { gateway, ports, desk } = await openedAt(MINE);
  gateway.customerTypes(MINE);
  expect(desk.typing.who.value).toBe(MINE);
  gateway.customerSays(MINE, "在吗");
  expect(desk.typing.who.value).toBeNull();
  gateway.customerTypes(MINE);
  ports.pass(5000);
  expect(desk.typing.who.value).toBeNull();
});

test("a gap in seq makes the conversation load again", async () => {
  const { gateway, ports, desk } = await openedAt(MINE);
  const lost = ports.stream;
  ports.events("/elsewhere");
  gateway.customerSays(MINE, "这条的事件丢了");
  const last = gateway.tickets.get(MINE)?.messages.at(-1);
  lost.send("message", { number: MINE, conversation: "c1", message: { ...last, seq: 11, id: "later", text: "后一条" } }, "99");
  await settled();
  expect(texts(desk)).toContain("这条的事件丢了");
});

test("when a promise is kept, the list of promises is fetched anew", async () => {
  const { gateway, desk } = await openedAt(MINE);
  const stored = gateway.tickets.get(MINE);
  if (!stored) throw new Error("the sample has no such ticket");
  const asked = gateway.requests.length;
  gateway.emit("ticket", { ...stored.ticket, promise: null, version: 9 });
  await settled();
  expect(gateway.requests.slice(asked)).toEqual([`GET /tickets/${MINE}`]);
  expect(desk.conversation.ticket.value?.promise).toBeNull();
});

test("a reply is taken, shown once, and its draft is gone", async () => {
  const { ports, desk } = await openedAt(MINE);
  desk.writing.typed(MINE, "reply", "您好");
  await desk.writing.submit(MINE, "reply");
  await settled();
  expect(texts(desk).filter((text) => text === "您好")).toHaveLength(1);
  expect(desk.sending.unsent.value).toEqual([]);
  ports.pass(1000);
  expect([...ports.kept.keys()]).toEqual([]);
});

test("a reply written before reading what arrived is held, and sent after reading", async () => {
  const { gateway, desk } = await openedAt(MINE);
  gateway.customerSays(MINE, "等等，还有一件事");
  await desk.sending.send(MINE, "已处理", []);
  const [held] = desk.sending.unsent.value;
  expect([held?.state, held?.missed.map((one) => one.text)]).toEqual(["stale", ["等等，还有一件事"]]);
  expect(gateway.tickets.get(MINE)?.messages.some((one) => one.text === "已处理")).toBe(false);
  if (held) await desk.sending.sendAfterReading(held);
  expect(texts(desk).slice(-2)).toEqual(["等等，还有一件事", "已处理"]);
});

test("what arrives while the agent reads the guard is guarded too", async () => {
  const { gateway, desk } = await openedAt(MINE);
  gateway.customerSays(MINE, "一");
  await desk.sending.send(MINE, "答", []);
  gateway.colleagueSays(MINE, "二");
  const [held] = desk.sending.unsent.value;
  if (held) await desk.sending.sendAfterReading(held);
  expect(desk.sending.unsent.value.map((one) => [one.state, one.missed.map((m) => m.text)])).toEqual([["stale", ["二"]]]);
});

test("a failed reply stays, survives a crash, and a retry after a lost answer does not double it", async () => {
  const { gateway, ports, desk } = await openedAt(MINE);
  const handle = gateway.handle.bind(gateway);
  gateway.handle = async (request) => {
    await handle(request);
    throw new TypeError("the line broke after the gateway stored it");
  };
  await desk.sending.send(MINE, "只有一次", []);
  gateway.handle = handle;
  expect(desk.sending.unsent.value.map((one) => [one.state, one.why])).toEqual([["failed", "连接不上服务器，请检查网络。"]]);

  const again = createDesk(ports);
  again.run();
  await again.session.signIn("lin", "sample");
  const [kept] = again.sending.unsent.value;
  expect(kept?.text).toBe("只有一次");
  if (kept) await again.sending.again(kept);
  expect(again.sending.unsent.value).toEqual([]);
  expect(gateway.tickets.get(MINE)?.messages.filter((one) => one.text === "只有一次")).toHaveLength(1);
});

test("claiming what a colleague has just claimed says who has it", async () => {
  const { gateway, desk } = await openedAt(WAITING);
  const ticket = desk.conversation.ticket.value;
  const stored = gateway.tickets.get(WAITING);
  if (!ticket || !stored) throw new Error("the sample has no such ticket");
  stored.ticket = { ...stored.ticket, agent: { number: "1002", name: "李娜" }, version: 9 };
  expect(await desk.actions.claim(ticket)).toBe(false);
  await settled();
  expect(desk.notices.notices.value[0]?.text).toBe("李娜（工号 1002）已经接入");
  expect(desk.conversation.ticket.value?.agent?.name).toBe("李娜");
});

test("claim, transfer, resolve, close and reopen move the ticket and leave their trace", async () => {
  const { desk } = await openedAt(WAITING);
  const now = () => {
    const ticket = desk.conversation.ticket.value;
    if (!ticket) throw new Error("no ticket is open");
    return ticket;
  };
  await desk.actions.claim(now());
  expect([now().status, now().agent?.number]).toEqual(["in_progress", "1001"]);
  await desk.actions.resolve(now(), "已退款");
  await desk.actions.close(now());
  expect(now().status).toBe("closed");
  await desk.actions.reopen(WAITING, "客户又来了");
  await desk.actions.transfer(WAITING, { department: "logistics", reason: "物流的事" });
  await settled();
  expect([now().department, now().agent]).toEqual(["logistics", null]);
  const kinds = desk.conversation.page.value?.events.map((one) => one.kind);
  expect(kinds).toEqual(["opened", "claimed", "resolved", "closed", "reopened", "transferred"].map((what) => `ticket.${what}`));
});

test("a note is saved and shown between the messages once", async () => {
  const { desk } = await openedAt(MINE);
  desk.writing.typed(MINE, "note", "注意");
  await desk.writing.submit(MINE, "note");
  await settled();
  expect(desk.conversation.lines.value.filter((line) => line.note?.text === "注意")).toHaveLength(1);
  expect(desk.composer.textOf(MINE, "note").value).toBe("");
});

test("a message that was refused can be sent again", async () => {
  const { desk } = await openedAt(MINE);
  const refused = desk.conversation.page.value?.messages.find((one) => one.delivery?.state === "refused");
  await desk.actions.retry(MINE, refused?.id ?? "");
  expect(desk.conversation.page.value?.messages.some((one) => one.delivery?.state === "refused")).toBe(false);
});

test("a session that ended shows the door, clears the screen and keeps the draft", async () => {
  const { gateway, ports, desk } = await openedAt(MINE);
  desk.writing.typed(MINE, "reply", "写到一半");
  gateway.isSignedIn = false;
  await desk.tickets.load();
  expect([desk.session.phase.value, desk.tickets.list.value, desk.conversation.page.value]).toEqual(["out", [], null]);
  expect([...ports.kept.values()]).toEqual(["写到一半"]);
  await desk.session.signIn("lin", "sample");
  expect(desk.composer.textOf(MINE, "reply").value).toBe("写到一半");
});

test("channels that are down are counted, with their remedy", async () => {
  const { desk } = await aDesk();
  expect(desk.channels.troubled.value.map((one) => one.remedy)).toEqual(["请检查 config.toml 的 channels.support-mail.password。"]);
});
