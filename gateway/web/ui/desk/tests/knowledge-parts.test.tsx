import { render } from "preact";
import { act } from "preact/test-utils";
import { beforeEach, expect, test } from "vitest";
import { Evidence } from "../parts/evidence";
import { Nodes } from "../parts/nodes";
import { Previews } from "../parts/previews";
import type { Preview, Verdict } from "../types-knowledge";
import { language } from "../words";

const box = document.createElement("div");
document.body.append(box);

beforeEach(() => {
  language.value = "zh-CN";
  render(null, box);
});

test("a tree draws the elements it knows, and of others only the words", () => {
  const inside = [{ tag: "b", href: null, children: ["七天"] }];
  const nodes = [
    { tag: "script", href: null, children: ["alert(1)"] },
    { tag: "a", href: "javascript:alert(1)", children: inside },
    { tag: "a", href: "https://shop.example/x", children: ["网址"] },
  ];
  render(<Nodes nodes={nodes} />, box);
  expect(box.innerHTML).toBe(
    'alert(1)<a><b>七天</b></a><a href="https://shop.example/x" target="_blank" rel="noopener noreferrer nofollow">网址</a>',
  );
});

const preview = (channel: string, kind: string): Preview => ({
  channel, kind, outcome: "answer", hand_off: null, text: `**${channel}**`,
  pieces: [{ form: "text", content: channel, nodes: [], buttons: [] }],
});

test("the arrows go from tab to tab and around, and one tab at a time is in the tab order", async () => {
  render(<Previews previews={[preview("web", "webchat"), preview("mail", "mail"), preview("bot", "telegram")]} />, box);
  const tabs = () => [...box.querySelectorAll<HTMLElement>('[role="tab"]')];
  const press = (key: string) =>
    act(() => void box.querySelector('[role="tablist"]')?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })));
  const chosen = () => tabs().findIndex((tab) => tab.getAttribute("aria-selected") === "true");
  await press("ArrowLeft");
  expect([chosen(), document.activeElement === tabs()[2]]).toEqual([2, true]);
  await press("ArrowRight");
  expect([chosen(), tabs().map((tab) => tab.tabIndex)]).toEqual([0, [0, -1, -1]]);
  expect(box.querySelector('[role="tabpanel"] strong')?.textContent).toBe("web");
});

test("evidence that this page has no name for is shown under the name it comes with", () => {
  const match = { id: "a", question: "问", score: 0.995, because: ["nearest phrasing: 怎么退"], more: { shared_words: ["退", "货"], empty: [] } };
  const verdict: Verdict = {
    text: "?", lang: "zh-CN", kind: "answer", because: "exact phrasing", small_talk: "", thresholds: { answer: 0.89, offer: 0.5 },
    matches: [match], parts: [], more: {}, previews: [],
  };
  render(<Evidence verdict={verdict} />, box);
  expect([...box.querySelectorAll(".match-more dt")].map((one) => one.textContent)).toEqual(["shared_words"]);
  expect(box.querySelector(".match-because")?.textContent).toBe("最接近的问法：怎么退");
  expect(box.querySelector(".match-score")?.textContent).toBe("99.5%");
});
