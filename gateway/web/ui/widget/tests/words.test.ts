import { expect, test } from "vitest";
import { blocks, plainBlocks } from "../../shared/markdown";
import { rich } from "../dom";
import { nearest, Speech } from "../words";

test.each([
  ["zh-CN", "zh-CN"],
  ["zh", "zh-CN"],
  ["zh-Hans-SG", "zh-CN"],
  ["zh-TW", "zh-TW"],
  ["zh-Hant", "zh-TW"],
  ["zh-HK", "zh-TW"],
  ["en-GB", "en"],
  ["de", "en"],
])("a page in %s is spoken to in %s", (tag, lang) => {
  expect(nearest(tag)).toBe(lang);
});

test("a time of today is a clock time, of another day it carries the date", () => {
  const now = new Date(2026, 10, 20, 9, 0);
  const speech = new Speech("zh-CN");
  expect(speech.time(new Date(2026, 10, 20, 14, 35).toISOString(), now)).toBe("14:35");
  expect(speech.time(new Date(2026, 10, 23, 9, 5).toISOString(), now)).toContain("11月23日");
  speech.zone = "Asia/Shanghai";
  expect(speech.time("2026-11-20T02:05:00Z", new Date("2026-11-20T01:00:00Z"))).toBe("10:05");
  expect(speech.time("2026-11-20T17:05:00Z", new Date("2026-11-20T01:00:00Z"))).toContain("11月21日");
});

test("values are put into sentences", () => {
  expect(new Speech("zh-CN").say("queue", { place: 2, time: "14:35" })).toBe("您排在第 2 位，预计 14:35 前为您接通。");
});

const html = (text: string, isPlain = false) => {
  const box = document.createElement("div");
  box.append(...rich(text, isPlain));
  return box.innerHTML;
};

test("bold, lists, code and links become nodes", () => {
  expect(html("# Title\n**a** `b`\n- one\n- two\n\n1. x")).toBe(
    "<p><strong>Title</strong></p><p><strong>a</strong> <code>b</code></p><ul><li>one</li><li>two</li></ul><ol><li>x</li></ol>",
  );
  expect(html("[shop](https://shop.example/a)，见 https://a.example/x。")).toBe(
    '<p><a href="https://shop.example/a" target="_blank" rel="noopener noreferrer nofollow">shop</a>，见 <a href="https://a.example/x" target="_blank" rel="noopener noreferrer nofollow">https://a.example/x</a>。</p>',
  );
});

test.each([
  "<img src=x onerror=alert(1)>",
  "[x](javascript:alert(1))",
  "[x](data:text/html,<script>alert(1)</script>)",
  "**<script>alert(1)</script>**",
  "[x](vbscript:y)",
])("nothing in %s becomes more than text", (text) => {
  const box = document.createElement("div");
  box.append(...rich(text, false));
  expect(box.querySelector("img, script, a")).toBe(null);
  expect(box.textContent).toContain(text.replaceAll("**", ""));
});

test("a customer's own text is shown as it was written", () => {
  expect(html("**a**\n- b", true)).toBe("<p>**a**<br>- b</p>");
  expect(plainBlocks("https://a.example/x")).toEqual([
    { kind: "lines", lines: [[{ kind: "link", text: "https://a.example/x", href: "https://a.example/x" }]] },
  ]);
});

test("hostile text of great length is read in a moment", () => {
  const started = performance.now();
  for (const piece of ["**a", "[a](", "`", "[", "https://a,", "- ", "# "]) blocks(piece.repeat(2000));
  expect(performance.now() - started).toBeLessThan(2000);
});
