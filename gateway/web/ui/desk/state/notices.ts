/** Short messages to the agent: what was done, and what went wrong. */
import { signal } from "@preact/signals";
import { Problem } from "../api";
import type { Ports } from "../ports";
import { t } from "../words";

export interface Notice {
  id: string;
  kind: "done" | "wrong";
  text: string;
}

const DONE_MS = 4000;

/** Good news goes by itself; bad news stays until dismissed. */
export function createNotices(ports: Pick<Ports, "uuid" | "later">) {
  const notices = signal<Notice[]>([]);
  const dismiss = (id: string) => {
    notices.value = notices.value.filter((one) => one.id !== id);
  };
  const show = (kind: Notice["kind"], text: string) => {
    const id = ports.uuid();
    notices.value = [...notices.value.filter((one) => one.text !== text), { id, kind, text }];
    if (kind === "done") ports.later(() => dismiss(id), DONE_MS);
  };
  return {
    notices,
    dismiss,
    done: (text: string) => show("done", text),
    say: (text: string) => show("wrong", text),
    wrong: (error: unknown) => show("wrong", inWords(error)),
  };
}

export type Notices = ReturnType<typeof createNotices>;

/** What went wrong, for a person; the gateway's own words where it has some. */
export function inWords(error: unknown): string {
  if (!(error instanceof Problem)) throw error;
  if (error.status === 0) return t("problem.offline");
  const said = [error.title, error.detail].filter((text, i, all) => text && all.indexOf(text) === i).join(" ");
  return said || (error.status === 403 ? t("problem.forbidden") : t("problem.other", { status: error.status }));
}
