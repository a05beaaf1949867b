import { expect, test } from "vitest";
import { Memory, Store } from "../store";
import { Transcript } from "../transcript";
import { aMessage } from "./world";

const pending = (id: string) => ({ id, text: id, attachments: [], at: "2026-11-20T04:00:00Z" });

test("messages are shown in order of seq, whatever order they came in", () => {
  const transcript = new Transcript();
  for (const seq of [3, 1, 2]) transcript.receive(aMessage(seq));
  expect(transcript.lines().map((it) => it.seq)).toEqual([1, 2, 3]);
});

test("the same message twice is shown once", () => {
  const transcript = new Transcript();
  expect([transcript.receive(aMessage(1)), transcript.receive(aMessage(1))]).toEqual([true, false]);
  expect(transcript.lines().length).toBe(1);
});

test("resuming begins before the first gap", () => {
  const transcript = new Transcript();
  for (const seq of [1, 2, 5]) transcript.receive(aMessage(seq));
  expect(transcript.since).toBe(2);
  transcript.receive(aMessage(3));
  transcript.receive(aMessage(4));
  expect(transcript.since).toBe(5);
});

test("ready closes every gap before it", () => {
  const transcript = new Transcript();
  transcript.receive(aMessage(2));
  transcript.ready(4);
  expect(transcript.since).toBe(4);
});

test("an answer may overtake the acknowledgement of its question", () => {
  const transcript = new Transcript();
  transcript.add(pending("q"));
  transcript.receive(aMessage(2, { text: "answer" }));
  transcript.acknowledge("q", 1);
  expect(transcript.lines().map((it) => it.text)).toEqual(["q", "answer"]);
  expect(transcript.since).toBe(2);
});

test("an acknowledgement without a place keeps the message where it is", () => {
  const transcript = new Transcript();
  transcript.add(pending("q"));
  transcript.acknowledge("q", null);
  expect(transcript.lines()).toMatchObject([{ text: "q", fate: "sent", seq: null }]);
});

test("the store of one chat does not see that of another", () => {
  const area = new Memory();
  const here = new Store("https://a.example", area);
  here.keep(pending("m1"));
  here.put("token", "t");
  const there = new Store("https://b.example", area);
  expect([there.pending(), there.get("token")]).toEqual([[], null]);
  here.drop("m1");
  expect(here.pending()).toEqual([]);
});

test("a full store does not keep a message from being sent", () => {
  class Full extends Memory {
    override setItem(): void {
      throw new DOMException("full", "QuotaExceededError");
    }
  }
  const store = new Store("https://a.example", new Full());
  expect(() => store.keep(pending("m1"))).not.toThrow();
});
