/** Prove once more that it is you: by a passkey or a code, or the password of somebody who has neither. */
import { useSignal } from "@preact/signals";
import { useDesk } from "../desk";
import { accessOf, wayInWords } from "../state/access";
import type { Shown } from "../types-access";
import { t } from "../words";
import { CodeField } from "./code-field";
import { Dialog } from "./dialog";
import { formWords, LineField } from "./field";
import "./form-dialog.css";

export function ProofDialog() {
  const desk = useDesk();
  const { proving, api, account } = accessOf(desk);
  const said = useSignal("");
  const isBusy = useSignal(false);
  const given = proving.value;
  if (!given) return null;
  const kinds = account.value.value?.factors.map((one) => one.kind) ?? desk.session.me.value?.factors ?? [];
  const show = async (shown: () => Promise<Shown>) => {
    if (isBusy.value) return;
    isBusy.value = true;
    try {
      await api.prove(await shown());
      said.value = "";
      given(true);
    } catch (error) {
      said.value = wayInWords(error);
    }
    isBusy.value = false;
  };
  const send = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const { code = "", password = "" } = formWords(event.currentTarget);
    void show(() => Promise.resolve(kinds.length ? { code } : { password }));
  };
  const close = () => {
    said.value = "";
    given(false);
  };
  return (
    <Dialog name="proof" title={t("proof.title")} onClose={close}>
      <form class="dialog-body" onSubmit={send}>
        <p class="field-hint">{t("proof.lead")}</p>
        {kinds.includes("passkey") && (
          <button type="button" class="button button-main button-wide" data-testid="prove-passkey" disabled={isBusy.value} onClick={() => void show(api.passkey)}>
            {t("passkey.use")}
          </button>
        )}
        {kinds.includes("totp") && <CodeField label={t("second.code")} />}
        {kinds.length === 0 && <LineField id="password" label={t("signin.password")} type="password" autocomplete="current-password" isFirst />}
        <p class="door-said" role="alert">{said.value}</p>
        {(kinds.includes("totp") || kinds.length === 0) && (
          <div class="dialog-do">
            <button type="submit" class="button button-main" disabled={isBusy.value}>
              {t("proof.submit")}
            </button>
          </div>
        )}
      </form>
    </Dialog>
  );
}
