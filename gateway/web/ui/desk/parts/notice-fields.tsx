/** What customers are told, a field for each language of the house, with the time of the next news. */
import { useDesk } from "../desk";
import { now } from "../state/now";
import { languageName, t } from "../words";
import { Field } from "./field";
import { local } from "./promise-dialogs";
import type { Labels } from "../types-ticket";

const HOUR = 60 * 60_000;

/** `texts` are to begin from; `hasNews` asks for the time of the next news, which each text names by `{news}`. */
export function NoticeFields({ texts, hasNews }: { texts: Labels; hasNews: boolean }) {
  const languages = [...new Set([...(useDesk().session.me.value?.languages ?? []).filter((one) => one in texts), ...Object.keys(texts)])];
  return (
    <>
      {languages.map((one, i) => (
        <Field key={one} id={`text-${one}`} label={t("notice.in", { language: languageName(one) })} {...(hasNews && i === 0 ? { hint: t("notice.hint") } : {})}>
          <textarea id={`text-${one}`} name={`text-${one}`} lang={one} rows={4} required maxLength={2000} defaultValue={texts[one] ?? ""} />
        </Field>
      ))}
      {hasNews && (
        <Field id="news-at" label={t("notice.newsAt")}>
          <input id="news-at" name="news-at" type="datetime-local" required defaultValue={local(now.peek() + HOUR)} />
        </Field>
      )}
    </>
  );
}

/** What was written into these fields, as the interface takes it. */
export function noticeOf(form: HTMLFormElement): { texts: Labels; news_at: string | null } {
  const texts: Labels = {};
  let news_at: string | null = null;
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string") continue;
    if (name.startsWith("text-") && value.trim()) texts[name.slice("text-".length)] = value.trim();
    if (name === "news-at" && value) news_at = new Date(value).toISOString();
  }
  return { texts, news_at };
}
