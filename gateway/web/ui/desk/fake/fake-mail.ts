/** SAMPLE DATA: what the gateway keeps of mail besides tickets, in memory. */
import type { Message } from "../types";
import type { Blocked, Body, Kept } from "../types-mail";

export const HTML = '<p>您好，发票抬头请改为<b>公司全称</b>。</p><p><img src="remote:https://tracker.example/p.gif" alt="促销图"></p>';

export class FakeMail {
  kept: Kept[] = [
    { id: 12, channel: "support-mail", error: "could not be read: parts nested deeper than 20 were left as they came", received_at: "2026-11-22T01:02:00Z", ticket: "T20261122-0010" },
  ];
  blocked: Blocked[] = [
    { pattern: "@spam.example", agent: { number: "1002", name: "李娜" }, reason: "每天推销", at: "2026-11-20T03:00:00Z" },
  ];

  /** Undefined where it is no address of ours. */
  answer(method: string, path: string, body: Record<string, unknown>): { status: number; body: unknown } | undefined {
    const [, first, id, act] = path.split("/");
    if (first === "blocked-senders") return this.senders(method, id, body);
    if (first !== "quarantine") return undefined;
    const one = this.kept.find((kept) => String(kept.id) === id);
    if (!id) return { status: 200, body: { messages: this.kept } };
    if (!one) return { status: 404, body: null };
    if (act !== "release") return { status: 200, body: { id: one.id, text: "Subject: <b>坏了</b>\r\n\r\n…", is_whole: false } };
    this.kept = this.kept.filter((kept) => kept !== one);
    return { status: 202, body: { id: one.id } };
  }

  private senders(method: string, act: string | undefined, body: Record<string, unknown>) {
    if (method === "GET") return { status: 200, body: { blocked: this.blocked } };
    if (act === "remove") {
      this.blocked = this.blocked.filter((one) => one.pattern !== body["pattern"]);
      return { status: 204, body: null };
    }
    const pattern = String(body["sender"]);
    if (pattern === "qq.com") return { status: 400, body: null };
    this.blocked = [{ pattern, agent: null, reason: String(body["reason"]), at: "2026-11-22T01:30:00Z" }, ...this.blocked];
    return { status: 201, body: { pattern } };
  }
}

/** All of a message, with what it quotes. */
export function bodyOf(message: Message): Body {
  return { text: `${message.text}\n\n> 2026年11月20日，晨光小店写道：\n> 请问抬头是什么？`, html: HTML };
}

/** Its formatting as a page; the sample's image from elsewhere is never really fetched. */
export function pageOf(isRemote: boolean): string {
  const shown = HTML.replace(/ src="remote:[^"]*"/, "");
  return `<!doctype html><title>mail</title><body style="font-family: sans-serif">${shown}${isRemote ? "<p>(…)</p>" : ""}`;
}
