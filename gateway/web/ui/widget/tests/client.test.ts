import { expect, test } from "vitest";
import { aMessage, settle, World } from "./world";

const texts = (world: { transcript: { lines(): { text: string }[] } }) => world.transcript.lines().map((it) => it.text);

test("nothing is fetched before the chat is opened", async () => {
  const world = new World();
  world.client();
  await settle();
  expect([world.asked, world.sockets]).toEqual([[], []]);
});

test("the first opening makes a visitor, later ones know it", async () => {
  const world = new World();
  const [, socket] = await world.ready();
  expect(world.asked.map((it) => it.url)).toEqual(["/visitors"]);
  expect(socket.sent[0]).toEqual({ type: "hello", token: "token 1", since: 0, lang: "en" });

  const later = new World(world.area);
  const [, again] = await later.ready();
  expect(later.asked).toEqual([]);
  expect(again.sent[0]).toMatchObject({ token: "token 1" });
});

test("a message is shown at once and confirmed by its acknowledgement", async () => {
  const world = new World();
  const [client, socket] = await world.ready();
  client.send("hello");
  expect(client.transcript.lines()).toMatchObject([{ text: "hello", fate: "sending", seq: null }]);
  expect(socket.ids).toEqual(["m1"]);
  socket.hear({ type: "ack", id: "m1", seq: 1 });
  expect(client.transcript.lines()).toMatchObject([{ text: "hello", fate: "sent", seq: 1 }]);
});

test("what was not acknowledged is sent again under the same id after a reconnect", async () => {
  const world = new World();
  const [client, socket] = await world.ready();
  client.send("one");
  client.send("two");
  socket.hear({ type: "ack", id: "m1", seq: 1 });
  socket.end();
  expect(client.line).toBe("away");
  await world.pass(1000);
  const next = await world.welcome(1);
  expect(next.sent[0]).toMatchObject({ type: "hello", since: 1 });
  expect(next.ids).toEqual(["m2"]);
});

test("what was not acknowledged survives a reload, in order", async () => {
  const world = new World();
  const [client, socket] = await world.ready();
  client.send("one");
  await world.pass(10);
  client.send("two", "choice-1");
  socket.end();

  const reloaded = new World(world.area);
  const [again, next] = await reloaded.ready();
  expect(texts(again)).toEqual(["one", "two"]);
  expect(next.ids).toEqual(["m1", "m2"]);
  expect(next.sent.at(-1)).toMatchObject({ choice: "choice-1" });
});

test("a message that did arrive although its acknowledgement was lost is shown once and not sent again", async () => {
  const world = new World();
  const [client, socket] = await world.ready();
  client.send("one");
  socket.end();
  await world.pass(1000);
  await settle();
  world.newest.open();
  world.newest.hear(aMessage(1, { author: "customer", id: "m1", text: "one" }));
  world.newest.hear({ type: "ready", last_seq: 1 });
  expect(client.transcript.lines()).toMatchObject([{ text: "one", seq: 1, fate: "sent" }]);
  expect(world.newest.ids).toEqual([]);
});

test("writing while away connects and then sends", async () => {
  const world = new World();
  const [client, socket] = await world.ready();
  socket.end();
  client.send("are you there");
  const next = await world.welcome();
  expect(next.ids).toEqual(["m1"]);
});

test("waits double until the gateway is back, and begin anew afterwards", async () => {
  const world = new World();
  const [client, socket] = await world.ready();
  socket.end();
  await world.pass(999);
  expect(world.sockets.length).toBe(1);
  await world.pass(1);
  world.newest.end();
  await world.pass(1999);
  expect(world.sockets.length).toBe(2);
  await world.pass(1);
  await world.welcome();
  expect(client.line).toBe("on");
  world.newest.end();
  await world.pass(1000);
  expect(world.sockets.length).toBe(4);
});

test("a server that does not answer is left and tried again", async () => {
  const world = new World();
  const [client, socket] = await world.ready();
  client.send("one");
  await world.pass(8000);
  expect(socket.isClosed).toBe(true);
  await world.pass(1000);
  const next = await world.welcome();
  expect(next.ids).toEqual(["m1"]);
  socket.hear({ type: "ack", id: "m1", seq: 9 });
  expect(client.transcript.lines()[0]?.seq).toBe(null);
});

test("waking up asks whether the line is alive", async () => {
  const world = new World();
  const [client, socket] = await world.ready();
  client.wake();
  expect(socket.sent.at(-1)).toEqual({ type: "ping" });
  socket.hear({ type: "pong" });
  await world.pass(60_000);
  expect(client.line).toBe("on");
});

test("a token that has expired is replaced, and what was on its way goes along", async () => {
  const world = new World();
  const [client, socket] = await world.ready();
  socket.hear(aMessage(1));
  client.send("one");
  socket.end(4001);
  await world.pass(1000);
  const next = await world.welcome();
  expect(next.sent[0]).toMatchObject({ token: "token 2", since: 0 });
  expect(next.ids).toEqual(["m1"]);
  expect(texts(client)).toEqual(["one"]);
});

test("one tab too many stays away until somebody looks at it", async () => {
  const world = new World();
  const [client, socket] = await world.ready();
  socket.end(4009);
  await world.pass(600_000);
  expect(world.sockets.length).toBe(1);
  client.wake();
  await world.welcome();
  expect(client.line).toBe("on");
});

test("an idle chat comes back by itself only while it is in view", async () => {
  for (const visible of [true, false]) {
    const world = new World();
    const [, socket] = await world.ready();
    world.visible = visible;
    socket.end(4002);
    await world.pass(60_000);
    expect(world.sockets.length > 1).toBe(visible);
  }
});

test("a message refused for good is named and not sent again", async () => {
  const world = new World();
  const [client, socket] = await world.ready();
  client.send("too long");
  socket.hear({ type: "error", code: "too-big", title: "This is too long.", id: "m1" });
  expect(client.transcript.lines()).toMatchObject([{ fate: "refused", why: "This is too long." }]);
  socket.end();
  await world.pass(1000);
  expect((await world.welcome()).ids).toEqual([]);
  client.discard("m1");
  expect(client.transcript.lines()).toEqual([]);
});

test("a message that could not be stored just now is sent again by itself", async () => {
  const world = new World();
  const [client, socket] = await world.ready();
  client.send("one");
  socket.hear({ type: "error", code: "not-stored", title: "Later.", id: "m1", retry_after: 5 });
  expect(client.transcript.lines()).toMatchObject([{ fate: "waiting" }]);
  await world.pass(5000);
  expect(socket.ids).toEqual(["m1", "m1"]);
  expect(client.transcript.lines()).toMatchObject([{ fate: "sending" }]);
});

test("typing is told once every three seconds at most", async () => {
  const world = new World();
  const [client, socket] = await world.ready();
  for (let n = 0; n < 50; n += 1) client.typing();
  await world.pass(3000);
  client.typing();
  expect(socket.sent.filter((it) => it["type"] === "typing").length).toBe(2);
});

test("where sockets are blocked the chat goes on by plain requests, and tries a socket now and then", async () => {
  const world = new World();
  const stored: ReturnType<typeof aMessage>[] = [];
  world.answer = (url, method) => {
    if (url.endsWith("/visitors")) return { status: 201, body: { token: "t" } };
    if (method === "POST") return { status: 202, body: { id: "m1", seq: 1 } };
    const since = Number(new URL(url).searchParams.get("since"));
    return { status: 200, body: { messages: stored.filter((it) => it.seq > since), last_seq: stored.length } };
  };
  const client = world.client();
  client.start();
  await settle();
  for (const wait of [1000, 2000, 4000]) {
    world.newest.end();
    await world.pass(wait);
  }
  expect(world.sockets.length).toBe(3);
  expect(client.line).toBe("on");
  client.send("hello");
  await settle();
  expect(world.asked.findLast((it) => it.method === "POST")?.body).toMatchObject({ id: "m1", text: "hello" });
  stored.push(aMessage(1, { author: "customer", id: "m1", text: "hello" }), aMessage(2));
  await world.pass(4000);
  expect(texts(client)).toEqual(["hello", "message 2"]);
  await world.pass(60_000);
  expect(world.sockets.length).toBe(4);
});

test("a gateway that is down altogether is not asked more often for it", async () => {
  const world = new World();
  world.answer = () => {
    throw new TypeError("Failed to fetch");
  };
  const client = world.client();
  client.start();
  await settle();
  await world.pass(10 * 60_000);
  expect(client.line).toBe("away");
  expect(world.asked.length).toBeLessThan(30);
});

test("cutting the line at random loses nothing, doubles nothing and keeps the order", async () => {
  let seed = 7;
  const chance = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
  const world = new World();
  const thread: ReturnType<typeof aMessage>[] = [];
  const client = world.client();
  client.start();
  let read = 0;
  let current = world.sockets.length;
  for (let round = 0; round < 300; round += 1) {
    await settle();
    const socket = world.sockets.at(-1);
    if (socket && world.sockets.length !== current) {
      current = world.sockets.length;
      read = 0;
      socket.open();
    }
    if (round < 200 && chance() < 0.4) client.send(`line ${round}`);
    if (!socket) continue;
    for (let sent = socket.sent[read]; sent; sent = socket.sent[(read += 1)]) {
      const frame = sent as { type: string; id: string; text: string; since: number };
      if (frame.type === "hello") {
        for (const it of thread.filter((one) => one.seq > frame.since)) socket.hear(it);
        socket.hear({ type: "ready", last_seq: thread.length });
      } else if (frame.type === "message" && chance() < 0.8) {
        let known = thread.find((it) => it.id === frame.id);
        if (!known) thread.push((known = aMessage(thread.length + 1, { author: "customer", id: frame.id, text: frame.text })));
        if (chance() < 0.7) socket.hear({ type: "ack", id: frame.id, seq: known.seq });
        const reply = aMessage(thread.length + 1);
        thread.push(reply);
        if (chance() < 0.7) socket.hear(reply);
      }
    }
    if (round < 200 && chance() < 0.2) {
      socket.end();
    }
    await world.pass(round < 200 ? 500 : 10_000);
  }
  expect(client.line).toBe("on");
  expect(client.transcript.lines().map((it) => [it.seq, it.text])).toEqual(thread.map((it) => [it.seq, it.text]));
  expect(new Set(thread.map((it) => it.id)).size).toBe(thread.length);
});
