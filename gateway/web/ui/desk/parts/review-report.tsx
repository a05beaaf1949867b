/** The review of an emergency: pre-filled by the gateway, finished by a person, kept, printed. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { useDesk } from "../desk";
import { boardPages } from "../state/board-pages";
import type { Emergency } from "../types-board";
import { t } from "../words";
import { Fetched } from "./fetched";
import { Icon } from "./icon";
import { ReportPage } from "./report-page";
import "./review-report.css";

export function ReviewReport({ emergency }: { emergency: Emergency }) {
  const { report, api, act, may } = boardPages(useDesk());
  const typed = useSignal<string | null>(null);
  const preview = useRef<HTMLDetailsElement>(null);
  const ask = () => report.ask(() => api.report(emergency.id));
  useEffect(() => {
    report.forget();
    typed.value = null;
    void ask();
  }, [emergency.id, emergency.state]);
  const kept = report.value.value;
  const text = typed.value ?? kept?.markdown ?? "";
  const onPaper = () => {
    if (preview.current) preview.current.open = true;
    print();
  };
  const keep = async (done: boolean) => {
    if (!(await act(api.keepReport(emergency.id, text, done), done ? "report.isDone" : "report.isKept"))) return;
    await ask();
    typed.value = null;
  };
  return (
    <section class="card report" aria-labelledby="report-title" data-testid="report">
      <h3 id="report-title">{t("report.title")}</h3>
      <Fetched of={[report]} again={ask} />
      {kept && (
        <>
          <p class="board-facts report-edit">{emergency.reviewed_at ? t("report.reviewed") : t(kept.is_draft ? "report.draft" : "report.kept")}</p>
          {may("emergencies.handle") && (
            <textarea
              class="report-text report-edit"
              aria-label={t("report.title")}
              rows={18}
              maxLength={50_000}
              value={text}
              onInput={(event) => (typed.value = event.currentTarget.value)}
            />
          )}
          <div class="board-do report-edit">
            {may("emergencies.handle") && (
              <>
                <button type="button" class="button button-main" disabled={!text.trim()} data-testid="report-keep" onClick={() => void keep(false)}>
                  {t("report.keep")}
                </button>
                {emergency.state === "ended" && !emergency.reviewed_at && (
                  <button type="button" class="button" disabled={!text.trim()} data-testid="report-done" onClick={() => void keep(true)}>
                    <Icon name="check" />
                    {t("report.done")}
                  </button>
                )}
              </>
            )}
            <button type="button" class="button" onClick={onPaper}>
              <Icon name="file" />
              {t("report.print")}
            </button>
          </div>
          <details ref={preview} class="report-preview" open={!may("emergencies.handle")}>
            <summary>{t("report.preview")}</summary>
            <ReportPage markdown={text} />
          </details>
          {typed.value !== null && typed.value !== kept.markdown && (
            <p class="board-facts report-edit" role="status">
              {t("report.unkept")}
            </p>
          )}
        </>
      )}
    </section>
  );
}
