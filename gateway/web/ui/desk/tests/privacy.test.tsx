import { act } from "preact/test-utils";
import { beforeEach, expect, test } from "vitest";
import { auditSearch, detailWords } from "../audit-search";
import { AttachmentList } from "../parts/attachments";
import { ApprovalDo } from "../parts/approval-do";
import "../views/board-approvals"; // as if they had been opened before
import "../views/board-audit";
import { PersonPanel } from "../views/person-panel";
import { VerificationPanel } from "../views/verification-panel";
import { board as openBoard } from "./board-world";
import { settled } from "./ports";
import { all, box, drawn, fill, press, submit, words } from "./ticket-world";

beforeEach(() => {
  location.hash = "";
});

/** The page itself is fetched after the frame around it. */
const board: typeof openBoard = async (...given) => {
  const world = await openBoard(...given);
  await act(settled);
  return world;
};

const TICKET = "T20261122-0003";
const requests = (gateway: { requests: string[] }) => gateway.requests.filter((one) => one.startsWith("POST ") && !one.startsWith("POST /session"));

test("others' requests have two buttons, one's own have none, and what is settled says why", async () => {
  await board("#/board/approvals");
  expect(words('[data-testid="approvals-open"] .board-do button').map((one) => one?.slice(0, 2))).toEqual(["批准", "拒绝"]);
  expect(all('[data-testid="approvals-mine"] button')).toEqual([]);
  expect(words("details .approval-quote")).toEqual(["不是本人提出的。"]);
});

test("a refusal takes a reason and goes to the gateway with it", async () => {
  const { gateway } = await board("#/board/approvals");
  await press("拒绝");
  expect(box.querySelector<HTMLTextAreaElement>("#answer")?.required).toBe(true);
  await fill("#answer", "没有回拨登记的电话");
  await submit();
  expect(requests(gateway)).toEqual(["POST /approvals/3/refuse"]);
  expect(gateway.privacy.approvals[0]).toMatchObject({ state: "refused", answer: "没有回拨登记的电话" });
  expect(all('[data-testid="approvals-open"]')).toEqual([]);
});

test("a yes needs no words", async () => {
  const { gateway } = await board("#/board/approvals");
  await press("批准");
  await submit();
  expect(gateway.privacy.approvals[0]).toMatchObject({ state: "approved", answer: null });
});

test("an export that was approved is downloaded once, after a proof of oneself", async () => {
  const { gateway, ports } = await board("#/board/approvals", ({ privacy }) => {
    privacy.approvals = [privacy.request(5, { state: "approved" })];
    privacy.wantsProof = true;
  });
  await press("下载数据");
  expect([gateway.privacy.exported, all('[data-testid="dialog-proof"]').length]).toEqual([[], 1]);
  await fill("#password", "sample");
  await submit();
  expect(gateway.privacy.exported).toEqual(["C20261121007"]);
  expect([ports.saved, all('[data-testid="download"]').length]).toEqual([["C20261121007.zip"], 0]);
});

test("nobody is erased whose number was not typed once more", async () => {
  const { gateway } = await board("#/board/approvals", ({ privacy }) => {
    privacy.approvals = [privacy.request(5, { act: "erasure", state: "approved" })];
  });
  await press("永久抹除");
  await fill("#again", "C20261121008");
  await submit();
  expect([gateway.privacy.erased, words('[role="alert"]').some((one) => one?.startsWith("编号不一致"))]).toEqual([[], true]);
  await fill("#again", "c20261121007");
  await submit();
  expect(gateway.privacy.erased).toEqual(["C20261121007"]);
});

test("beside a ticket a supervisor asks with a reason, once for each act while it is open", async () => {
  const { gateway } = await drawn(TICKET, (ticket) => <PersonPanel ticket={ticket} />);
  await press("申请抹除");
  await fill("#reason", "客户要求删除");
  await submit();
  const [made] = gateway.privacy.approvals;
  expect([made?.act, made?.about.startsWith("contact:C"), made?.reason]).toEqual(["erasure", true, "客户要求删除"]);
  expect([all('[data-testid="ask-erasure"]').length, all('[data-testid="ask-export"]').length]).toEqual([0, 1]);
  expect(all('[data-testid="person-request"]').map((one) => one.dataset["state"])).toEqual(["asked"]);
});

test("what somebody else asked for is not carried out here", async () => {
  await drawn(TICKET, () => <ApprovalDo approval={{ id: 9, act: "export", about: "contact:C1", reason: "", state: "approved", asked_by: "1002", asked_at: "", expires_at: "", decided_by: "3001", decided_at: "", used_at: null, answer: null, may_decide: false }} />);
  expect(all("button")).toEqual([]);
});

test("the audit says who did what about whom; earlier pages follow on", async () => {
  await board("#/board/audit");
  expect(all('[data-testid="audit-row"]').map((one) => one.dataset["act"])).toEqual(["reveal", "sign_in", "export.ask"]);
  expect(words(".audit-row .approval-quote")).toEqual(["核对收件地址", "（原因已抹除）"]);
  await press("更早的记录");
  expect(all('[data-testid="audit-row"]').map((one) => one.dataset["act"])).toEqual(["reveal", "sign_in", "export.ask", "denied", "person.erase"]);
  expect(words(".audit-details")).toEqual(["approved_by: agent:3001, rows: 12"]);
});

test("the audit is searched by number, act and day", async () => {
  const { gateway } = await board("#/board/audit");
  await fill("#actor", "1002");
  await fill("#act", "denied");
  await submit();
  expect(gateway.requests).toContain("GET /audit?actor=agent%3A1002&act=denied");
  expect(all('[data-testid="audit-row"]').map((one) => one.dataset["act"])).toEqual(["denied"]);
});

test("whoever has no right to the audit or to requests comes to neither page", async () => {
  await board("#/board/audit", (gateway) => {
    gateway.me = { ...gateway.me, rights: ["tickets.see", "people.see"] };
  });
  expect([all('[data-testid="audit"]').length, all('[data-testid="board-audit"]').length, all('[data-testid="board-approvals"]').length]).toEqual([0, 0, 0]);
});

test("numbers become references, and the last day is included", () => {
  expect(auditSearch({ actor: " console ", about: "T20261122-0001", outcome: "" })).toEqual({ actor: "console", about: "ticket:T20261122-0001" });
  expect(auditSearch({ about: "C20261122007" })).toEqual({ about: "contact:C20261122007" });
  const { since = "", until = "" } = auditSearch({ since: "2026-11-22", until: "2026-11-22" });
  expect(Date.parse(until) - Date.parse(since)).toBe(86_400_000);
  expect(detailWords({ rows: 3, of: ["a"] })).toBe('rows: 3, of: ["a"]');
});

test("a file that no scanner found clean says so", async () => {
  const { desk } = await drawn(TICKET, () => null);
  const files = desk.conversation.page.value?.messages.flatMap((one) => one.attachments) ?? [];
  await drawn(TICKET, () => <AttachmentList attachments={files} />);
  expect(all('[data-testid="unscanned"]').map((one) => one.closest("li")?.textContent?.includes("发票"))).toEqual([true]);
});

test("a customer is asked to verify, and what is waited for is told", async () => {
  const { gateway } = await drawn(TICKET, (ticket) => <VerificationPanel ticket={ticket} />);
  expect(words('[data-testid="verification"] strong')).toEqual(["未核验"]);
  await press("请客户核验：能收到登记的联系方式");
  expect(requests(gateway)).toContain(`POST /tickets/${TICKET}/verification/ask`);
  expect(words('[data-testid="verification"] [role="status"]')[0]).toContain("L2");
});

test("what is proven is told with its level, is not asked for again, and can be ended", async () => {
  const { gateway } = await drawn(TICKET, (ticket) => <VerificationPanel ticket={ticket} />, ({ privacy }) => privacy.levels.set(TICKET, "L1"));
  expect([all('[data-testid="verify-L1"]').length, all('[data-testid="verify-L2"]').length]).toEqual([0, 1]);
  await press("结束核验");
  expect(requests(gateway)).toContain(`POST /tickets/${TICKET}/verification/end`);
  expect(all('[data-testid="verification"]').map((one) => one.dataset["level"])).toEqual(["L0"]);
});
