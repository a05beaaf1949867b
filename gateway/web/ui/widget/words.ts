/** The widget's sentences, one row each in `zh-CN`, `zh-TW`, `en`. `{x}` is filled in by `say`. */

const LANGUAGES = ["zh-CN", "zh-TW", "en"] as const;

export type Language = (typeof LANGUAGES)[number];

const WORDS = {
  open: ["联系客服", "聯絡客服", "Chat with us"],
  unread: ["联系客服，{n} 条新消息", "聯絡客服，{n} 則新訊息", "Chat with us, {n} new"],
  close: ["关闭聊天", "關閉聊天", "Close chat"],
  title: ["在线客服", "線上客服", "Customer service"],
  log: ["聊天记录", "聊天記錄", "Messages"],
  write: ["请输入您的问题…", "請輸入您的問題…", "Write a message…"],
  send: ["发送", "傳送", "Send"],
  attach: ["添加文件", "新增檔案", "Attach a file"],
  remove: ["移除 {name}", "移除 {name}", "Remove {name}"],
  connecting: ["正在连接…", "正在連線…", "Connecting…"],
  away: ["网络已断开。您的消息已保留，恢复连接后会自动发送。", "網路已中斷。您的訊息已保留，恢復連線後會自動傳送。", "No connection. Your messages are kept and sent when it is back."],
  retry: ["重试", "重試", "Try again"],
  sending: ["发送中…", "傳送中…", "Sending…"],
  unsent: ["尚未发送", "尚未傳送", "Not sent yet"],
  refused: ["未能发送", "未能傳送", "Not sent"],
  discard: ["删除", "刪除", "Delete"],
  bot: ["智能助手", "智慧助理", "Assistant"],
  agent: ["客服", "客服", "Agent"],
  number: ["{name} · 工号 {number}", "{name} · 工號 {number}", "{name} · no. {number}"],
  typing: ["正在输入…", "正在輸入…", "Writing…"],
  queue: ["您排在第 {place} 位，预计 {time} 前为您接通。", "您排在第 {place} 位，預計 {time} 前為您接通。", "You are number {place} in the queue; someone will be with you by {time}."],
  queueOnly: ["您排在第 {place} 位。", "您排在第 {place} 位。", "You are number {place} in the queue."],
  uploading: ["正在上传 {name}…", "正在上傳 {name}…", "Uploading {name}…"],
  uploadFailed: ["{name} 上传失败。", "{name} 上傳失敗。", "{name} could not be sent."],
  you: ["您", "您", "You"],
};

/** The language of ours nearest to a language tag. */
export function nearest(tag: string): Language {
  if (!/^zh\b/i.test(tag)) return "en";
  return /hant|tw|hk|mo/i.test(tag) ? "zh-TW" : "zh-CN";
}

export class Speech {
  readonly lang: Language;
  /** The house's own zone: the clock times in its messages are told in it, so those in the bar are too. */
  zone: string | undefined;

  constructor(lang: Language) {
    this.lang = lang;
  }

  say(key: keyof typeof WORDS, values: Record<string, string | number> = {}): string {
    const row = WORDS[key];
    return (row[LANGUAGES.indexOf(this.lang)] ?? "").replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
  }

  /** A clock time as this reader writes it, with the date unless it is today. */
  time(at: string, now: Date = new Date()): string {
    const timeZone = this.zone;
    const say = (date: Date, options: Intl.DateTimeFormatOptions): string =>
      new Intl.DateTimeFormat(this.lang, { ...options, timeZone }).format(date);
    const when = new Date(at);
    const day: Intl.DateTimeFormatOptions = { month: "short", day: "numeric" };
    const isToday = say(when, day) === say(now, day);
    return say(when, { ...(isToday ? {} : day), hour: "2-digit", minute: "2-digit", hour12: false });
  }
}
