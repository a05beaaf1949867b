/** What the ticket is really about: only what was changed is sent, and why. */
import { useDesk } from "../desk";
import { ticketState } from "../state/ticket";
import type { Ticket } from "../types";
import type { Classification } from "../types-ticket";
import { departmentName, t, word } from "../words";
import { Field, formWords } from "./field";
import { FormDialog } from "./form-dialog";

const TYPES = ["presale", "aftersale", "complaint", "change", "suggestion"];
const URGENCIES = ["normal", "urgent", "critical"];
const ANOMALIES = ["none", "complaint", "serious", "outage", "media"];

export function ClassifyDialog({ number, found, onClose }: { number: string; found: Classification; onClose: () => void }) {
  const desk = useDesk();
  const { api, act } = ticketState(desk);
  const departments = desk.session.me.value?.departments ?? [];
  const { holds } = found;
  const send = (form: HTMLFormElement) => {
    const said = formWords(form);
    const wanted = { type: said["type"], subtype: said["subtype"]?.trim() || null, urgency: said["urgency"], anomaly: said["anomaly"], department: said["department"], needs_identity: said["needs_identity"] === "on" };
    const changed = Object.fromEntries(Object.entries(wanted).filter(([field, value]) => value !== undefined && value !== holds[field as keyof typeof holds]));
    return act(api.classify(number, { version: found.version, ...changed, reason: (said["reason"] ?? "").trim() }), "classify.done");
  };
  return (
    <FormDialog name="classify" title={t("classify.title")} submit={t("classify.submit")} act={send} onClose={onClose}>
      <div class="pairs">
        <Choice id="type" label={t("facts.type")} values={TYPES} chosen={holds.type} words={(one) => word("type", one)} />
        <Field id="subtype" label={t("classify.subtype")}>
          <input id="subtype" name="subtype" list="subtypes" defaultValue={holds.subtype ?? ""} autocomplete="off" maxLength={64} />
          <datalist id="subtypes">
            {found.subtypes.map((one) => (
              <option key={one} value={one}>
                {word("subtype", one)}
              </option>
            ))}
          </datalist>
        </Field>
        <Choice id="urgency" label={t("facts.urgency")} values={URGENCIES} chosen={holds.urgency} words={(one) => word("urgency", one)} />
        <Choice id="anomaly" label={t("facts.anomaly")} values={ANOMALIES} chosen={holds.anomaly} words={(one) => word("anomaly", one)} />
        <Choice id="department" label={t("facts.department")} values={departments.map((one) => one.id)} chosen={holds.department} words={(one) => departmentName(departments, one)} />
      </div>
      <label class="check">
        <input type="checkbox" name="needs_identity" defaultChecked={holds.needs_identity} />
        {t("classify.identity")}
      </label>
      <Field id="reason" label={t("transfer.reason")} hint={t("classify.reasonHint")}>
        <textarea id="reason" name="reason" required rows={2} maxLength={1000} aria-describedby="reason-hint" />
      </Field>
    </FormDialog>
  );
}

/** A supervisor says how urgent it is; its promises are reckoned anew. */
export function UrgencyDialog({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const { api, act } = ticketState(useDesk());
  const send = (form: HTMLFormElement) => {
    const { urgency = "", reason = "" } = formWords(form);
    return act(api.urgency(ticket.number, { urgency, reason: reason.trim() }), "urgency.done");
  };
  return (
    <FormDialog name="urgency" title={t("urgency.title")} submit={t("urgency.submit")} act={send} onClose={onClose}>
      <fieldset class="choice">
        <legend>{t("facts.urgency")}</legend>
        {URGENCIES.map((one) => (
          <label key={one}>
            <input type="radio" name="urgency" value={one} defaultChecked={one === ticket.urgency} autofocus={one === ticket.urgency} />
            {word("urgency", one)}
          </label>
        ))}
      </fieldset>
      <Field id="reason" label={t("transfer.reason")} hint={t("urgency.hint")}>
        <textarea id="reason" name="reason" required rows={2} maxLength={2000} aria-describedby="reason-hint" />
      </Field>
    </FormDialog>
  );
}

export function Choice({ id, label, values, chosen, words }: { id: string; label: string; values: string[]; chosen: string; words: (value: string) => string }) {
  const offered = values.includes(chosen) || !chosen ? values : [chosen, ...values];
  return (
    <Field id={id} label={label}>
      <select id={id} name={id} required>
        {offered.map((one) => (
          <option key={one} value={one} selected={one === chosen}>
            {words(one)}
          </option>
        ))}
      </select>
    </Field>
  );
}
