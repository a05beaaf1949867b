/** A window with a form in it: sends once, stays open where it was refused. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { t } from "../words";
import { Dialog } from "./dialog";
import "./form-dialog.css";

interface Asked {
  name: string;
  title: string;
  submit: string;
  /** True if it was done: the window closes. */
  act: (form: HTMLFormElement) => Promise<boolean>;
  onClose: () => void;
  children: ComponentChildren;
}

export function FormDialog({ name, title, submit, act, onClose, children }: Asked) {
  const isBusy = useSignal(false);
  const send = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    if (isBusy.value) return;
    isBusy.value = true;
    if (await act(event.currentTarget)) onClose();
    isBusy.value = false;
  };
  return (
    <Dialog name={name} title={title} onClose={onClose}>
      <form
        class="dialog-body"
        onSubmit={(event) => void send(event)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
        }}
      >
        {children}
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
