import { expect, test } from "vitest";
import { type Link, Live } from "../live";
import { FakePorts } from "./ports";

function boom(): never {
  throw new Error("boom");
}

function aLive() {
  const ports = new FakePorts();
  const heard: string[] = [];
  const links: Link[] = [];
  const hear = (kind: string) => (data: unknown) => void heard.push(`${kind} ${JSON.stringify(data)}`);
  const live = new Live(
    ports,
    { ticket: hear("ticket"), message: hear("message"), note: hear("note"), agent: hear("agent"), channel: hear("channel"), typing: hear("typing"), house: () => void heard.push("house") },
    () => heard.push("fresh"),
    (link) => links.push(link),
  );
  live.start();
  return { ports, heard, links, live };
}

test("the first opening loads everything", () => {
  const { ports, heard, links } = aLive();
  ports.stream.open();
  expect([ports.stream.url, heard, links]).toEqual(["/api/v1/events", ["fresh"], ["connecting", "live"]]);
});

test("when the browser reconnects, nothing is loaded again: the gateway replays", () => {
  const { ports, heard } = aLive();
  ports.stream.open();
  ports.stream.send("ticket", 1, "7");
  ports.stream.fail(false);
  ports.stream.open();
  ports.stream.send("ticket", 2, "8");
  expect([ports.streams.length, heard]).toEqual([1, ["fresh", "ticket 1", "ticket 2"]]);
});

test("when the browser gives up, a new stream resumes after the last event, later and later", () => {
  const { ports, links } = aLive();
  ports.stream.open();
  ports.stream.send("note", 1, "42");
  ports.stream.fail(true);
  expect(links.at(-1)).toBe("broken");
  ports.pass(1000);
  expect(ports.stream.url).toBe("/api/v1/events?since=42");
  ports.stream.fail(true);
  ports.pass(1000);
  expect(ports.streams.length).toBe(2);
  ports.pass(1000);
  expect(ports.streams.length).toBe(3);
});

test("a reset says that events are missing: everything is loaded", () => {
  const { ports, heard } = aLive();
  ports.stream.open();
  ports.stream.send("reset", {}, "900");
  expect(heard).toEqual(["fresh", "fresh"]);
  ports.stream.fail(true);
  ports.pass(1000);
  expect(ports.stream.url).toBe("/api/v1/events?since=900");
});

test("a line that broke before any event was heard is loaded afresh", () => {
  const { ports, heard } = aLive();
  ports.stream.open();
  ports.stream.fail(false);
  ports.stream.open();
  expect(heard).toEqual(["fresh", "fresh"]);
});

test("a machine that slept connects anew and asks for what it missed", () => {
  const { ports, live } = aLive();
  ports.stream.open();
  ports.stream.send("agent", 1, "3");
  ports.time += 1000;
  live.tick();
  expect(ports.streams.length).toBe(1);
  ports.time += 3_600_000;
  live.tick();
  expect([ports.streams.length, ports.stream.url]).toEqual([2, "/api/v1/events?since=3"]);
});

test("an event that cannot be handled is not asked for again", () => {
  const ports = new FakePorts();
  const live = new Live(ports, { ticket: boom, message: boom, note: boom, agent: boom, channel: boom, typing: boom, house: boom }, () => {}, () => {});
  live.start();
  ports.stream.open();
  expect(() => ports.stream.send("ticket", 1, "5")).toThrow("boom");
  ports.stream.fail(true);
  ports.pass(1000);
  expect(ports.stream.url).toBe("/api/v1/events?since=5");
});

test("what concerns the house is told without its words, and where we were is remembered", () => {
  const { ports, heard, live } = aLive();
  ports.stream.open();
  ports.stream.send("alarm", { alarm: 3 }, "41");
  ports.stream.send("handover", { number: "1001" }, "42");
  expect(heard).toEqual(["fresh", "house", "house"]);
  live.start();
  expect(ports.stream.url).toBe("/api/v1/events?since=42");
});
