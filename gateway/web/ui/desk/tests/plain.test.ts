import { describe, expect, test } from "vitest";
import en from "../catalogue/en.json";
import enBoard from "../catalogue/board.en.json";
import zhBoard from "../catalogue/board.zh-CN.json";
import enTicket from "../catalogue/ticket.en.json";
import zhTicket from "../catalogue/ticket.zh-CN.json";
import zh from "../catalogue/zh-CN.json";
import { aMessage, aTicket } from "../fake/sample";
import { blocks, inlines, plainBlocks } from "../../shared/markdown";
import { belongs, inOrder, newer, questionBefore, withMessage } from "../merge";
import { readKnowledge, readRoute, writeKnowledge, writeRoute } from "../route";
import { interleaved } from "../state/conversation";
import { lateness, spanBetween } from "../time";
import { actorName, calendarDay, language, languageName, percent, spanWords, t, word } from "../words";

const NOW = Date.parse("2026-11-22T01:30:00Z");
const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();

const places = (entry: unknown) => [...new Set(JSON.stringify(entry).match(/\{\w+\}/g))].toSorted();
const inWords = (seconds: number) => spanWords(spanBetween(0, seconds * 1000));
const how = (minutes: number, state = "running") => lateness({ kind: "resolution", due_at: at(minutes), state }, NOW);

describe("catalogues", () => {
  test("say the same things in both languages", () => {
    expect(Object.keys(en)).toEqual(Object.keys(zh));
    expect(Object.keys(enTicket)).toEqual(Object.keys(zhTicket));
    expect(Object.keys(enBoard)).toEqual(Object.keys(zhBoard));
  });

  test("leave no key to two parts", () => {
    expect(Object.keys(zhTicket).filter((key) => key in zh)).toEqual([]);
    expect(Object.keys(zhBoard).filter((key) => key in zh || key in zhTicket)).toEqual([]);
  });

  test("fill the same places in both languages", () => {
    for (const key of Object.keys(zh) as (keyof typeof zh)[]) expect([key, places(en[key])]).toEqual([key, places(zh[key])]);
    for (const key of Object.keys(zhTicket) as (keyof typeof zhTicket)[]) expect([key, places(enTicket[key])]).toEqual([key, places(zhTicket[key])]);
    for (const key of Object.keys(zhBoard) as (keyof typeof zhBoard)[]) expect([key, places(enBoard[key])]).toEqual([key, places(zhBoard[key])]);
  });

  test("choose the plural by the number", () => {
    language.value = "en";
    expect([t("nav.count", { n: 1 }), t("nav.count", { n: 2 })]).toEqual(["1 ticket", "2 tickets"]);
    language.value = "zh-CN";
    expect(t("nav.count", { n: 1 })).toBe("1 张工单");
  });

  test("name who did something", () => {
    language.value = "zh-CN";
    expect(["bot", "agent:1001", null].map(actorName)).toEqual(["机器人", "客服 工号 1001", ""]);
  });

  test("show a value they have no word for as it is", () => {
    expect(word("promise", "made_up")).toBe("made_up");
  });
});

describe("spans and promises", () => {
  test("a span is told as finely as its length deserves", () => {
    language.value = "en";
    expect([45, 150, 720, 3_900, 90_000].map(inWords)).toEqual(["45 s", "2 min 30 s", "12 min", "1 h 5 min", "1 d 1 h"]);
  });

  test("a promise is soon in its last quarter of an hour and late from its instant on", () => {
    expect([how(16), how(15), how(0), how(-5)]).toEqual(["calm", "soon", "late", "late"]);
    expect([how(-5, "kept"), how(-5, "paused"), how(5, "broken")]).toEqual(["settled", "settled", "late"]);
  });
});

describe("the knowledge page in words and addresses", () => {
  test("an address says which part is open, whatever signs an entry's name or a question holds", () => {
    const addresses = [
      { page: "entries", item: null },
      { page: "entries", item: "退/货 政策#1" },
      { page: "try", item: "几天 100% 退？" },
      { page: "gaps", item: null },
    ] as const;
    for (const place of addresses) expect(readKnowledge(writeKnowledge(place))).toEqual(place);
    expect([readKnowledge("#/all"), readKnowledge("#/knowledge")]).toEqual([null, { page: "entries", item: null }]);
  });

  test("only what is certain is a hundred per cent", () => {
    language.value = "en";
    expect([0, 0.126, 0.89, 0.996, 0.99999, 1].map(percent)).toEqual(["0%", "13%", "89%", "99.6%", "99.9%", "100%"]);
  });

  test("a day is a day in every zone, and a language has a name or its tag", () => {
    language.value = "en";
    expect([calendarDay("2026-11-30"), languageName("en"), languageName("-")]).toEqual(["Nov 30, 2026", "English", "-"]);
  });

  test("the question a message answers is what the customer wrote last before it", () => {
    const said = [aMessage(1, { text: "一" }), aMessage(2, { text: " 二 " }), aMessage(3, { author: "bot" }), aMessage(4, { text: "三" })];
    expect([questionBefore(said, 3), questionBefore(said, 1)]).toEqual(["二", ""]);
  });
});

describe("merging", () => {
  test("the list is ordered by urgency, then by the promise due first, then by age", () => {
    const due = (minutes: number) => ({ kind: "first_response", due_at: at(minutes), state: "running" });
    const list = [
      aTicket(NOW, { number: "old", opened_at: at(-90) }),
      aTicket(NOW, { number: "late", promise: due(-3) }),
      aTicket(NOW, { number: "critical", urgency: "critical" }),
      aTicket(NOW, { number: "calm", promise: due(60) }),
      aTicket(NOW, { number: "new", opened_at: at(-1) }),
    ];
    expect(list.toSorted(inOrder).map((one) => one.number)).toEqual(["critical", "late", "calm", "old", "new"]);
  });

  test("an older state of a ticket never replaces a newer one", () => {
    const known = aTicket(NOW, { number: "T1", version: 5 });
    expect(newer(known, { ...known, version: 4 })).toBe(known);
  });

  test("a claimed ticket leaves the queue", () => {
    const wanted = { view: "unassigned", statuses: ["open", "in_progress"] };
    const claimed = aTicket(NOW, { number: "T1", status: "in_progress", agent: { number: "1002", name: "李娜" } });
    expect([belongs(aTicket(NOW, { number: "T1" }), wanted, null), belongs(claimed, wanted, null)]).toEqual([true, false]);
  });

  test("messages that arrive out of order stand in order of seq, and one that changed stands once", () => {
    const arrived = [3, 1, 2].map((seq) => aMessage(seq)).reduce(withMessage, []);
    const changed = withMessage(arrived, aMessage(2, { text: "edited" }));
    expect(changed.map((one) => [one.seq, one.text])).toEqual([[1, "message 1"], [2, "edited"], [3, "message 3"]]);
  });

  test("a note stands between the messages it was written between", () => {
    const messages = [aMessage(1, { at: at(1) }), aMessage(2, { at: at(3) })];
    const note = { id: "n", agent: { number: "1001", name: "林晓" }, text: "", at: at(2) };
    expect(interleaved(messages, [note]).map((line) => line.message?.seq ?? "note")).toEqual([1, "note", 2]);
  });
});

describe("markdown", () => {
  test("lists, strong words and links become nodes' worth of structure", () => {
    expect(blocks("看：\n1. **会员**\n2. [规则](https://shop.example/p)\n\n完")).toEqual([
      { kind: "lines", lines: [[{ kind: "text", text: "看：" }]] },
      { kind: "list", isNumbered: true, items: [[{ kind: "strong", text: "会员" }], [{ kind: "link", text: "规则", href: "https://shop.example/p" }]] },
      { kind: "lines", lines: [[{ kind: "text", text: "完" }]] },
    ]);
  });

  test("a script address stays text", () => {
    expect(inlines("[x](javascript:alert(1))").every((one) => one.kind === "text")).toBe(true);
  });

  test("a bare address ends before Chinese punctuation", () => {
    expect(inlines("见https://shop.example/a。谢谢")[1]).toEqual({ kind: "link", text: "https://shop.example/a", href: "https://shop.example/a" });
  });

  test("a customer's asterisks stay asterisks", () => {
    expect(plainBlocks("**不是**标记\n第二行")).toEqual([
      { kind: "lines", lines: [[{ kind: "text", text: "**不是**标记" }], [{ kind: "text", text: "第二行" }]] },
    ]);
  });
});

describe("routes", () => {
  test("survive the way to the address bar and back", () => {
    const route = { view: "d-after/sales", number: "T20261122-0001" };
    expect(readRoute(writeRoute(route))).toEqual(route);
  });

  test("nonsense leads to the queue", () => {
    const queue = { view: "unassigned", number: null };
    expect([readRoute("#%E0%A4%A"), readRoute("#/nowhere")]).toEqual([queue, queue]);
  });
});
