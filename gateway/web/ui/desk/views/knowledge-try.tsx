/** Ask as a customer would, and see what would be answered and what spoke for it. */
import { useEffect, useRef } from "preact/hooks";
import { useDesk } from "../desk";
import { Evidence } from "../parts/evidence";
import { Field } from "../parts/field";
import { Previews } from "../parts/previews";
import { writeKnowledge } from "../route";
import type { Verdict } from "../types-knowledge";
import { t } from "../words";

export function KnowledgeTry({ question }: { question: string }) {
  const { knowledge, channels } = useDesk();
  const field = useRef<HTMLTextAreaElement>(null);
  const channel = useRef<HTMLSelectElement>(null);
  const { value, isBusy, failed } = knowledge.verdict;
  useEffect(() => {
    if (field.current && question) field.current.value = question;
    field.current?.focus();
  }, [question]);
  const submit = (event: Event) => {
    event.preventDefault();
    void knowledge.attempt(field.current?.value ?? "", channel.current?.value ?? "");
  };
  const send = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
  };
  const verdict = value.value;
  return (
    <div class="knowledge-scroll">
      <div class="knowledge-column">
        <form class="card try-form" onSubmit={submit}>
          <Field id="try-text" label={t("knowledge.try.question")} hint={t("knowledge.try.hint")}>
            <textarea id="try-text" ref={field} rows={2} maxLength={4000} aria-describedby="try-text-hint" onKeyDown={send} />
          </Field>
          <Field id="try-channel" label={t("knowledge.try.channel")}>
            <select id="try-channel" ref={channel}>
              <option value="">{t("knowledge.try.everyChannel")}</option>
              {channels.channels.value?.map((one) => (
                <option key={one.name} value={one.name}>
                  {one.name}
                </option>
              ))}
            </select>
          </Field>
          <button type="submit" class="button button-main" disabled={isBusy.value} data-testid="try">
            {t("knowledge.try.submit")}
          </button>
        </form>
        {failed.value && (
          <p class="knowledge-says" role="alert">
            {failed.value}
          </p>
        )}
        <div role="status" class="try-result">{verdict && !failed.value && <VerdictView verdict={verdict} />}</div>
      </div>
    </div>
  );
}

function VerdictView({ verdict }: { verdict: Verdict }) {
  return (
    <>
      <section class="card" aria-label={t("knowledge.try.verdict")} data-testid="verdict" data-kind={verdict.kind}>
        <Evidence verdict={verdict} />
      </section>
      <section class="card" aria-label={t("knowledge.previews")}>
        <h3>{t("knowledge.previews")}</h3>
        <Previews previews={verdict.previews} />
      </section>
      {verdict.matches[0] && (
        <p class="knowledge-lead">
          <a class="link" href={writeKnowledge({ page: "entries", item: verdict.matches[0].id })}>
            {t("knowledge.try.open", { entry: verdict.matches[0].question })}
          </a>
        </p>
      )}
    </>
  );
}
