import { describe, expect, test, vi } from "vitest";
import { Drafts } from "../drafts";
import { Keys } from "../keys";
import { ScrollKeeper } from "../scroll";
import { Seen } from "../seen";
import { FakePorts } from "./ports";

function press(keys: Keys, key: string, target: EventTarget | null = null): boolean {
  return keys.press({ key, ctrlKey: false, metaKey: false, altKey: false, target });
}

describe("drafts", () => {
  test("a draft is on the shelf half a second after the last key, per ticket and kind", () => {
    const ports = new FakePorts();
    const drafts = new Drafts(ports, () => "lin");
    drafts.write("T1", "reply", "您");
    ports.pass(300);
    drafts.write("T1", "reply", "您好");
    ports.pass(499);
    expect(ports.kept.size).toBe(0);
    ports.pass(1);
    expect([drafts.read("T1", "reply"), drafts.read("T1", "note"), drafts.read("T2", "reply")]).toEqual(["您好", "", ""]);
    expect(new Drafts(ports, () => "lin").read("T1", "reply")).toBe("您好");
    expect(new Drafts(ports, () => "other").read("T1", "reply")).toBe("");
  });

  test("leaving the page saves at once, and an emptied draft leaves no trace", () => {
    const ports = new FakePorts();
    const drafts = new Drafts(ports, () => "lin");
    drafts.write("T1", "note", "记");
    drafts.flush();
    expect(ports.kept.size).toBe(1);
    drafts.write("T1", "note", " ");
    drafts.flush();
    expect(ports.kept.size).toBe(0);
  });
});

describe("seen", () => {
  test("a message that arrives the moment before sending has not been seen", () => {
    const ports = new FakePorts();
    const seen = new Seen(ports.later);
    seen.restart(4);
    seen.show(5);
    ports.pass(900);
    expect(seen.upTo).toBe(4);
    ports.pass(100);
    expect(seen.upTo).toBe(5);
  });

  test("a message that was hidden before it could be read has not been seen", () => {
    const ports = new FakePorts();
    const seen = new Seen(ports.later);
    seen.show(5);
    seen.hide();
    ports.pass(5000);
    expect(seen.upTo).toBe(0);
    seen.show(5);
    ports.pass(1000);
    expect(seen.upTo).toBe(5);
  });
});

describe("keys", () => {
  test("a sequence acts on its second key, unless that comes too late", () => {
    let now = 0;
    const go = vi.fn();
    const keys = new Keys({ "g m": go }, () => true, () => now);
    expect([press(keys, "g"), press(keys, "m")]).toEqual([true, true]);
    press(keys, "g");
    now = 2000;
    expect(press(keys, "m")).toBe(false);
    expect(go).toHaveBeenCalledTimes(1);
  });

  test("typing in a field is never a shortcut, nor is anything when single keys are off", () => {
    const act = vi.fn();
    press(new Keys({ j: act }, () => true, () => 0), "j", document.createElement("textarea"));
    press(new Keys({ j: act }, () => false, () => 0), "j");
    expect(act).not.toHaveBeenCalled();
  });
});

describe("scrolling", () => {
  test("who is at the end stays at the end, who reads above stays there", () => {
    const box = { scrollTop: 900, scrollHeight: 1000, clientHeight: 100 };
    const keeper = new ScrollKeeper(box);
    box.scrollHeight = 1200;
    keeper.grown();
    expect(box.scrollTop).toBe(1200);
    box.scrollTop = 300;
    keeper.scrolled();
    box.scrollHeight = 1400;
    keeper.grown();
    expect(box.scrollTop).toBe(300);
  });

  test("a box that shrinks under somebody at the end scrolls by itself, and they stay at the end", () => {
    const box = { scrollTop: 800, scrollHeight: 1000, clientHeight: 200 };
    const keeper = new ScrollKeeper(box);
    keeper.toEnd();
    box.scrollHeight = 1300;
    keeper.scrolled();
    expect([keeper.isAtEnd, box.scrollTop]).toEqual([true, 1300]);
  });
});
