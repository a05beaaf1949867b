/** Which ticket this one goes into, and why. */
import { useDesk } from "../desk";
import { ticketState } from "../state/ticket";
import { t } from "../words";
import { Field, formWords } from "./field";
import { FormDialog } from "./form-dialog";

export function MergeDialog({ number, into, onClose }: { number: string; into: string; onClose: () => void }) {
  const desk = useDesk();
  const { api, act } = ticketState(desk);
  const send = async (form: HTMLFormElement) => {
    const { into: to = "", reason = "" } = formWords(form);
    const isDone = await act(api.merge(number, { into: to.trim(), reason: reason.trim() }), "merge.done");
    if (isDone) desk.go({ number: to.trim() });
    return isDone;
  };
  return (
    <FormDialog name="merge" title={t("merge.title")} submit={t("merge.submit")} act={send} onClose={onClose}>
      <p>{t("merge.hint")}</p>
      <Field id="into" label={t("merge.into")}>
        <input id="into" name="into" type="text" required autofocus autocomplete="off" maxLength={24} placeholder="T20261122-0001" defaultValue={into} />
      </Field>
      <Field id="reason" label={t("transfer.reason")}>
        <textarea id="reason" name="reason" required rows={2} maxLength={1000} />
      </Field>
    </FormDialog>
  );
}
