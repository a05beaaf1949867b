/** <intake-chat>: a button that becomes a chat. Fetches nothing before it is first opened. */
import type { ChatSettings } from "../shared/protocol";
import { Client, type Ports, type Socket } from "./client";
import { h, icon } from "./dom";
import { Panel } from "./panel";
import { browserStore, Store } from "./store";
import { CSS } from "./style";
import { nearest, Speech, type Language } from "./words";

const OPEN = "intake-chat open";

const browser: Ports = {
  socket: (url) => new WebSocket(url) as unknown as Socket,
  fetch: (url, init) => fetch(url, init),
  after: (ms, then) => {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
  // crypto.randomUUID is missing on pages without TLS.
  id: () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join(""),
  now: () => new Date().toISOString(),
  chance: Math.random,
  isVisible: () => !document.hidden,
};

/** Makes the element's class; `home` is the origin that the script came from. */
export function elementOf(home: string): CustomElementConstructor {
  return class IntakeChat extends HTMLElement {
    static observedAttributes = ["lang"];
    readonly #root = this.attachShadow({ mode: "open" });
    #speech = new Speech("en");
    #launch = h("button");
    #panel: Panel | null = null;
    #client: Client | null = null;
    #settings: ChatSettings = {};
    #isOpen = false;
    #unread = 0;
    readonly #wake = () => {
      if (!document.hidden) this.#client?.wake();
    };

    connectedCallback(): void {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
      this.#root.adoptedStyleSheets = [sheet];
      document.addEventListener("visibilitychange", this.#wake);
      window.addEventListener("online", this.#wake);
      this.#speak();
      if (this.#remembersOpen()) this.open(false);
    }

    disconnectedCallback(): void {
      document.removeEventListener("visibilitychange", this.#wake);
      window.removeEventListener("online", this.#wake);
    }

    attributeChangedCallback(_name: string, before: string | null): void {
      if (this.isConnected && before !== this.lang) this.#speak();
    }

    /** Open the chat; with `isAsked` the focus goes to where one writes. */
    open(isAsked = true): void {
      if (!this.#client) this.#begin();
      this.#isOpen = true;
      this.#unread = 0;
      this.#remember();
      this.#show();
      this.#client?.start();
      this.#panel?.update();
      this.#panel?.toEnd();
      if (isAsked) this.#panel?.composer.focus();
    }

    /** Close the chat; messages still come and are counted on the button. */
    close(): void {
      this.#isOpen = false;
      this.#remember();
      this.#show();
      this.#launch.focus();
    }

    get #server(): string {
      const given = this.dataset["server"] ?? this.getAttribute("src-base") ?? home;
      return given.replace(/\/+$/, "");
    }

    #language(): Language {
      const tagged = this.lang || this.closest<HTMLElement>("[lang]")?.lang || document.documentElement.lang;
      return nearest(tagged || navigator.language);
    }

    /** Build what carries words, again when the language changes. */
    #speak(): void {
      const draft = this.#panel?.composer.draft ?? "";
      this.#speech = new Speech(this.#language());
      this.#launch = h("button", { type: "button", class: "launch", "aria-haspopup": "dialog", onclick: () => this.open() });
      if (this.#client) {
        this.#client.lang = this.#speech.lang;
        this.#build(this.#client);
        if (this.#panel) this.#panel.composer.draft = draft;
        void this.#introduce();
      }
      this.#place();
    }

    #begin(): void {
      const store = new Store(this.#server, browserStore());
      this.#client = new Client(this.#server, this.#speech.lang, store, browser, {
        changed: () => this.#panel?.update(),
        notice: (frame) => this.#panel?.notice(frame),
        arrived: (message) => {
          this.#panel?.arrived(message.author);
          if (this.#isOpen || message.author === "customer" || this.#client?.line !== "on") return;
          this.#unread += 1;
          this.#show();
        },
      });
      this.#build(this.#client);
      void this.#introduce();
    }

    #build(client: Client): void {
      this.#panel = new Panel(client, this.#speech, () => this.close());
      this.#panel.introduce(this.#settings);
      this.#place();
    }

    /** Put in place what was built anew. What is there already must not be moved: it would lose its focus. */
    #place(): void {
      this.#root.replaceChildren(this.#launch, ...(this.#panel ? [this.#panel.node] : []));
      this.#show();
    }

    async #introduce(): Promise<void> {
      try {
        const answer = await fetch(`${this.#server}/chat/v1/settings?lang=${this.#speech.lang}`, { credentials: "omit" });
        if (answer.ok) this.#settings = (await answer.json()) as ChatSettings;
        this.#panel?.introduce(this.#settings);
      } catch {
        // Without the house's own words the chat has those it came with.
      }
    }

    #show(): void {
      const n = this.#unread;
      this.#launch.setAttribute("aria-label", this.#speech.say(n ? "unread" : "open", { n }));
      this.#launch.replaceChildren(icon("chat"), ...(n ? [h("b", { "aria-hidden": "true" }, String(n))] : []));
      this.#launch.hidden = this.#isOpen;
      if (this.#panel) this.#panel.node.hidden = !this.#isOpen;
    }

    // An open chat stays open while the customer walks through the shop, in this tab only.
    #remember(): void {
      try {
        sessionStorage.setItem(OPEN, this.#isOpen ? "1" : "");
      } catch {
        // Then it has to be opened again on the next page.
      }
    }

    #remembersOpen(): boolean {
      try {
        return sessionStorage.getItem(OPEN) === "1";
      } catch {
        return false;
      }
    }
  };
}
