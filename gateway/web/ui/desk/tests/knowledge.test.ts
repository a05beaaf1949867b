import { beforeEach, expect, test } from "vitest";
import { createDesk } from "../desk";
import { FakeDesk } from "../fake/fake-desk";
import { FakePorts, joined, settled } from "./ports";

beforeEach(() => {
  location.hash = "";
});

async function at(hash: string, rights?: string[]) {
  const clock = new FakePorts();
  const gateway = new FakeDesk(clock.now);
  if (rights) gateway.me = { ...gateway.me, rights };
  const ports = new FakePorts(gateway);
  joined(gateway, ports);
  const desk = createDesk(ports);
  desk.follow(hash);
  desk.run();
  await desk.session.signIn("lin", "sample");
  if (desk.seesTickets()) ports.stream.open();
  await settled();
  return { gateway, ports, desk, knowledge: desk.knowledge };
}

type Desk = ReturnType<typeof createDesk>;
const ids = (desk: Desk) => desk.knowledge.list.value.value?.entries.map((one) => one.id);

test("the list comes in pages and more of it is added below", async () => {
  const { desk, knowledge } = await at("#/knowledge");
  expect(ids(desk)).toEqual(["退货政策", "运费标准"]);
  await knowledge.more();
  expect(ids(desk)).toEqual(["退货政策", "运费标准", "双十一"]);
  expect(knowledge.list.value.value?.next).toBeNull();
});

test("a search that was overtaken by another is not shown", async () => {
  const { desk, gateway, knowledge } = await at("#/knowledge");
  const handle = gateway.handle.bind(gateway);
  const gate = new EventTarget();
  gateway.handle = async (request) => {
    if (request.url.includes(encodeURIComponent("退货"))) await new Promise((go) => gate.addEventListener("open", go));
    return handle(request);
  };
  const slow = knowledge.find({ q: "退货" });
  await knowledge.find({ q: "运费" });
  gate.dispatchEvent(new Event("open"));
  await slow;
  expect(ids(desk)).toEqual(["运费标准"]);
});

test("filters add up, and choosing an entry fetches it alone", async () => {
  const { desk, gateway, knowledge } = await at("#/knowledge");
  await knowledge.find({ show: "overdue" });
  expect(ids(desk)).toEqual(["运费标准"]);
  const before = gateway.requests.length;
  desk.follow("#/knowledge/entries/退货政策");
  await settled();
  expect(gateway.requests.slice(before).map((one) => one.split("?")[0])).toEqual([`GET /knowledge/entries/${encodeURIComponent("退货政策")}`]);
  await knowledge.read("退货政策", "en");
  expect(knowledge.entry.value.value?.lang).toBe("en");
});

test("an entry that is not there is said to be missing, and the last one is gone from the screen", async () => {
  const { desk, knowledge } = await at("#/knowledge/entries/退货政策");
  expect(knowledge.entry.value.value?.id).toBe("退货政策");
  desk.follow("#/knowledge/entries/没有");
  await settled();
  expect([knowledge.entry.value.value, knowledge.entry.failed.value]).toEqual([null, "没有找到。"]);
});

test("a question in the address is tried at once, an empty one never", async () => {
  const { gateway, knowledge } = await at("#/knowledge/try/退货要几天");
  expect(knowledge.verdict.value.value?.kind).toBe("answer");
  const before = gateway.requests.length;
  await knowledge.attempt("  ");
  expect([gateway.requests.length, knowledge.verdict.value.value]).toEqual([before, null]);
});

test("one click writes a draft, and its file stays on the screen", async () => {
  const { gateway, knowledge } = await at("#/knowledge/gaps");
  await knowledge.draft("g1");
  expect(knowledge.drafted.value.get("g1")?.file).toBe("_可以用花呗分期吗.md");
  expect(gateway.requests.filter((one) => one.endsWith("/draft"))).toHaveLength(1);
});

test("a draft that was refused is told, and may be tried again", async () => {
  const { gateway, desk, knowledge } = await at("#/knowledge/gaps");
  gateway.failNext = 503;
  await knowledge.draft("g1");
  expect(desk.notices.notices.value[0]?.kind).toBe("wrong");
  expect([knowledge.drafting.value, knowledge.drafted.value.size]).toEqual([null, 0]);
});

test("an editor, who sees no tickets, comes to the knowledge page and asks for nothing else", async () => {
  const { gateway, desk, knowledge } = await at("", ["knowledge.see", "knowledge.draft", "knowledge.try"]);
  expect(knowledge.place.value).toEqual({ page: "entries", item: null });
  expect(gateway.requests.filter((one) => one.includes("/tickets"))).toEqual([]);
  desk.follow("#/all");
  expect(knowledge.place.value).toEqual({ page: "entries", item: null });
});

test("going back to the tickets closes the page, and signing out clears it", async () => {
  const { desk, knowledge } = await at("#/knowledge");
  desk.follow("#/all");
  expect(knowledge.place.value).toBeNull();
  await desk.session.signOut();
  expect([knowledge.list.value.value, knowledge.search.value.q]).toEqual([null, ""]);
});
