/** What can be done with a request: decide on somebody else's, or carry out one's own that was approved. */
import { useSignal } from "@preact/signals";
import { useDesk } from "../desk";
import { numberOf, privacyOf } from "../state/privacy";
import type { Approval } from "../types-privacy";
import { t, word } from "../words";
import { Field, formWords } from "./field";
import { FormDialog } from "./form-dialog";

export function ApprovalDo({ approval: one }: { approval: Approval }) {
  const { isMine, download } = privacyOf(useDesk());
  const open = useSignal<"approve" | "refuse" | "erase" | null>(null);
  const isReady = isMine(one) && one.state === "approved";
  const offered = one.may_decide ? (["approve", "refuse"] as const) : isReady && one.act === "erasure" ? (["erase"] as const) : [];
  const close = () => (open.value = null);
  if (offered.length === 0 && !(isReady && one.act === "export")) return null;
  const whose = <span class="unseen"> {word("approval.act", one.act)} {numberOf(one)}</span>;
  return (
    <p class="board-do">
      {offered.map((verb) => (
        <button key={verb} type="button" class={verb === "approve" ? "button button-main" : "button"} data-testid={`${verb}-request`} onClick={() => (open.value = verb)}>
          {t(`approval.${verb}`)}
          {whose}
        </button>
      ))}
      {isReady && one.act === "export" && (
        <button type="button" class="button button-main" data-testid="download" onClick={() => void download(one)}>
          {t("approval.download")}
          {whose}
        </button>
      )}
      {open.value === "erase" && <EraseDialog approval={one} onClose={close} />}
      {(open.value === "approve" || open.value === "refuse") && <DecisionDialog approval={one} verb={open.value} onClose={close} />}
    </p>
  );
}

/** A refusal has its reason; a yes may have one. */
function DecisionDialog({ approval: one, verb, onClose }: { approval: Approval; verb: "approve" | "refuse"; onClose: () => void }) {
  const { decide } = privacyOf(useDesk());
  const send = (form: HTMLFormElement) => decide(one, verb, (formWords(form)["answer"] ?? "").trim());
  return (
    <FormDialog name="decision" title={t(`approval.${verb}.title`, { act: word("approval.act", one.act), number: numberOf(one) })} submit={t(`approval.${verb}`)} act={send} onClose={onClose}>
      <p class="approval-quote">{one.reason || t("approval.forgotten")}</p>
      <Field id="answer" label={t(verb === "refuse" ? "approval.why" : "approval.remark")} hint={t("approval.answerHint")}>
        <textarea id="answer" name="answer" rows={3} maxLength={500} autofocus required={verb === "refuse"} aria-describedby="answer-hint" />
      </Field>
    </FormDialog>
  );
}

/** Nothing brings erased data back: the number is typed once more. */
function EraseDialog({ approval: one, onClose }: { approval: Approval; onClose: () => void }) {
  const { erase } = privacyOf(useDesk());
  const isWrong = useSignal(false);
  const send = async (form: HTMLFormElement) => {
    isWrong.value = (formWords(form)["again"] ?? "").trim().toUpperCase() !== numberOf(one).toUpperCase();
    return isWrong.value ? false : erase(one);
  };
  return (
    <FormDialog name="erase" title={t("approval.erase.title", { number: numberOf(one) })} submit={t("approval.erase")} act={send} onClose={onClose}>
      <p>{t("approval.erase.lead")}</p>
      <Field id="again" label={t("approval.erase.again", { number: numberOf(one) })} hint={t("approval.erase.hint")}>
        <input id="again" name="again" type="text" autocomplete="off" spellcheck={false} autofocus required aria-invalid={isWrong.value || undefined} aria-describedby="again-hint" />
      </Field>
      {isWrong.value && <p role="alert">{t("approval.erase.differs")}</p>}
    </FormDialog>
  );
}
