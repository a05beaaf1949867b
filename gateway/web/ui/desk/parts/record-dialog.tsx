/** The record of a complaint as a form: what the house requires is marked, what nobody wrote is read from the ticket. */
import { useDesk } from "../desk";
import { ticketState } from "../state/ticket";
import type { Complaint, RecordField } from "../types-ticket";
import { departmentName, t, word } from "../words";
import { Field, formWords } from "./field";
import { FormDialog } from "./form-dialog";
import { local } from "./promise-dialogs";
import "./record-dialog.css";

const LONG = ["content", "wanted", "escalated_because", "solution", "response"];
const TIMES = ["happened_at", "escalated_at"];

export function RecordDialog({ number, record, onClose }: { number: string; record: Complaint; onClose: () => void }) {
  const { api, act } = ticketState(useDesk());
  const send = (form: HTMLFormElement) => {
    const changed = changes(record, formWords(form));
    if (Object.keys(changed).length === 0) return Promise.resolve(true);
    return act(api.record(number, { version: record.version, ...changed }), "record.saved");
  };
  return (
    <FormDialog name="record" title={t("record.title", { number })} submit={t("record.submit")} act={send} onClose={onClose}>
      <div class="record">
        {Object.entries(record.fields).map(([name, field]) => (
          <RecordLine key={name} name={name} field={field} isRequired={record.required.includes(name)} isMissing={record.missing.includes(name)} />
        ))}
      </div>
    </FormDialog>
  );
}

function RecordLine({ name, field, isRequired, isMissing }: { name: string; field: RecordField; isRequired: boolean; isMissing: boolean }) {
  const id = `record-${name}`;
  const said = { id, name, "aria-required": isRequired, "aria-invalid": isMissing, "aria-describedby": `${id}-state` };
  const value = shown(name, field);
  return (
    <div class={LONG.includes(name) ? "record-line record-wide" : "record-line"} data-missing={isMissing}>
      <Field id={id} label={isRequired ? `${word("record", name)} *` : word("record", name)}>
        {LONG.includes(name) ? (
          <textarea {...said} rows={2} defaultValue={value} />
        ) : TIMES.includes(name) ? (
          <input {...said} type="datetime-local" defaultValue={value} />
        ) : name === "responsible" ? (
          <Departments said={said} value={value} />
        ) : (
          <input {...said} type="text" defaultValue={value} autocomplete="off" />
        )}
        <span id={`${id}-state`} class={isMissing ? "field-wrong" : "field-hint"}>
          {isMissing ? t("record.required") : value && !field.by_person ? t("record.fromTicket") : ""}
        </span>
      </Field>
    </div>
  );
}

function Departments({ said, value }: { said: { id: string; name: string }; value: string }) {
  const departments = useDesk().session.me.value?.departments ?? [];
  return (
    <select {...said}>
      <option value="">–</option>
      {departments.map((one) => (
        <option key={one.id} value={one.id} selected={one.id === value}>
          {departmentName(departments, one.id)}
        </option>
      ))}
    </select>
  );
}

function shown(name: string, { value }: RecordField): string {
  return value && TIMES.includes(name) ? local(Date.parse(value)) : value ?? "";
}

/** PURE: the fields whose words are others now; a time is sent as an instant, emptied words as null. */
export function changes(record: Complaint, said: Record<string, string>): Record<string, string | null> {
  const changed = Object.entries(said).filter(([name, words]) => name in record.fields && words.trim() !== shown(name, record.fields[name] ?? { value: null, by_person: false }));
  return Object.fromEntries(changed.map(([name, words]) => [name, words.trim() === "" ? null : TIMES.includes(name) ? new Date(words).toISOString() : words.trim()]));
}
