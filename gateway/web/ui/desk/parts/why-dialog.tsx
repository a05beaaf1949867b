/** Why: each automatic act with its reason, the version of the rules it followed, and what it went by. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useDesk } from "../desk";
import { minute } from "../state/now";
import { inWords } from "../state/notices";
import { reason } from "../state/reasons";
import { ticketState } from "../state/ticket";
import type { Department } from "../types";
import type { Act, Why } from "../types-ticket";
import { actorName, clockTime, departmentName, fullTime, t, word } from "../words";
import { Dialog } from "./dialog";
import "./why-dialog.css";

export function WhyDialog({ number, onClose }: { number: string; onClose: () => void }) {
  const { api } = ticketState(useDesk());
  const why = useSignal<Why | null>(null);
  const failed = useSignal("");
  useEffect(() => {
    api.why(number).then((found) => (why.value = found), (error: unknown) => (failed.value = inWords(error)));
  }, [number]);
  const acts = why.value?.acts.filter((one) => one.because || Object.keys(one.inputs).length > 0) ?? [];
  return (
    <Dialog name="why" title={t("acts.title")} onClose={onClose}>
      <div class="dialog-body why">
        {failed.value && <p role="alert">{failed.value}</p>}
        {why.value && acts.length === 0 && <p>{t("acts.none")}</p>}
        <ol class="acts">
          {acts.map((one, i) => (
            <ActLine key={i} one={one} rules={why.value?.rules_now ?? ""} />
          ))}
        </ol>
        {why.value && <p class="acts-rules">{t("acts.rulesNow", { version: why.value.rules_now })}</p>}
      </div>
    </Dialog>
  );
}

function ActLine({ one, rules }: { one: Act; rules: string }) {
  return (
    <li data-testid="act">
      <p class="act-head">
        <strong>{kindWords(one)}</strong> {actorName(one.actor)}
        <time dateTime={one.at} title={fullTime(one.at)}>{clockTime(one.at, minute.value)}</time>
      </p>
      {one.because && <p>{reason(one.because)}</p>}
      <Inputs inputs={one.inputs} />
      {one.rules && <p class="act-rules">{t(one.rules === rules ? "acts.rules" : "acts.rulesThen", { version: one.rules })}</p>}
    </li>
  );
}

/** `what` says more than the kind alone, where there is a word for both together. */
function kindWords({ kind, inputs }: Act): string {
  const both = `${kind}.${String(inputs["what"])}`;
  return word("event", both) === both ? word("event", kind) : word("event", both);
}

/** What it went by: words where the page has some, else as the gateway wrote it. */
function Inputs({ inputs }: { inputs: Record<string, unknown> }) {
  const departments = useDesk().session.me.value?.departments ?? [];
  const lines = Object.entries(inputs).filter(([name]) => name !== "what").flatMap(([name, value]) => said(name, value, departments));
  if (lines.length === 0) return null;
  return (
    <dl class="act-inputs">
      {lines.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function said(name: string, value: unknown, departments: Department[]): [string, string][] {
  const label = word("input", name);
  if (name === "about" && isMap(value)) return [[label, Object.entries(value).map(([field, one]) => field === "department" ? departmentName(departments, String(one)) : word(field, String(one))).join(t("reason.list"))]];
  if (name === "owed" && isMap(value)) return Object.entries(value).map(([kind, at]) => [word("promise", kind), t("promise.at", { time: clockTime(String(at), minute.value) })]);
  if (name === "hand_off") return [[label, reason(String(value))]];
  if (name === "promise" && !isMap(value)) return [[label, word("promise", String(value))]];
  return [[label, isMap(value) || Array.isArray(value) ? JSON.stringify(value) : word(`knowledge.${name}`, String(value))]];
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
