import { beforeEach, expect, test } from "vitest";
import catalogue from "../catalogue/reasons.json";
import { reason, worthSaying } from "../state/reasons";
import { language } from "../words";

beforeEach(() => {
  language.value = "zh-CN";
});

test.each([
  ["aftersale, normal, none on chat", "时限按售后问题、普通、无异常计算（聊天）"],
  ["the contact asks for a person; urgency urgent: “着急”", "客户要求人工；按“着急”判为紧急"],
  ["greeting, answer, handover", "问候、答案、转人工"],
  ["greeting, answer; entry 退货政策: probability 0.94 >= 0.89", "问候、答案；知识条目“退货政策”：把握 0.94，达到 0.89"],
  ["agent 1007 took over", "接入工单"],
  ["agent 1007: 物流的事; 客户着急", "原因：物流的事; 客户着急"],
  ["the promise first_response is late", "首次响应已超时"],
  ["of unknown fate twice, please check: the gateway stopped while it was being sent", "两次都不确定是否送达，请核实：发送过程中网关停止了"],
  ["file v.mp4: the file did not come with the message", "附件 v.mp4 没有收到：文件没有随消息一起来"],
])("%s is said in the agent's language", (said, expected) => {
  expect(reason(said)).toBe(expected);
});

test("what triage went by is said with the words it found", () => {
  language.value = "zh-CN";
  expect(reason("the contact asks for a person; person.wanted: “转人工”; sounds like complaint: “投诉”, “赔”")).toBe("客户要求人工；“转人工”（规则 person.wanted）；像是客诉投诉：“投诉”, “赔”");
});

test("an agent who reads English is spoken to in English", () => {
  language.value = "en";
  expect(reason("aftersale, normal, none on mail")).toBe("time for: After-sale, Normal, nothing unusual (mail)");
  expect(reason("not in the knowledge base; no rule fired: after-sale, normal")).toBe("not in the knowledge base; no telling words: after-sales, normal");
});

test("what nobody has put into words is shown as it is", () => {
  expect(reason("550 5.1.1 no such user")).toBe("550 5.1.1 no such user");
  expect(reason("kept; something new")).toBe("已保存；something new");
});

const gaps = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((one) => one[1]);

test("every saying is known by its own pattern, and both languages fill no gap that it has not", () => {
  for (const [said, [zh, en]] of Object.entries(catalogue)) {
    expect(zh).toBeTruthy();
    for (const sentence of [zh ?? "", en ?? said]) for (const gap of gaps(sentence)) expect(gaps(said)).toContain(gap);
    expect(reason(said.replaceAll(/\{\w+\}/g, "x"))).not.toBe(said);
  }
});

test("what was mended on the way in does not trouble the agent", () => {
  const cut = "mail of 9 bytes: only its beginning was fetched";
  expect(worthSaying(["charset 'gb2312' was utf-8", cut, "a multipart body has no end"])).toEqual([cut]);
  expect(worthSaying(["a multipart body has no end"])).toEqual(["a multipart body has no end"]);
});

test("what a label says is not said a second time", () => {
  expect(worthSaying(["sender not verified", "no sender address"], ["unverified"])).toEqual(["no sender address"]);
  expect(worthSaying(["sender not verified"])).toEqual(["sender not verified"]);
});
