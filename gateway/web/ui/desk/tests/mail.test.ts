import { beforeEach, expect, test } from "vitest";
import { addressesIn, noAddresses } from "../addresses";
import { createDesk } from "../desk";
import { FakeDesk } from "../fake/fake-desk";
import { readMail, readRoute, writeMail } from "../route";
import { FakePorts, joined, settled } from "./ports";

const MAIL = "T20261122-0012";

beforeEach(() => {
  location.hash = "";
});

async function at(hash: string) {
  const clock = new FakePorts();
  const gateway = new FakeDesk(clock.now);
  const ports = new FakePorts(gateway);
  joined(gateway, ports);
  const desk = createDesk(ports);
  desk.follow(hash);
  desk.run();
  await desk.session.signIn("lin", "sample");
  ports.stream.open();
  await settled();
  return { gateway, ports, desk };
}

const numbers = (desk: ReturnType<typeof createDesk>) => desk.tickets.list.value.map((one) => one.number);

test("addresses are read as people type them", () => {
  expect(addressesIn("a@b.example, 李娜 <c@d.example>；e@f.example\n a@b.example")).toEqual(["a@b.example", "c@d.example", "e@f.example"]);
  expect(addressesIn('"Wang, Min" <wang@shop.example>')).toEqual(["wang@shop.example"]);
  expect(addressesIn(" , ")).toEqual([]);
  expect(noAddresses(["a@b.example", "张三@例子.中国", "boss", "a@b", "@b.example"])).toEqual(["boss", "a@b", "@b.example"]);
});

test("the mail room has an address, and no other page is taken for it", () => {
  expect(readMail("#/mail/unread/12")).toEqual({ page: "unread", item: 12 });
  expect([readMail("#/mail/blocked/12"), readMail("#/mail"), readMail("#/mail/unread/x")].map((one) => one?.item)).toEqual([null, null, null]);
  expect([readMail("#/mine"), readMail("#/knowledge")]).toEqual([null, null]);
  expect(writeMail({ page: "unread", item: 12 })).toBe("#/mail/unread/12");
  expect(readRoute("#/spam").view).toBe("spam");
});

test("spam goes out of every list into its own, and comes back", async () => {
  const { desk } = await at(`#/all/${MAIL}`);
  const ticket = desk.conversation.ticket.value;
  if (ticket) await desk.actions.spam(ticket, "address");
  await settled();
  expect(numbers(desk)).not.toContain(MAIL);
  desk.follow("#/spam");
  await settled();
  expect(numbers(desk)).toEqual(["T20261119-0002", MAIL].toSorted());
  desk.follow(`#/spam/${MAIL}`);
  await settled();
  const marked = desk.conversation.ticket.value;
  if (marked) await desk.actions.notSpam(marked, true);
  await settled();
  expect(numbers(desk)).not.toContain(MAIL);
});

test("a reply goes with its copies, and none are left for the next", async () => {
  const { gateway, desk } = await at(`#/all/${MAIL}`);
  desk.composer.write(MAIL, "reply", "已开");
  desk.composer.othersOf(MAIL).value = { cc: "boss@shop.example", bcc: "李娜 <li@shop.example>" };
  await desk.writing.submit(MAIL, "reply");
  const said = gateway.tickets.get(MAIL)?.messages.at(-1);
  expect(said?.delivery?.copies?.map((one) => [one.to, one.role])).toEqual([
    ["wang@customer.example", "to"],
    ["boss@shop.example", "cc"],
    ["li@shop.example", "bcc"],
  ]);
  expect(desk.composer.othersOf(MAIL).value).toBeNull();
});

test("what is no address keeps the reply where it is", async () => {
  const { gateway, desk } = await at(`#/all/${MAIL}`);
  const before = gateway.tickets.get(MAIL)?.messages.length;
  desk.composer.write(MAIL, "reply", "已开");
  desk.composer.othersOf(MAIL).value = { cc: "boss", bcc: "" };
  await desk.writing.submit(MAIL, "reply");
  expect(gateway.tickets.get(MAIL)?.messages.length).toBe(before);
  expect(desk.composer.textOf(MAIL, "reply").value).toBe("已开");
  expect(desk.notices.notices.value.map((one) => one.text)).toEqual(["不是邮箱地址：boss"]);
});

test("a failed reply taken back brings its copies along", async () => {
  const { gateway, desk } = await at(`#/all/${MAIL}`);
  gateway.failNext = 503;
  await desk.sending.send(MAIL, "已开", [], { cc: ["boss@shop.example"], bcc: [] });
  const [failed] = desk.sending.unsent.value;
  if (failed) desk.composer.takeBack(MAIL, failed.text, failed.attachments, failed.cc, failed.bcc);
  expect(desk.composer.othersOf(MAIL).value).toEqual({ cc: "boss@shop.example", bcc: "" });
});

test("a forward becomes a note, and its fate changes in place", async () => {
  const { gateway, desk } = await at(`#/all/${MAIL}`);
  const sent = { id: "forward-0001", message: "m1", to: ["carrier@parcel.example"], text: "请查" };
  expect([await desk.actions.forward(MAIL, sent), await desk.actions.forward(MAIL, sent)]).toEqual([true, true]);
  const notes = () => desk.conversation.page.value?.notes ?? [];
  expect(notes().map((one) => one.forward?.delivery?.state)).toEqual(["due"]);
  const [note] = notes();
  if (note?.forward) gateway.emit("note", { number: MAIL, note: { ...note, forward: { ...note.forward, delivery: { state: "bounced", error: null } } } });
  expect(notes().map((one) => one.forward?.delivery?.state)).toEqual(["bounced"]);
});

test("what could not be read is listed, opened, and gone once it is read again", async () => {
  const { desk } = await at("#/mail/unread/12");
  expect(desk.mailroom.unread.value.value?.map((one) => one.id)).toEqual([12]);
  expect(desk.mailroom.text.value.value?.is_whole).toBe(false);
  await desk.mailroom.release(12);
  expect(desk.mailroom.unread.value.value).toEqual([]);
});

test("senders are blocked and unblocked, and a refusal is said", async () => {
  const { desk } = await at("#/mail/blocked");
  const patterns = () => desk.mailroom.blocked.value.value?.map((one) => one.pattern);
  expect(await desk.mailroom.block("mallory@evil.example", "推销")).toBe(true);
  expect(patterns()).toEqual(["mallory@evil.example", "@spam.example"]);
  await desk.mailroom.unblock("@spam.example");
  expect(patterns()).toEqual(["mallory@evil.example"]);
  expect(await desk.mailroom.block("qq.com", "")).toBe(false);
});

test("leaving the mail room closes it, and nobody else's mail stays behind after signing out", async () => {
  const { desk } = await at("#/mail/blocked");
  desk.follow("#/mine");
  expect(desk.mailroom.place.value).toBeNull();
  desk.follow("#/mail/unread");
  await settled();
  await desk.session.signOut();
  expect([desk.mailroom.unread.value.value, desk.mailroom.blocked.value.value]).toEqual([null, null]);
});
