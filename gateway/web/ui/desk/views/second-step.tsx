/** The rest of a sign-in: the second factor, setting one up, or a password that is too old. */
import { type Signal, useSignal } from "@preact/signals";
import { useDesk } from "../desk";
import { CodeField } from "../parts/code-field";
import { formWords, LineField } from "../parts/field";
import { LanguageButton } from "../parts/language";
import { RecoveryCodes } from "../parts/recovery-codes";
import { TotpSetup } from "../parts/totp-setup";
import { canHavePasskeys } from "../passkeys";
import { accessOf, wayInWords } from "../state/access";
import type { FactorMade, TotpBegun } from "../types-access";
import type { Me } from "../types";
import { t } from "../words";
import "./door.css";
import "./second-step.css";

export function SecondStep() {
  const { session } = useDesk();
  const stage = session.me.value?.stage;
  return (
    <main class="door">
      <div class="door-card" data-testid={`step-${stage}`}>
        {stage === "second" ? <Second /> : stage === "enrol" ? <Enrol /> : <OldPassword />}
        <button type="button" class="link" data-testid="step-back" onClick={() => void session.signOut()}>
          {t("second.back")}
        </button>
      </div>
      <LanguageButton />
    </main>
  );
}

/** Do something that finishes the sign-in, and say in the form why it did not. */
function useStep(): { said: Signal<string>; isBusy: Signal<boolean>; step: (act: () => Promise<unknown>) => Promise<void> } {
  const said = useSignal("");
  const isBusy = useSignal(false);
  const step = async (act: () => Promise<unknown>) => {
    if (isBusy.value) return;
    isBusy.value = true;
    said.value = "";
    try {
      await act();
    } catch (error) {
      said.value = wayInWords(error);
    }
    isBusy.value = false;
  };
  return { said, isBusy, step };
}

function Second() {
  const desk = useDesk();
  const { api, enter } = accessOf(desk);
  const { said, isBusy, step } = useStep();
  const kinds = desk.session.me.value?.factors ?? [];
  const byCode = useSignal(!kinds.includes("passkey"));
  const send = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const { code = "" } = formWords(event.currentTarget);
    void step(async () => enter(await api.second({ code })));
  };
  return (
    <>
      <h1>{t("second.title")}</h1>
      {kinds.includes("passkey") && (
        <button type="button" class="button button-main button-wide" data-testid="use-passkey" disabled={isBusy.value} onClick={() => void step(async () => enter(await api.second(await api.passkey())))}>
          {t("passkey.use")}
        </button>
      )}
      {byCode.value ? (
        <form class="step-form" onSubmit={send}>
          <CodeField label={t("second.code")} hint={t("second.recoveryHint")} isAny />
          <p class="door-said" role="alert">{said.value}</p>
          <button type="submit" class="button button-main button-wide" disabled={isBusy.value}>
            {t("second.submit")}
          </button>
        </form>
      ) : (
        <>
          <p class="door-said" role="alert">{said.value}</p>
          <button type="button" class="link" data-testid="by-code" onClick={() => (byCode.value = true)}>
            {t("second.byCode")}
          </button>
        </>
      )}
    </>
  );
}

function Enrol() {
  const desk = useDesk();
  const { api, enter } = accessOf(desk);
  const { said, isBusy, step } = useStep();
  const begun = useSignal<TotpBegun | null>(null);
  const made = useSignal<{ codes: string[]; me: Me } | null>(null);
  const keep = (found: FactorMade) => {
    if (found.me) made.value = { codes: found.codes, me: found.me };
  };
  if (made.value) {
    const { codes, me } = made.value;
    return (
      <>
        <h1>{t("codes.title")}</h1>
        <RecoveryCodes codes={codes} onKept={() => enter(me)} />
      </>
    );
  }
  if (begun.value) {
    return (
      <>
        <h1>{t("totp.title")}</h1>
        <TotpSetup begun={begun.value} said={said.value} onBack={() => (begun.value = null)} onCode={(code) => step(async () => keep(await api.confirmTotp(code)))} />
      </>
    );
  }
  return (
    <>
      <h1>{t("enrol.title")}</h1>
      <p class="door-intro">{t("enrol.lead")}</p>
      {canHavePasskeys() && (
        <>
          <button type="button" class="button button-main button-wide" data-testid="enrol-passkey" disabled={isBusy.value} onClick={() => void step(async () => keep(await api.addPasskey(t("passkey.first"))))}>
            {t("enrol.passkey")}
          </button>
          <p class="field-hint">{t("enrol.passkeyHint")}</p>
        </>
      )}
      <button type="button" class={canHavePasskeys() ? "button button-wide" : "button button-main button-wide"} data-testid="enrol-totp" disabled={isBusy.value} onClick={() => void step(async () => void (begun.value = await api.beginTotp(t("totp.first"))))}>
        {t("enrol.totp")}
      </button>
      <p class="field-hint">{t("enrol.totpHint")}</p>
      <p class="door-said" role="alert">{said.value}</p>
      {desk.session.me.value?.may_put_off && (
        <button type="button" class="button button-wide" data-testid="put-off" onClick={() => void step(async () => enter(await api.later()))}>
          {t("enrol.later")}
        </button>
      )}
    </>
  );
}

function OldPassword() {
  const { api, enter } = accessOf(useDesk());
  const { said, isBusy, step } = useStep();
  const send = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const { present = "", wanted = "" } = formWords(event.currentTarget);
    void step(async () => enter(await api.oldPassword(present, wanted)));
  };
  return (
    <form class="step-form" onSubmit={send}>
      <h1>{t("password.tooOld")}</h1>
      <LineField id="present" label={t("password.present")} type="password" autocomplete="current-password" isFirst />
      <LineField id="wanted" label={t("password.wanted")} hint={t("setup.passwordHint")} type="password" autocomplete="new-password" />
      <p class="door-said" role="alert">{said.value}</p>
      <button type="submit" class="button button-main button-wide" disabled={isBusy.value}>
        {t("password.change")}
      </button>
    </form>
  );
}
