/** Ask for some words, then do: resolving, reopening and taking over share this window. */
import { useSignal } from "@preact/signals";
import { t } from "../words";
import { Dialog } from "./dialog";
import { Field } from "./field";

interface Asked {
  name: string;
  title: string;
  label: string;
  hint?: string;
  submit: string;
  /** True if it was done: the window closes. */
  act: (words: string) => Promise<boolean>;
  onClose: () => void;
}

export function ReasonDialog({ name, title, label, hint, submit, act, onClose }: Asked) {
  const words = useSignal("");
  const isBusy = useSignal(false);
  const send = async (event: Event) => {
    event.preventDefault();
    if (isBusy.value || !words.value.trim()) return;
    isBusy.value = true;
    if (await act(words.value.trim())) onClose();
    isBusy.value = false;
  };
  return (
    <Dialog name={name} title={title} onClose={onClose}>
      <form class="dialog-body" onSubmit={(event) => void send(event)}>
        <Field id="reason" label={label} {...(hint ? { hint } : {})}>
          <textarea
            id="reason"
            required
            autofocus
            rows={3}
            value={words.value}
            aria-describedby={hint ? "reason-hint" : undefined}
            onInput={(event) => (words.value = event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
            }}
          />
        </Field>
        <div class="dialog-do">
          <button type="button" class="button" onClick={onClose}>
            {t("act.cancel")}
          </button>
          <button type="submit" class="button button-main" disabled={isBusy.value}>
            {submit}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
