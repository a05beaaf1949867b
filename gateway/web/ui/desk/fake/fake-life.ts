/** SAMPLE DATA: tags, preferences, and tickets about the same matter, in memory. */
import { aMessage } from "./sample";
import type { Card, MergedTalk, Suggestion, Tag, Ticket } from "../types";
import type { Body } from "./fake-desk";

const RULED: Tag = { name: "重点跟进", because: "3 complaints within 365 days", by: "rule" };

export class FakeLife {
  private readonly tags = new Map<string, Tag[]>([["C20261122003", [RULED]]]);
  private readonly preferences: Card["preferences"] = [{ kind: "time", value: "after 18:00", text: "六点以后再打给我", state: "proposed" }];
  private readonly dismissed = new Set<string>();
  private readonly merged = new Map<string, string>();

  /** What a ticket's page holds of these. */
  face(ticket: Ticket): { tags: Tag[]; customer: Card; merged: MergedTalk[]; suggestions: Suggestion[] } {
    const { number } = ticket;
    const talks = [...this.merged].filter(([, into]) => into === number).map(([from]) => ({ number: from, channel: "bot", messages: [aMessage(1, { id: `${from}-1`, text: "同一件事，我在这里再说一遍", at: ticket.opened_at })] }));
    const isSame = number === "T20261122-0009" && !this.dismissed.has(number) && !this.merged.has(number);
    const suggestions = isSame ? [{ number: "T20261122-0003", subject: "会员积分少了 2000 分", channel: "web", contact: ticket.contact, because: ["order", "words"] }] : [];
    const { name } = ticket.contact;
    const isKnown = ticket.contact.number === "C20261122003";
    const customer = { number: ticket.contact.number, name, tags: this.tags.get(ticket.contact.number) ?? [], preferences: isKnown ? this.preferences : [], preferred_channel: null };
    return { tags: this.tags.get(number) ?? [], customer, merged: talks, suggestions };
  }

  prefer(body: Body): void {
    this.preferences.splice(0, Infinity, ...(body["preferences"] as unknown as Card["preferences"]));
  }

  /** What of the ticket changes; undefined where it is no verb of these. */
  act(ticket: Ticket, [act = "", other = ""]: string[], body: Body): Partial<Ticket> | undefined {
    if (act === "tags") {
      const key = body["on"] === "contact" ? ticket.contact.number : ticket.number;
      const added = ((body["add"] as string[] | undefined) ?? []).map((name) => ({ name, because: "agent 1001 changed the tags", by: "agent:1001" }));
      const removed = (body["remove"] as string[] | undefined) ?? [];
      this.tags.set(key, [...(this.tags.get(key) ?? []).filter((one) => !removed.includes(one.name)), ...added]);
      return {};
    }
    if (act === "merge") {
      this.merged.set(ticket.number, String(body["into"]));
      return { status: "closed", merged_into: String(body["into"]) };
    }
    if (act === "unmerge") {
      this.merged.delete(ticket.number);
      return { status: "open", merged_into: null };
    }
    if (act === "suggestions" && other) {
      this.dismissed.add(ticket.number);
      return {};
    }
    return undefined;
  }
}
