/** The list of messages: one item a message, added once and only touched where it changes. */
import type { Attachment } from "../shared/protocol";
import { h, icon, rich } from "./dom";
import type { Line } from "./transcript";
import type { Speech } from "./words";

export interface LogActions {
  choose(id: string, label: string): void;
  retry(): void;
  discard(key: string): void;
  file(id: string): Promise<Blob>;
}

const SHOWN_AT_ONCE = 2 * 1024 * 1024;

export class Log {
  readonly node: HTMLElement;
  readonly #speech: Speech;
  readonly #actions: LogActions;
  readonly #items = new Map<string, HTMLElement>();
  #isAtEnd = true;

  constructor(speech: Speech, actions: LogActions) {
    this.#speech = speech;
    this.#actions = actions;
    this.node = h("div", { class: "log", role: "log", "aria-label": speech.say("log"), tabindex: 0 });
    this.node.addEventListener("scroll", () => {
      this.#isAtEnd = this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < 60;
    });
    // A phone's keyboard or a notice below takes room: who was reading the end goes on reading it.
    new ResizeObserver(() => this.#stay()).observe(this.node);
  }

  /** Go to the newest message. */
  toEnd(): void {
    this.node.scrollTop = this.node.scrollHeight;
  }

  #stay(): void {
    if (this.#isAtEnd) this.toEnd();
  }

  /** Show these lines; stays at the bottom if it was there. `isAway` tells the unsent from those on their way. */
  show(lines: Line[], isAway: boolean): void {
    const last = lines.at(-1);
    let place: ChildNode | null = this.node.firstChild;
    const gone = new Set(this.#items.keys());
    for (const [n, line] of lines.entries()) {
      const key = `${line.author === "customer" ? "c" : "s"} ${line.key}`;
      gone.delete(key);
      const item = this.#items.get(key) ?? this.#item(line, lines[n - 1]);
      this.#items.set(key, item);
      if (item === place) place = item.nextSibling;
      else this.node.insertBefore(item, place);
      this.#touch(item, line, line === last, isAway);
    }
    for (const key of gone) {
      this.#items.get(key)?.remove();
      this.#items.delete(key);
    }
    if (last?.seq === null) this.toEnd();
    else this.#stay();
  }

  #item(line: Line, before: Line | undefined): HTMLElement {
    const who = this.#who(line);
    const isSame = before?.author === line.author && this.#who(before) === who;
    const isHidden = line.author === "customer" || isSame;
    const item = h("div", { class: line.author });
    if (who) item.append(h("span", { class: isHidden ? "hush" : "who" }, who));
    if (line.text) item.append(h("div", { class: "text" }, ...rich(line.text, line.author === "customer")));
    for (const file of line.attachments) item.append(this.#file(file));
    if (line.choices.length) {
      const buttons = line.choices.map((it) =>
        h("button", { type: "button", onclick: () => this.#actions.choose(it.id, it.label) }, it.label),
      );
      item.append(h("div", { class: "choices" }, ...buttons));
    }
    item.append(h("span", { class: "fate" }));
    return item;
  }

  #who(line: Line): string {
    if (line.author === "customer") return this.#speech.say("you");
    if (line.author === "bot") return this.#speech.say("bot");
    if (line.author === "system") return "";
    const name = line.agent?.name || this.#speech.say("agent");
    return line.agent?.number ? this.#speech.say("number", { name, number: line.agent.number }) : name;
  }

  #touch(item: HTMLElement, line: Line, isLast: boolean, isAway: boolean): void {
    for (const button of item.querySelectorAll<HTMLButtonElement>(".choices button")) button.disabled = !isLast;
    const fate = item.lastElementChild as HTMLElement;
    const isUnsent = line.fate === "waiting" || (line.fate === "sending" && isAway);
    const words = line.fate === "sent" ? "" : line.fate === "refused" ? "refused" : isUnsent ? "unsent" : "sending";
    if (fate.dataset["fate"] === words) return;
    fate.dataset["fate"] = words;
    fate.classList.toggle("bad", words === "refused" || words === "unsent");
    fate.replaceChildren(words ? `${this.#speech.say(words)}${line.why ? `: ${line.why}` : ""}` : "");
    const { retry, discard } = this.#actions;
    if (words === "unsent") fate.append(this.#link("retry", () => retry()));
    if (words === "refused") fate.append(this.#link("discard", () => discard(line.key)));
  }

  #link(word: "retry" | "discard", then: () => void): HTMLButtonElement {
    return h("button", { type: "button", class: "link", onclick: then }, this.#speech.say(word));
  }

  #file(file: Attachment): HTMLElement {
    const load = async () => URL.createObjectURL(await this.#actions.file(file.id));
    const save = async () => {
      const url = await load();
      h("a", { href: url, download: file.name }).click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    };
    const button = h("button", { type: "button", class: "file", onclick: () => void save().catch(() => {}) });
    button.append(icon("file"), file.name);
    if (/^image\/(jpeg|png|gif|webp)$/.test(file.media_type) && file.size <= SHOWN_AT_ONCE) {
      const image = h("img", { alt: file.name });
      // A page whose CSP forbids blob: images keeps the name, which downloads the file.
      image.addEventListener("load", () => {
        button.replaceChildren(image);
        this.#stay();
      });
      void load().then((url) => (image.src = url), () => {});
    }
    return button;
  }
}
