/** Ask a department for something; the ticket stays with its agent. */
import { useDesk } from "../desk";
import { ticketState } from "../state/ticket";
import { departmentName, t } from "../words";
import { Choice } from "./classify-dialog";
import { Field, formWords } from "./field";
import { FormDialog } from "./form-dialog";

export function AskDialog({ number, onClose }: { number: string; onClose: () => void }) {
  const desk = useDesk();
  const { api, act } = ticketState(desk);
  const departments = desk.session.me.value?.departments ?? [];
  const send = (form: HTMLFormElement) => {
    const { asked = "", text = "" } = formWords(form);
    return act(api.ask(number, { department: asked, text: text.trim() }), "tasks.asked");
  };
  return (
    <FormDialog name="ask" title={t("tasks.title")} submit={t("tasks.submit")} act={send} onClose={onClose}>
      <Choice id="asked" label={t("facts.department")} values={departments.map((one) => one.id)} chosen="" words={(one) => departmentName(departments, one)} />
      <Field id="text" label={t("tasks.text")} hint={t("tasks.hint")}>
        <textarea id="text" name="text" required autofocus rows={3} aria-describedby="text-hint" />
      </Field>
    </FormDialog>
  );
}
