/** What the desk's HTTP API sends about mail, as docs/reference/http-api.md describes it. */
import type { Person } from "./types";

/** A message that could not be read; `ticket` is where agents were told of it. */
export interface Kept {
  id: number;
  channel: string;
  error: string;
  received_at: string;
  ticket: string | null;
}

/** Its beginning as text, exactly as it came. */
export interface KeptText {
  id: number;
  text: string;
  is_whole: boolean;
}

/** An address, or `@` and a domain. */
export interface Blocked {
  pattern: string;
  agent: Person | null;
  reason: string;
  at: string;
}

/** A message with everything that came in it; its cleaned HTML is a page of its own. */
export interface Body {
  text: string;
  html: string | null;
}
