/** A field for a one-time code: telephones offer the code they were sent, or figures. */
import { Field } from "./field";

export function CodeField({ label, hint, isAny = false }: { label: string; hint?: string; isAny?: boolean }) {
  return (
    <Field id="code" label={label} {...(hint ? { hint } : {})}>
      <input
        class="code-field"
        id="code"
        name="code"
        type="text"
        required
        autofocus
        maxLength={64}
        autocomplete="one-time-code"
        inputMode={isAny ? "text" : "numeric"}
        autocapitalize="off"
        spellcheck={false}
        aria-describedby={hint ? "code-hint" : undefined}
      />
    </Field>
  );
}
