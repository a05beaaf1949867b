/** To whom the ticket goes on, and why. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useDesk } from "../desk";
import type { Colleague, Ticket } from "../types";
import { departmentName, t, word } from "../words";
import { Dialog } from "./dialog";
import { Field, formWords } from "./field";
import "./transfer-dialog.css";

export function TransferDialog({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const { actions } = useDesk();
  const to = useSignal<"department" | "agent">("department");
  const isBusy = useSignal(false);
  const send = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const { target = "", reason = "" } = formWords(event.currentTarget);
    if (isBusy.value) return;
    isBusy.value = true;
    const receiver = to.value === "agent" ? { agent: target } : { department: target };
    if (await actions.transfer(ticket.number, { ...receiver, reason: reason.trim() })) onClose();
    isBusy.value = false;
  };
  return (
    <Dialog name="transfer" title={t("transfer.title")} onClose={onClose}>
      <form class="dialog-body" onSubmit={(event) => void send(event)}>
        <fieldset class="choice">
          <legend>{t("transfer.to")}</legend>
          {(["department", "agent"] as const).map((one) => (
            <label key={one}>
              <input type="radio" name="to" value={one} checked={to.value === one} autofocus={one === "department"} onChange={() => (to.value = one)} />
              {t(`transfer.${one}`)}
            </label>
          ))}
        </fieldset>
        {to.value === "department" ? <DepartmentField ticket={ticket} /> : <ColleagueField />}
        <Field id="reason" label={t("transfer.reason")} hint={t("transfer.reasonHint")}>
          <textarea id="reason" name="reason" required rows={3} aria-describedby="reason-hint" />
        </Field>
        <div class="dialog-do">
          <button type="button" class="button" onClick={onClose}>
            {t("act.cancel")}
          </button>
          <button type="submit" class="button button-main" disabled={isBusy.value}>
            {t("transfer.submit")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function DepartmentField({ ticket }: { ticket: Ticket }) {
  const { session } = useDesk();
  const departments = session.me.value?.departments ?? [];
  return (
    <Field id="target" label={t("transfer.which")}>
      <select id="target" name="target" required>
        {departments
          .filter((one) => one.id !== ticket.department)
          .map((one) => (
            <option key={one.id} value={one.id}>
              {departmentName(departments, one.id)}
            </option>
          ))}
      </select>
    </Field>
  );
}

/** Who is online stands first, the least busy of them on top. */
function ColleagueField() {
  const { api, session, notices } = useDesk();
  const agents = useSignal<Colleague[]>([]);
  useEffect(() => {
    api.agents().then((found) => (agents.value = found), notices.wrong);
  }, []);
  const others = agents.value.filter((one) => one.number !== session.me.value?.agent.number);
  return (
    <Field id="target" label={t("transfer.who")}>
      <select id="target" name="target" required>
        {others
          .toSorted((a, b) => rank(a) - rank(b))
          .map((one) => (
            <option key={one.number} value={one.number}>
              {t("transfer.colleague", { name: one.name, number: one.number, state: word("presence", one.state), n: one.open })}
            </option>
          ))}
      </select>
    </Field>
  );
}

function rank(one: Colleague): number {
  return ["online", "away", "offline"].indexOf(one.state) * 10_000 + one.open;
}
