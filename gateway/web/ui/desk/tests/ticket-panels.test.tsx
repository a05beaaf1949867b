import { expect, test } from "vitest";
import type { FakeDesk } from "../fake/fake-desk";
import { useDesk } from "../desk";
import { TicketBand, TicketPanels } from "../views/ticket";
import { all, box, drawn, fill, press, submit, words } from "./ticket-world";

const MINE = "T20261122-0003";
const COMPLAINT = "T20261122-0007";

function Panels() {
  const page = useDesk().conversation.page.value;
  return page && <TicketPanels page={page} />;
}
const panels = (number: string, change?: (gateway: FakeDesk) => void) => drawn(number, (ticket) => <><TicketBand ticket={ticket} /><Panels /></>, change);
const posts = (gateway: FakeDesk) => gateway.requests.filter((one) => /^(POST|PATCH) \/(tickets|tasks)/.test(one));

test("each field of the classification says how sure it is, and by what words it was judged", async () => {
  await panels(MINE);
  expect(words('[data-testid="classification"] dd')).toEqual(["售后问题机器判断的把握 97%", "紧急机器判断的把握 81%", "无异常机器判断的把握 93%", "客服部机器判断的把握 88%", "需要核实机器判断的把握 76%"]);
  expect(words(".panel-because")[0]).toContain("按“着急”判为紧急");
});

test("a correction sends what was changed and why, and is shown as one", async () => {
  const { gateway } = await panels(MINE);
  const sent: string[] = [];
  const handle = gateway.handle.bind(gateway);
  gateway.handle = async (request) => {
    if (request.method === "POST" && request.url.endsWith("/classification")) sent.push(await request.clone().text());
    return handle(request);
  };
  await press("更正分类");
  const type = box.querySelector<HTMLSelectElement>("#type");
  if (type) type.value = "complaint";
  await fill("#reason", "客户明确要投诉");
  await submit();
  expect(sent.map((one) => JSON.parse(one) as object)).toEqual([{ version: 1, type: "complaint", reason: "客户明确要投诉" }]);
  expect(words('[data-testid="classification"] dd')[0]).toBe("客诉投诉已更正");
});

test("only who may change the urgency is offered to", async () => {
  await panels(MINE, (gateway) => (gateway.me.rights = gateway.me.rights.filter((one) => one !== "ticket.urgency")));
  expect(all('[data-testid="urgency"]')).toEqual([]);
});

test("a supervisor says how urgent it is", async () => {
  const { desk } = await panels(MINE);
  await press("调整紧急程度");
  box.querySelector<HTMLInputElement>('input[value="critical"]')?.click();
  await fill("#reason", "有人受伤");
  await submit();
  expect(desk.conversation.ticket.value?.urgency).toBe("critical");
});

test("what the customer named is listed and copied with one press", async () => {
  const copied: string[] = [];
  Object.defineProperty(navigator, "clipboard", { configurable: true, value: { writeText: async (text: string) => void copied.push(text) } });
  const { desk } = await panels(MINE);
  expect(words(".named li")).toEqual(["订单号20261103-8841", "商品会员卡", "电话138****0000"]);
  all(".named button")[0]?.click();
  await Promise.resolve();
  await Promise.resolve();
  expect([copied, desk.notices.notices.value[0]?.text]).toEqual([["20261103-8841"], "已复制 20261103-8841"]);
});

test("where the browser does not copy, that is said", async () => {
  Object.defineProperty(navigator, "clipboard", { configurable: true, value: undefined });
  const { desk } = await panels(MINE);
  all(".named button")[0]?.click();
  await Promise.resolve();
  await Promise.resolve();
  expect(desk.notices.notices.value[0]?.text).toContain("不允许复制");
});

test("a department is asked, accepts and answers, and the agent stays", async () => {
  const { gateway, desk } = await panels(MINE);
  expect(words(".task .task-meta")[0]).toBe("已受理");
  await press("请部门协助");
  const asked = box.querySelector<HTMLSelectElement>("#asked");
  if (asked) asked.value = "logistics";
  await fill("#text", "请查包裹在哪");
  await submit();
  expect(words('[data-state="asked"] p')).toContain("请查包裹在哪");
  await press("受理");
  await press("完成");
  await fill("#reason", "流水已补");
  await submit();
  expect(words(".task-answer")).toEqual(["流水已补"]);
  expect(posts(gateway)).toEqual([`POST /tickets/${MINE}/tasks`, "POST /tasks/901/accept", "POST /tasks/41/done"]);
  expect(desk.conversation.ticket.value?.agent?.number).toBe("1001");
});

test("a record says what it lacks; what is required is marked, and only what was changed is sent", async () => {
  const { gateway } = await panels(COMPLAINT);
  expect(words(".record-state")).toEqual(["还缺：客户诉求、处理方案"]);
  await press("填写记录");
  expect(words('[data-missing="true"] label')).toEqual(["客户诉求 *", "处理方案 *"]);
  await fill("#record-wanted", "退货退款");
  await fill("#record-solution", "全额退款，今天 18:00 前到账");
  await submit();
  expect(gateway.panels.records.get(COMPLAINT)?.fields["wanted"]).toEqual({ value: "退货退款", by_person: true });
  expect(gateway.panels.records.get(COMPLAINT)?.fields["content"]?.by_person).toBe(false);
  expect(words(".record-state")).toEqual(["必填内容齐全"]);
});

test("a record that a colleague has just changed is not written over", async () => {
  const { gateway, desk } = await panels(COMPLAINT);
  await press("填写记录");
  const record = gateway.panels.records.get(COMPLAINT);
  if (record) record.version = 7;
  await fill("#record-wanted", "道歉");
  await submit();
  expect([all("dialog").length, desk.notices.notices.value.at(-1)?.text]).toEqual([1, "别人刚刚改过这份记录"]);
});

test("an ordinary ticket has no record", async () => {
  const { gateway } = await panels(MINE);
  expect([all('[data-testid="record"]'), gateway.requests.some((one) => one.includes("complaint"))]).toEqual([[], false]);
});

test("who is suggested and who watches is said, and the second line is one window away", async () => {
  const { desk } = await panels(COMPLAINT);
  expect(words('[data-testid="people"] dd')).toEqual(["李娜（1002）", "Maximilian Oberhofer-Lindenschmidt（1003）"]);
  await press("升级到二线");
  await fill("#reason", "需要技术判断");
  await submit();
  expect(desk.conversation.ticket.value?.line).toBe(2);
});

test("why: each act by itself with its reason, the rules it followed and what it went by", async () => {
  const { pass } = await panels(MINE);
  await press("为什么");
  await pass(0);
  expect(words('[data-testid="act"]')).toHaveLength(2);
  expect(words('[data-testid="act"]')[0]).toContain("售后问题、紧急、无异常");
  expect(words('[data-testid="act"] strong')).toEqual(["工单创建", "承诺超时"]);
  expect(words(".act-rules")).toEqual(["规则版本 2f9a41c07b", "当时的规则版本 1c77d0e5aa，后来已更改"]);
});

test("panels of one ticket never show what belongs to another", async () => {
  const { desk, pass } = await panels(COMPLAINT);
  desk.follow(`#/all/${MINE}`);
  await pass(200);
  expect(all('[data-testid="record"]')).toEqual([]);
  expect(words(".strip-kind")[0]).toBe("答应客户的时间");
});
