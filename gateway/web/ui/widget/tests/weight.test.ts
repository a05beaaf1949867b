// @vitest-environment node
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { expect, test } from "vitest";

test("the whole widget weighs ten kilobytes at most", { timeout: 60_000 }, async () => {
  const built = await build({ mode: "widget", logLevel: "silent", build: { write: false } });
  const { output } = (Array.isArray(built) ? built[0] : built) as Rolldown.RolldownOutput;
  expect(output.map((it) => it.fileName)).toEqual(["widget.js"]);
  expect(gzipSync(output[0].code, { level: 6 }).length).toBeLessThanOrEqual(10_000);
});
