import { render } from "preact";
import { act } from "preact/test-utils";
import { beforeEach, expect, test } from "vitest";
import { createDesk, DeskContext } from "../desk";
import { FakeDesk } from "../fake/fake-desk";
import { aMessage } from "../fake/sample";
import { DeliveryState } from "../parts/delivery";
import { Labels } from "../parts/labels";
import { Whole } from "../parts/whole";
import type { Delivery } from "../types";
import { language } from "../words";
import { FakePorts, settled } from "./ports";

const MAIL = "T20261122-0012";
const box = document.createElement("div");
document.body.append(box);

beforeEach(() => {
  language.value = "zh-CN";
  render(null, box);
});

async function shown(part: preact.ComponentChildren) {
  const ports = new FakePorts();
  const gateway = new FakeDesk(ports.now);
  const joined = new FakePorts(gateway);
  const desk = createDesk(joined);
  await desk.session.signIn("lin", "sample");
  render(<DeskContext.Provider value={desk}>{part}</DeskContext.Provider>, box);
  return gateway;
}

const press = async (label: string) => {
  const button = [...box.querySelectorAll("button")].find((one) => (one.textContent + (one.getAttribute("aria-label") ?? "")).includes(label));
  await act(async () => {
    button?.click();
    await settled();
  });
};
const full = { state: "bounced" as const, error: "452 4.2.2 Mailbox full", code: "452 4.2.2", reason: "mailbox_full" };

test("a bounced mail says why in words, keeps the server's own, and can be sent again", async () => {
  const delivery: Delivery = { ...full, copies: [{ ...full, id: "31", to: "a@b.example", role: "to" }] };
  const gateway = await shown(<DeliveryState delivery={delivery} id="m2" number={MAIL} />);
  expect(box.querySelector("[data-testid=delivery]")?.getAttribute("data-state")).toBe("bounced");
  expect(box.querySelector("summary")?.textContent).toBe("对方邮箱已满");
  expect(box.querySelector("details")?.textContent).toContain("452 4.2.2 Mailbox full");
  await press("重新发送");
  expect(gateway.requests.at(-1)).toBe(`POST /tickets/${MAIL}/outbox/m2/retry`);
});

test("of several copies only the one that failed is sent again", async () => {
  const copies = [
    { id: "31", to: "a@b.example", role: "to" as const, state: "delivered" as const, error: null },
    { id: "32", to: "c@d.example", role: "cc" as const, ...full },
  ];
  const gateway = await shown(<DeliveryState delivery={{ ...full, copies }} id="m2" number={MAIL} />);
  expect([...box.querySelectorAll(".copy-to")].map((one) => one.textContent)).toEqual(["a@b.example", "抄送 c@d.example"]);
  expect(box.querySelectorAll("button")).toHaveLength(1);
  await press("重新发送");
  expect(gateway.requests.at(-1)).toBe(`POST /tickets/${MAIL}/outbox/32/retry`);
});

test("a reason without a word of ours is shown as the server gave it", async () => {
  await shown(<DeliveryState delivery={{ state: "refused", error: "554 odd", reason: "other" }} id="m2" number={MAIL} />);
  expect(box.querySelector(".delivery-error")?.textContent).toBe("554 odd");
});

test("labels are words, and one that this page does not know is shown all the same", () => {
  render(<Labels labels={["unverified", "brand-new"]} />, box);
  expect([...box.querySelectorAll("li")].map((one) => one.textContent?.trim())).toEqual(["发件人未核实", "brand-new"]);
});

test("of automatic mail the kind is told, not that it is automatic besides", () => {
  render(<Labels labels={["automatic", "bounce"]} />, box);
  expect([...box.querySelectorAll("li")].map((one) => one.textContent?.trim())).toEqual(["退信"]);
});

test("the whole of a mail is fetched when it is asked for, and framed without scripts", async () => {
  const gateway = await shown(<Whole message={aMessage(1, { more: true })} number={MAIL} />);
  expect(gateway.requests.some((one) => one.includes("/body"))).toBe(false);
  await press("显示全文");
  const frame = box.querySelector("iframe");
  expect(frame?.getAttribute("sandbox")).toBe("allow-same-origin allow-popups allow-popups-to-escape-sandbox");
  expect(frame?.getAttribute("src")).toBe(`/api/v1/tickets/${MAIL}/messages/1/page`);
  await press("加载图片");
  expect(box.querySelector("iframe")?.getAttribute("src")).toBe(`/api/v1/tickets/${MAIL}/messages/1/page?remote=show`);
  await press("看纯文本");
  expect(box.querySelector("iframe")).toBeNull();
  expect(box.querySelector(".text")?.textContent).toContain("晨光小店写道");
});

test("a message with nothing more has no sign for it", async () => {
  await shown(<Whole message={aMessage(1)} number={MAIL} />);
  expect(box.querySelector("button")).toBeNull();
});
