/** New recovery codes: shown this once, to be kept before going on. */
import { useSignal } from "@preact/signals";
import { t } from "../words";
import "./recovery-codes.css";

export function RecoveryCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const copied = useSignal(false);
  const copy = async () => {
    await navigator.clipboard.writeText(codes.join("\n")).then(
      () => (copied.value = true),
      () => undefined,
    );
  };
  return (
    <div class="codes" data-testid="recovery-codes">
      <p>{t("codes.lead")}</p>
      <ol class="codes-list">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div class="codes-do">
        <button type="button" class="button" onClick={() => void copy()}>
          {copied.value ? t("codes.copied") : t("codes.copy")}
        </button>
        <button type="button" class="button button-main" data-testid="codes-kept" onClick={onKept}>
          {t("codes.kept")}
        </button>
      </div>
    </div>
  );
}
