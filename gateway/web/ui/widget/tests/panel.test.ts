import { expect, test } from "vitest";
import { Panel } from "../panel";
import { Speech } from "../words";
import { aMessage, World } from "./world";

const shown = (panel: Panel) => [...panel.node.querySelectorAll(".log .text")].map((it) => it.textContent);

test("the greeting on opening makes way for the one in the first answer", async () => {
  const [client, socket] = await new World().ready();
  const panel = new Panel(client, new Speech("en"), () => {});
  panel.introduce({ greeting: "Hello, this is the shop." });
  client.send("opening hours?");
  panel.update();
  expect(shown(panel)).toEqual(["Hello, this is the shop.", "opening hours?"]);
  socket.hear({ type: "ack", id: "m1", seq: 1 });
  socket.hear(aMessage(2, { text: "Hello, this is the shop.\n\nNine to six." }));
  panel.update();
  expect(shown(panel)).toEqual(["opening hours?", "Hello, this is the shop.Nine to six."]);
});

test("who is answered by a person first keeps the greeting", async () => {
  const [client, socket] = await new World().ready();
  const panel = new Panel(client, new Speech("en"), () => {});
  panel.introduce({ greeting: "Hello." });
  socket.hear(aMessage(1, { author: "agent", text: "Good morning." }));
  panel.update();
  expect(shown(panel)).toEqual(["Hello.", "Good morning."]);
});

const PRIVACY = { text: "We keep what you write. [Privacy notice](https://shop.example/privacy)", agree: "Agree and start" };

test("who must agree first cannot write before, and every message says to what", async () => {
  const [client, socket] = await new World().ready();
  const panel = new Panel(client, new Speech("en"), () => {});
  panel.introduce({ privacy: { ...PRIVACY, consent: "2026-11" } });
  expect(panel.composer.node.hidden).toBe(true);
  const agree = [...panel.node.querySelectorAll("button")].find((it) => it.textContent === "Agree and start");
  agree?.click();
  expect(panel.composer.node.hidden).toBe(false);
  expect(agree?.closest("div")?.hidden).toBe(true);
  client.send("hello");
  expect(socket.sent.at(-1)).toMatchObject({ text: "hello", consent: "2026-11" });
  panel.introduce({ privacy: { ...PRIVACY, consent: "2027-01" } });
  expect(panel.composer.node.hidden).toBe(true);
});

test("the notice stands under the greeting, with its link, and asks nothing where no consent is wanted", async () => {
  const [client] = await new World().ready();
  const panel = new Panel(client, new Speech("en"), () => {});
  panel.introduce({ greeting: "Hello.", privacy: { ...PRIVACY, consent: null } });
  expect(shown(panel)).toEqual(["Hello.We keep what you write. Privacy notice"]);
  expect(panel.node.querySelector<HTMLAnchorElement>(".log a")?.href).toBe("https://shop.example/privacy");
  expect(panel.composer.node.hidden).toBe(false);
});
