/** A window over the desk. The browser's own dialog keeps the focus in and gives it back. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../words";
import { Icon } from "./icon";
import "./dialog.css";

export function Dialog({ title, name, onClose, children }: { title: string; name: string; onClose: () => void; children: ComponentChildren }) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => box.current?.showModal(), []);
  return (
    <dialog class="dialog" ref={box} aria-labelledby={`${name}-title`} data-testid={`dialog-${name}`} onClose={onClose}>
      <header class="dialog-head">
        <h2 id={`${name}-title`}>{title}</h2>
        <button type="button" class="icon-button" aria-label={t("dialog.close")} onClick={() => box.current?.close()}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </dialog>
  );
}
