/** Parts of the desk that are fetched when they are first shown. */
import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "./words";

/** A part that shows nothing until it has come, and says so where it cannot be fetched (the gateway was upgraded, the line is down). */
export function lazily<P extends object>(fetch: () => Promise<ComponentType<P>>): ComponentType<P> {
  const part = signal<{ Part: ComponentType<P> } | null>(null);
  const failed = signal(false);
  let isAsked = false;
  const ask = () => {
    if (isAsked) return;
    isAsked = true;
    failed.value = false;
    fetch().then(
      (Part) => (part.value = { Part }),
      () => {
        isAsked = false;
        failed.value = true;
      },
    );
  };
  return function Later(props: P) {
    useEffect(ask, []);
    if (part.value) return <part.value.Part {...props} />;
    if (!failed.value) return null;
    return (
      <p role="alert">
        {t("lazily.failed")}{" "}
        <button type="button" class="link" onClick={ask}>
          {t("list.again")}
        </button>
      </p>
    );
  };
}
