/** The open chat: header, messages, what is going on, composer. Shows what a Client knows. */
import type { ChatSettings, ServerFrame } from "../shared/protocol";
import type { Client } from "./client";
import { Composer } from "./composer";
import { h, icon } from "./dom";
import { Log } from "./log";
import type { Line } from "./transcript";
import type { Speech } from "./words";

const TYPING_FOR = 6000;

export class Panel {
  readonly node: HTMLElement;
  readonly composer: Composer;
  readonly #client: Client;
  readonly #speech: Speech;
  readonly #log: Log;
  readonly #title: HTMLElement;
  readonly #hours: HTMLElement;
  readonly #queue = h("p", { class: "note", role: "status", hidden: true });
  readonly #line = h("p", { class: "note", role: "status", hidden: true });
  readonly #typing: HTMLElement;
  readonly #consent = h("div", { class: "note choices" });
  #asked: string | null = null;
  #greeting: Line | null = null;
  #typingTimer = 0;

  constructor(client: Client, speech: Speech, close: () => void) {
    this.#client = client;
    this.#speech = speech;
    this.#log = new Log(speech, {
      choose: (id, label) => {
        client.send(label, id);
        // The button goes out of use: the focus must not be lost with it, nor a phone's keyboard come up.
        this.#log.node.focus();
      },
      retry: () => client.retry(),
      discard: (key) => client.discard(key),
      file: (id) => client.download(id),
    });
    this.composer = new Composer(speech, {
      send: (text, attachments) => client.send(text, null, attachments),
      typing: () => client.typing(),
      upload: (file) => client.upload(file),
    });
    this.#title = h("h2", { id: "title" }, speech.say("title"));
    this.#hours = h("p");
    const shut = h("button", { type: "button", "aria-label": speech.say("close"), onclick: close }, icon("close"));
    this.#typing = h("p", { class: "note", hidden: true }, speech.say("typing"));
    this.node = h(
      "section",
      { class: "panel", role: "dialog", "aria-labelledby": "title", lang: speech.lang, hidden: true },
      h("div", { class: "head" }, h("div", {}, this.#title, this.#hours), shut),
      this.#log.node,
      this.#consent,
      this.#typing,
      this.#queue,
      this.#line,
      this.composer.node,
    );
    this.node.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) close();
    });
  }

  /** The house's own words, once they are known. */
  introduce({ title, greeting, hours, zone, privacy }: ChatSettings): void {
    this.#speech.zone = zone;
    if (title) this.#title.textContent = title;
    if (hours) this.#hours.textContent = hours;
    this.#asked = privacy?.consent ?? null;
    const agree = () => {
      this.#client.store.put("consent", this.#asked);
      this.update();
      this.composer.focus();
    };
    this.#consent.replaceChildren(h("button", { type: "button", onclick: agree }, privacy?.agree ?? ""));
    if (greeting) {
      const rest = { author: "bot", agent: null, choices: [], attachments: [], at: "" } as const;
      this.#greeting = { ...rest, choices: [], attachments: [], key: "greeting", seq: 0, fate: "sent", text: `${greeting}\n\n${privacy?.text ?? ""}` };
    }
    this.update();
  }

  /** Show what the client knows now. */
  update(): void {
    const { line, transcript } = this.#client;
    const lines = transcript.lines();
    const isAway = line === "away";
    // The first answer begins with the greeting of its own moment and language: then ours has been said.
    const isGreeted = lines.some((it) => it.author === "bot");
    this.#consent.hidden = !this.#asked || this.#asked === this.#client.store.get("consent");
    this.composer.node.hidden = !this.#consent.hidden;
    this.#log.show(this.#greeting && !isGreeted ? [this.#greeting, ...lines] : lines, isAway);
    const words = isAway ? "away" : line === "connecting" ? "connecting" : null;
    tell(this.#line, words && this.#speech.say(words));
    // What is loaded on opening is read on demand, what comes later is announced.
    this.#log.node.ariaLive = line === "on" ? "polite" : "off";
  }

  /** Go to the newest message. */
  toEnd(): void {
    this.#log.toEnd();
  }

  /** Something of the moment: typing, place in the queue, who has the floor. */
  notice(frame: Extract<ServerFrame, { type: "typing" | "queue" | "state" }>): void {
    if (frame.type === "typing") {
      this.#typing.hidden = false;
      clearTimeout(this.#typingTimer);
      this.#typingTimer = window.setTimeout(() => (this.#typing.hidden = true), TYPING_FOR);
    } else if (frame.type === "state") {
      if (frame.state !== "queued") tell(this.#queue, null);
    } else if (frame.place === null) {
      tell(this.#queue, null);
    } else {
      const time = frame.expected_at && this.#speech.time(frame.expected_at);
      const key = time ? "queue" : "queueOnly";
      tell(this.#queue, this.#speech.say(key, { place: frame.place, time: time ?? "" }));
    }
  }

  /** A message has come: whoever was writing has written. */
  arrived(author: string): void {
    if (author === "customer") return;
    this.#typing.hidden = true;
    if (author === "agent") tell(this.#queue, null);
  }
}

function tell(node: HTMLElement, text: string | null): void {
  node.hidden = !text;
  if (node.textContent !== (text ?? "")) node.textContent = text ?? "";
}
