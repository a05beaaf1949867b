import { expect, test } from "vitest";
import { barOf, inTurn, standing } from "../bars";
import { anOwed } from "../fake/fake-panels";

const NOW = Date.parse("2026-11-22T02:00:00Z");
const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();
const kinds = (promise: Parameters<typeof barOf>[0], now = NOW) => barOf(promise, now).stretches.map((one) => [one.kind, one.from, one.until]);

test("what counted, what stood still and what counts now lie where they happened", () => {
  const promise = anOwed(NOW, {
    kind: "resolution", started_at: at(-60), due_at: at(40), warn_at: at(15),
    segments: [
      { from_at: at(-60), until_at: at(-40), kind: "counting", because: "running" },
      { from_at: at(-40), until_at: at(-10), kind: "paused", because: "x" },
      { from_at: at(-10), until_at: null, kind: "counting", because: "running" },
    ],
  });
  expect(kinds(promise)).toEqual([["counting", 0, 20], ["paused", 20, 50], ["counting", 50, 60]]);
  expect(barOf(promise, NOW)).toMatchObject({ warn: 75, now: 60, due: null });
});

test("from its warning on a stretch warns, and from the instant it was due it is late", () => {
  const promise = anOwed(NOW, { kind: "first_response", started_at: at(-60), due_at: at(-20), warn_at: at(-30), segments: [{ from_at: at(-60), until_at: null, kind: "counting", because: "running" }] });
  expect(kinds(promise).map(([kind]) => kind)).toEqual(["counting", "warned", "late"]);
  expect(barOf(promise, NOW).due).toBeCloseTo(66.67, 1);
  expect([standing(promise, NOW), standing(promise, NOW - 25 * 60_000), standing(promise, NOW - 40 * 60_000)]).toEqual(["late", "warned", "calm"]);
});

test("a promise late by days still shows how it came to be", () => {
  const promise = anOwed(NOW, { kind: "first_response", started_at: at(-5000), due_at: at(-4990), warn_at: null, segments: [{ from_at: at(-5000), until_at: null, kind: "counting", because: "running" }] });
  expect(kinds(promise)).toEqual([["counting", 0, 35], ["late", 35, 100]]);
});

test("while it stands still it is due as if it ran on from now, and is never late", () => {
  const promise = anOwed(NOW, { kind: "resolution", state: "paused", started_at: at(-60), due_at: null, warn_at: null, span_s: 3600, used_s: 1200, segments: [
    { from_at: at(-60), until_at: at(-40), kind: "counting", because: "running" },
    { from_at: at(-40), until_at: null, kind: "paused", because: "x" },
  ] });
  expect(kinds(promise)).toEqual([["counting", 0, 20], ["paused", 20, 60]]);
  expect(standing(promise, NOW + 1e9)).toBe("paused");
});

test("what has no stretch yet, or ends before it begins, draws nothing and breaks nothing", () => {
  expect(kinds(anOwed(NOW, { kind: "review", segments: [] }))).toEqual([]);
  const turned = anOwed(NOW, { kind: "review", started_at: at(10), due_at: at(5), segments: [{ from_at: at(10), until_at: null, kind: "counting", because: null }] });
  expect(kinds(turned)).toEqual([]);
});

test("open ones come in the order they are due, one that stands still last, settled ones not at all", () => {
  const all = [anOwed(NOW, { id: "1", kind: "a", due_at: null, state: "paused" }), anOwed(NOW, { id: "2", kind: "b", due_at: at(9) }), anOwed(NOW, { id: "3", kind: "c", due_at: at(3) }), anOwed(NOW, { id: "4", kind: "d", state: "kept" })];
  expect(inTurn(all).map((one) => one.id)).toEqual(["3", "2", "1"]);
});
