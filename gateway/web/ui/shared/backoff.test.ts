import { expect, test } from "vitest";
import { backoff } from "./backoff";

test("waits double with each try and stop growing at the most", () => {
  expect([0, 1, 2, 9].map((n) => backoff(n, 1000, 30_000, () => 1))).toEqual([1000, 2000, 4000, 30_000]);
});

test("jitter never takes more than a third off", () => {
  expect(backoff(0, 900, 30_000, () => 0)).toBe(600);
});
