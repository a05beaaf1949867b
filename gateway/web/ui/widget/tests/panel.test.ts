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
