/** An authenticator app: scan the picture or type the secret, then give its first code. */
import { useSignal } from "@preact/signals";
import type { TotpBegun } from "../types-access";
import { t } from "../words";
import { CodeField } from "./code-field";
import { formWords } from "./field";
import "./totp-setup.css";

export function TotpSetup({ begun, said, onCode, onBack }: { begun: TotpBegun; said: string; onCode: (code: string) => Promise<unknown>; onBack: () => void }) {
  const isBusy = useSignal(false);
  const send = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    if (isBusy.value) return;
    isBusy.value = true;
    await onCode(formWords(event.currentTarget)["code"] ?? "");
    isBusy.value = false;
  };
  const edge = begun.width + 8;
  return (
    <form class="totp" onSubmit={(event) => void send(event)} data-testid="totp-setup">
      <p>{t("totp.scan")}</p>
      <svg class="totp-picture" role="img" aria-label={t("totp.picture")} viewBox={`-4 -4 ${edge} ${edge}`} shape-rendering="crispEdges">
        <rect x="-4" y="-4" width={edge} height={edge} fill="#fff" />
        <path d={begun.path} fill="#000" />
      </svg>
      <details>
        <summary>{t("totp.byHand")}</summary>
        <code class="totp-secret" data-testid="totp-secret">
          {begun.secret.replace(/(.{4})(?=.)/g, "$1 ")}
        </code>
      </details>
      <CodeField label={t("totp.code")} />
      <p class="door-said" role="alert">{said}</p>
      <div class="totp-do">
        <button type="button" class="button" onClick={onBack}>
          {t("act.cancel")}
        </button>
        <button type="submit" class="button button-main" disabled={isBusy.value}>
          {t("totp.submit")}
        </button>
      </div>
    </form>
  );
}
