/** What outlives the page: the visitor's token and the messages not yet acknowledged. */
import type { Attachment } from "../shared/protocol";

export interface Pending {
  id: string;
  text: string;
  choice?: string;
  attachments: Attachment[];
  at: string;
}

/** What a browser's storage does, for as long as the page lives. */
export class Memory {
  [key: string]: unknown;

  getItem(key: string): string | null {
    return (this[key] as string | undefined) ?? null;
  }

  setItem(key: string, value: string): void {
    this[key] = value;
  }

  removeItem(key: string): void {
    delete this[key];
  }
}

/** The visitor's things in the browser's storage; one key a message, so that tabs never clash. */
export class Store {
  readonly #prefix: string;
  readonly #area: Storage | Memory;

  constructor(server: string, area: Storage | Memory) {
    this.#prefix = `intake-chat ${server} `;
    this.#area = area;
  }

  /** The visitor's token, or the version of the privacy notice that was agreed to. */
  get(name: "token" | "consent"): string | null {
    return this.#area.getItem(this.#prefix + name);
  }

  put(name: "token" | "consent", value: string | null): void {
    if (value) this.#set(name, value);
    else this.#area.removeItem(this.#prefix + name);
  }

  /** Messages that were never acknowledged, oldest first. */
  pending(): Pending[] {
    const found = Object.keys(this.#area)
      .filter((key) => key.startsWith(`${this.#prefix}m `))
      .map((key) => JSON.parse(this.#area.getItem(key) ?? "") as Pending);
    // oxlint-disable-next-line no-array-sort -- toSorted is missing in the browsers of older phones
    return found.sort((a, b) => a.at.localeCompare(b.at));
  }

  keep(message: Pending): void {
    this.#set(`m ${message.id}`, JSON.stringify(message));
  }

  drop(id: string): void {
    this.#area.removeItem(`${this.#prefix}m ${id}`);
  }

  #set(key: string, value: string): void {
    try {
      this.#area.setItem(this.#prefix + key, value);
    } catch {
      // A full store costs the resend after a reload, not the message.
    }
  }
}

/** The browser's store, or memory where the browser forbids it. */
export function browserStore(): Storage | Memory {
  try {
    return window.localStorage;
  } catch {
    return new Memory();
  }
}
