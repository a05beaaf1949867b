/** SAMPLE DATA: a small knowledge base in memory, answering as the gateway would. */
import type { Drafted, EntryLine, EntryList, EntryPage, Gap, Preview, Verdict } from "../types-knowledge";

const LINE: EntryLine = {
  id: "退货政策", question: "你们的退货政策是什么？", class: "process", owner: "客服部", applies_to: ["aftersale"], languages: ["zh-CN", "en"],
  updated: "2026-11-20", review_by: "2026-12-20", is_overdue: false, is_valid: true, level: "L0", used: 12, used_at: "2026-11-21T08:00:00Z",
  problems: 0, score: null, has_words: false,
};

export const LINES: EntryLine[] = [
  LINE,
  { ...LINE, id: "运费标准", question: "运费怎么算？", class: "faq", owner: "物流部", review_by: "2026-11-01", is_overdue: true, used: 3 },
  { ...LINE, id: "双十一", question: "双十一活动", class: "product", is_valid: false, used: 0, used_at: null, problems: 1 },
];

const SHOWN: Preview = {
  channel: "web", kind: "webchat", outcome: "answer", hand_off: null, text: "您好，**7 天**内可以退货。",
  pieces: [{ form: "html", content: "<p>您好</p>", nodes: [{ tag: "p", href: null, children: ["您好，", { tag: "strong", href: null, children: ["7 天"] }] }], buttons: ["退货运费"] }],
};
const MAILED: Preview = {
  ...SHOWN, channel: "support-mail", kind: "mail",
  pieces: [SHOWN.pieces[0] ?? { form: "text", content: "", nodes: [], buttons: [] }, { form: "text", content: "您好，7 天内可以退货。", nodes: [], buttons: [] }],
};

export const GAP: Gap = {
  id: "g1", question: "可以用花呗分期吗", lang: "zh-CN", kinds: ["unanswered", "repeated"], times: 9, minutes: 45,
  examples: [{ text: "花呗能分期吗", at: "2026-11-21T02:00:00Z", channel: "web" }],
  reply: "您好，满 500 元可以分 3 期。", reply_times: 4, entries: [{ id: "分期付款", question: "可以分期吗？" }], last_at: "2026-11-21T02:00:00Z", draft: null,
};

export class FakeKnowledge {
  lines = LINES;
  gaps = [GAP];
  draft: Drafted = { file: "_可以用花呗分期吗.md", state: "committed", commit: "1a2b3c4", why: "" };

  /** The body of the answer; undefined where there is nothing. */
  answer(path: string, query: URLSearchParams, body: Record<string, unknown>): unknown {
    const [, , what, id = "", act] = path.split("/").map(decodeURIComponent);
    if (what === "entries") return id ? this.page(id, query.get("lang") || "zh-CN") : this.list(query);
    if (what === "try") return this.judge(String(body["text"]));
    if (what === "gaps" && act === "draft") return this.gaps.some((one) => one.id === id) ? this.draft : undefined;
    return what === "gaps" ? { gaps: this.gaps, since: "2026-08-22T00:00:00Z" } : undefined;
  }

  private list(query: URLSearchParams): EntryList {
    const q = query.get("q") ?? "";
    const show = query.get("show") ?? "";
    const fits = (one: EntryLine) =>
      (one.id + one.question).includes(q) && (show !== "overdue" || one.is_overdue) && (!query.get("owner") || one.owner === query.get("owner"));
    const found = this.lines.filter(fits);
    const start = Number(query.get("cursor") || 0);
    const limit = 2;
    return {
      entries: found.slice(start, start + limit),
      next: start + limit < found.length ? String(start + limit) : null,
      found: found.length,
      totals: { all: 3, overdue: 1, problem: 1, unused: 1, invalid: 1 },
      owners: ["客服部", "物流部"],
      problems: [{ file: "坏.md", line: 2, text: "没有“x”这个字段。", remedy: "请改名。", fatal: true }],
      is_accepted: true,
    };
  }

  private page(id: string, lang: string): EntryPage | undefined {
    const line = this.lines.find((one) => one.id === id);
    if (!line) return undefined;
    const wording = (tag: string, question: string) => ({
      lang: tag, question, phrasings: ["几天内可以退货"], not_for: [], must: [], must_not: [], answer: SHOWN.text, channel_answers: {}, file: `${id}.md`,
    });
    return {
      ...line, author: "示例编辑", editor: "", created: "2026-11-20", valid_from: null, valid_until: null, channels: [],
      choices: [{ id: "运费标准", question: "运费怎么算？" }], action: "", wordings: [wording("zh-CN", line.question), wording("en", "Returns?")],
      file_problems: [], lang, previews: [SHOWN, MAILED],
    };
  }

  private judge(text: string): Verdict {
    const isKnown = text.includes("退货");
    return {
      text, lang: "zh-CN", kind: isKnown ? "answer" : "none", because: isKnown ? "exact phrasing" : "0.12 together < 0.50", small_talk: "",
      thresholds: { answer: 0.89, offer: 0.5 },
      matches: isKnown ? [{ id: LINE.id, question: LINE.question, score: 1, because: ["exact phrasing"], more: { shared: ["退货"] } }] : [],
      parts: [], more: {}, previews: isKnown ? [SHOWN] : [{ ...SHOWN, outcome: "none", hand_off: "not in the knowledge base", text: "", pieces: [] }],
    };
  }
}
