/** Where the customer writes: text, files, send. */
import type { Attachment } from "../shared/protocol";
import { UploadRefused } from "./client";
import { h, icon } from "./dom";
import type { Speech } from "./words";

export interface ComposerActions {
  send(text: string, attachments: Attachment[]): void;
  typing(): void;
  upload(file: File): Promise<Attachment>;
}

const MOST_TEXT = 4000;
const MOST_FILES = 5;

export class Composer {
  readonly node: HTMLElement;
  readonly #text: HTMLTextAreaElement;
  readonly #chips: HTMLElement;
  readonly #speech: Speech;
  readonly #actions: ComposerActions;
  #files: Attachment[] = [];
  #uploading = 0;

  constructor(speech: Speech, actions: ComposerActions) {
    this.#speech = speech;
    this.#actions = actions;
    const label = speech.say("write");
    this.#text = h("textarea", {
      rows: 1,
      maxlength: MOST_TEXT,
      placeholder: label,
      "aria-label": label,
      enterkeyhint: "send",
      oninput: () => this.#wrote(),
      onkeydown: (event: KeyboardEvent) => this.#pressed(event),
      onpaste: (event: ClipboardEvent) => this.#take(event.clipboardData?.files),
    });
    const picker = h("input", { type: "file", multiple: true, hidden: true, tabindex: -1 });
    picker.addEventListener("change", () => {
      this.#take(picker.files);
      picker.value = "";
    });
    const attach = h("button", { type: "button", "aria-label": speech.say("attach"), onclick: () => picker.click() });
    attach.append(icon("clip"));
    const send = h("button", { type: "submit", "aria-label": speech.say("send") }, icon("send"));
    this.#chips = h("div", { class: "chips", role: "status" });
    const form = h("form", { onsubmit: (event: Event) => this.#submit(event) }, picker, attach, this.#text, send);
    this.node = h("div", {}, this.#chips, form);
  }

  get draft(): string {
    return this.#text.value;
  }

  set draft(text: string) {
    this.#text.value = text;
  }

  focus(): void {
    this.#text.focus();
  }

  #wrote(): void {
    this.#text.style.height = "auto";
    this.#text.style.height = `${Math.min(132, this.#text.scrollHeight + 2)}px`;
    this.#actions.typing();
  }

  #pressed(event: KeyboardEvent): void {
    // While an input method is composing, Enter chooses a word and must not send (229: Safari's late report).
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) this.#submit(event);
  }

  #submit(event: Event): void {
    event.preventDefault();
    const text = this.draft.trim();
    if (this.#uploading || (!text && !this.#files.length)) return;
    this.#actions.send(text, this.#files);
    this.draft = "";
    this.#text.style.height = "auto";
    this.#files = [];
    this.#chips.replaceChildren();
    this.focus();
  }

  #take(files: FileList | null | undefined): void {
    for (const file of files ?? []) {
      if (this.#chips.childElementCount < MOST_FILES) void this.#upload(file);
    }
  }

  async #upload(file: File): Promise<void> {
    const name = file.name;
    const words = h("em", {}, this.#speech.say("uploading", { name }));
    const chip = h("span", {}, words);
    this.#chips.append(chip);
    let found: Attachment | null = null;
    const remove = () => {
      this.#files = this.#files.filter((it) => it !== found);
      chip.remove();
    };
    const button = h("button", { type: "button", "aria-label": this.#speech.say("remove", { name }), onclick: remove });
    chip.append(button);
    button.append(icon("close"));
    this.#uploading += 1;
    try {
      found = await this.#actions.upload(file);
      if (!chip.isConnected) return;
      this.#files.push(found);
      words.textContent = found.name;
    } catch (error) {
      words.textContent = `${this.#speech.say("uploadFailed", { name })} ${error instanceof UploadRefused ? error.message : ""}`;
    } finally {
      this.#uploading -= 1;
    }
  }
}
