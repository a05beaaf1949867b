/** The mail room: what could not be read, and whose mail is kept but never answered. */
import { signal } from "@preact/signals";
import type { Api } from "../api";
import type { MailPlace } from "../route";
import type { Me } from "../types";
import type { Blocked, Kept, KeptText } from "../types-mail";
import { type Key, t } from "../words";
import { asked } from "./asked";
import type { Notices } from "./notices";

export function createMailroom(api: Api, me: () => Me | null, notices: Notices) {
  /** Null while the desk shows something else. */
  const place = signal<MailPlace | null>(null);
  const unread = asked<Kept[]>();
  const text = asked<KeptText>();
  const blocked = asked<Blocked[]>();

  /** Fetch what the open part shows. */
  const load = async () => {
    const at = place.value;
    if (!at || !me()) return;
    if (at.page === "blocked") return blocked.ask(api.blocked);
    await Promise.all([unread.ask(api.quarantine), show(at.item)]);
  };

  const show = (item: number | null) => {
    if (item !== null && text.value.value?.id === item) return undefined;
    text.forget();
    return item === null ? undefined : text.ask(() => api.quarantined(item));
  };

  const open = async (wanted: MailPlace | null) => {
    const before = place.value;
    place.value = wanted;
    if (!wanted || !me()) return;
    if (before?.page !== wanted.page) await load();
    else if (wanted.page === "unread") await show(wanted.item);
  };

  const attempt = async (act: Promise<unknown>, done: Key, values: Record<string, string | number>) => {
    try {
      await act;
      notices.done(t(done, values));
      return true;
    } catch (error) {
      notices.wrong(error);
      return false;
    } finally {
      await load();
    }
  };

  return {
    place,
    unread,
    text,
    blocked,
    may: (right: string) => me()?.rights.includes(right) ?? false,
    load,
    open,
    release: (id: number) => attempt(api.release(id), "mail.released", { id }),
    block: (sender: string, reason: string) => attempt(api.block(sender, reason), "mail.blocked.done", { sender }),
    unblock: (pattern: string) => attempt(api.unblock(pattern), "mail.blocked.undone", { sender: pattern }),
    /** Nobody is signed in any more. */
    forget: () => {
      for (const one of [unread, text, blocked]) one.forget();
    },
  };
}

export type Mailroom = ReturnType<typeof createMailroom>;
