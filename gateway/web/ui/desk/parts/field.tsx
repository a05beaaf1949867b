/** A labelled field of a form, with its hint tied to it. */
import type { ComponentChildren } from "preact";
import "./field.css";

export function Field({ id, label, hint, children }: { id: string; label: string; hint?: string; children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      {hint && (
        <span class="field-hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}

type LineProps = { id: string; label: string; hint?: string; type?: "text" | "password"; autocomplete?: "off" | "username" | "current-password" | "new-password" | "name"; value?: string; isFirst?: boolean };

/** One line of text; `name` is the id, so that a form's data can be read by it. */
export function LineField({ id, label, hint, type = "text", autocomplete = "off", value = "", isFirst = false }: LineProps) {
  const said = {
    id,
    name: id,
    required: true,
    autocomplete,
    defaultValue: value,
    autofocus: isFirst,
    "aria-describedby": hint ? `${id}-hint` : undefined,
    autocapitalize: "off",
    spellcheck: false,
  } as const;
  return (
    <Field id={id} label={label} {...(hint ? { hint } : {})}>
      {type === "password" ? <input type="password" {...said} /> : <input type="text" {...said} />}
    </Field>
  );
}

/** The words of a submitted form by field name. */
export function formWords(form: HTMLFormElement): Record<string, string> {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, typeof value === "string" ? value : ""]));
}
