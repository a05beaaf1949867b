/** The chat protocol as a client sees it (docs/reference/chat-protocol.md). */

export type Author = "customer" | "bot" | "agent" | "system";

export interface Choice {
  id: string;
  label: string;
}

export interface Attachment {
  id: string;
  name: string;
  media_type: string;
  size: number;
}

export interface Message {
  seq: number;
  id: string;
  author: Author;
  agent: { name: string | null; number: string | null } | null;
  text: string;
  html: string;
  choices: Choice[];
  attachments: Attachment[];
  at: string;
}

export type ServerFrame =
  | ({ type: "message" } & Message)
  | { type: "ready"; last_seq: number }
  | { type: "ack"; id: string; seq: number | null }
  | { type: "typing"; agent?: { name: string } }
  | { type: "queue"; place: number | null; expected_at: string | null }
  | { type: "state"; state: string | null; agent?: { name: string } }
  | { type: "error"; code: string; title: string; id?: string; retry_after?: number }
  | { type: "pong" };

/** What the gateway says of itself when the chat is first opened. */
export interface ChatSettings {
  title?: string;
  greeting?: string;
  hours?: string;
  languages?: string[];
  open?: boolean;
  zone?: string;
  /** What is told of one's data; with `consent`, the version one agrees to before writing. */
  privacy?: { text: string; consent: string | null; agree: string };
}

/** Why the server closed the socket, where it matters to a client. */
export const CLOSED = { badToken: 4001, idle: 4002, tooMany: 4009 } as const;
