/** PURE: what the address bar says, `#/mine/T20261121-0001`, and back. */

/** A view is a queue (`unassigned`), a person's tickets (`mine`), everything (`all`), what is kept apart (`spam`), or `d-<department>`. */
export interface Route {
  view: string;
  number: string | null;
}

export function readRoute(hash: string): Route {
  const [view = "", number = ""] = hash.replace(/^#\/?/, "").split("/").map(decoded);
  const isKnown = ["unassigned", "mine", "all", "spam"].includes(view) || view.startsWith("d-");
  return { view: isKnown ? view : "unassigned", number: number || null };
}

export function writeRoute({ view, number }: Route): string {
  return `#/${[view, ...(number ? [number] : [])].map(encodeURIComponent).join("/")}`;
}

/** The `queue` that the gateway is asked for. */
export function queueOf(view: string): string {
  return view.startsWith("d-") ? view.slice(2) : view;
}

/** Where on the knowledge page: an entry's id, or the question to try, is the item. */
export interface KnowledgePlace {
  page: "entries" | "try" | "gaps";
  item: string | null;
}

/** `#/knowledge/entries/退货政策`; null for every other address. */
export function readKnowledge(hash: string): KnowledgePlace | null {
  const [first, page = "entries", ...item] = hash.replace(/^#\/?/, "").split("/").map(decoded);
  if (first !== "knowledge") return null;
  const isKnown = page === "try" || page === "gaps";
  return { page: isKnown ? page : "entries", item: item.join("/") || null };
}

export function writeKnowledge({ page, item }: KnowledgePlace): string {
  return `#/${["knowledge", page, ...(item ? [item] : [])].map(encodeURIComponent).join("/")}`;
}

/** Where in the mail room: a message that could not be read is the item, by its number. */
export interface MailPlace {
  page: "unread" | "blocked";
  item: number | null;
}

/** `#/mail/unread/12`; null for every other address. */
export function readMail(hash: string): MailPlace | null {
  const [first, page, item = ""] = hash.replace(/^#\/?/, "").split("/").map(decoded);
  if (first !== "mail") return null;
  return page === "blocked" ? { page, item: null } : { page: "unread", item: /^\d{1,15}$/.test(item) ? Number(item) : null };
}

export function writeMail({ page, item }: MailPlace): string {
  return `#/${["mail", page, ...(item === null ? [] : [item])].join("/")}`;
}

/** Where work is watched over: an emergency's id or an agent's number is the item. */
export interface BoardPlace {
  page: (typeof BOARD_PAGES)[number];
  item: string | null;
}

export const BOARD_PAGES = ["late", "alarms", "emergencies", "people", "shift", "promises", "log", "reports", "approvals", "audit"] as const;

/** `#/board/emergencies/3`; null for every other address. */
export function readBoard(hash: string): BoardPlace | null {
  const [first, page, item = ""] = hash.replace(/^#\/?/, "").split("/").map(decoded);
  if (first !== "board") return null;
  return { page: BOARD_PAGES.find((one) => one === page) ?? "late", item: item || null };
}

export function writeBoard(page: BoardPlace["page"], item: string | null = null): string {
  return `#/${["board", page, ...(item ? [item] : [])].map(encodeURIComponent).join("/")}`;
}

/** Where among accounts: one's own, everybody's, or programs' tokens. */
export interface AccessPlace {
  page: "me" | "people" | "tokens";
}

/** `#/account/people`; null for every other address. */
export function readAccess(hash: string): AccessPlace | null {
  const [first, page] = hash.replace(/^#\/?/, "").split("/").map(decoded);
  if (first !== "account") return null;
  return { page: page === "people" || page === "tokens" ? page : "me" };
}

export function writeAccess(page: AccessPlace["page"]): string {
  return `#/account/${page}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}
