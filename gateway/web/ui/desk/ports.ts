/** The outside world as the desk sees it: handed in, so that tests run without network, clock or chance. */

/** The part of the browser's EventSource that `Live` uses. */
export interface EventStream {
  readyState: number;
  addEventListener(kind: string, heard: (event: MessageEvent<string>) => void): void;
  close(): void;
}

/** The part of localStorage that drafts and preferences use. */
export interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface Ports {
  fetch(request: Request): Promise<Response>;
  events(url: string): EventStream;
  shelf: Shelf;
  /** Milliseconds since 1970 by this machine's clock. */
  now(): number;
  uuid(): string;
  /** Call `act` after `ms`; the result takes the call back. */
  later(act: () => void, ms: number): () => void;
  /** Hand a file to the browser's downloads. */
  save(file: Blob, name: string): void;
}

/** The real browser. A shelf that refuses (private mode, full) loses drafts, never the desk. */
export function browserPorts(): Ports {
  return {
    fetch: (request) => window.fetch(request),
    events: (url) => new EventSource(url) as EventStream,
    shelf: {
      getItem: (key) => attempt(() => localStorage.getItem(key)) ?? null,
      setItem: (key, value) => attempt(() => localStorage.setItem(key, value)),
      removeItem: (key) => attempt(() => localStorage.removeItem(key)),
    },
    now: () => Date.now(),
    uuid: () => crypto.randomUUID(),
    later: (act, ms) => {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
    save: (file, name) => {
      const href = URL.createObjectURL(file);
      Object.assign(document.createElement("a"), { href, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(href), 60_000); // at once would stop a download that has not begun
    },
  };
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
