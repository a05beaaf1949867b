/** Other ways in, below the form: a passkey, the single sign-on, a forgotten password. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useDesk } from "../desk";
import { LineField, formWords } from "../parts/field";
import { accessOf, wayInWords } from "../state/access";
import type { Ways } from "../types-access";
import { t } from "../words";
import "./second-step.css";

export function SignInWays() {
  const { api, enter } = accessOf(useDesk());
  const ways = useSignal<Ways | null>(null);
  const said = useSignal(new URLSearchParams(location.search).has("sign-on") ? t("ways.signOnFailed") : "");
  const isForgotten = useSignal(false);
  const isSent = useSignal(false);
  useEffect(() => {
    api.ways().then(
      (found) => (ways.value = found),
      () => undefined, // the form above still works
    );
  }, []);
  const byPasskey = async () => {
    try {
      enter(await api.byPasskey(await api.passkey()));
    } catch (error) {
      said.value = wayInWords(error);
    }
  };
  const forgot = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    try {
      await api.forgot(formWords(event.currentTarget)["forgotten"] ?? "");
      isSent.value = true;
    } catch (error) {
      said.value = wayInWords(error);
    }
  };
  const { passkey, sign_on: signOn, mail } = ways.value ?? { passkey: false, sign_on: null, mail: false };
  return (
    <div class="step-form" data-testid="ways" data-ready={ways.value ? "yes" : "no"}>
      {passkey && (
        <button type="button" class="button button-wide" data-testid="passkey-sign-in" onClick={() => void byPasskey()}>
          {t("ways.passkey")}
        </button>
      )}
      {signOn && (
        <a class="button button-wide" href="/api/v1/session/sign-on" data-testid="sign-on">
          {t("ways.signOn", { label: signOn })}
        </a>
      )}
      <p class="door-said" role="alert">{said.value}</p>
      {ways.value && !isForgotten.value && (
        <button type="button" class="link" data-testid="forgot" onClick={() => (isForgotten.value = true)}>
          {t("ways.forgot")}
        </button>
      )}
      {isForgotten.value && !mail && <p class="door-intro" role="status">{t("ways.noMail")}</p>}
      {isForgotten.value && mail && !isSent.value && (
        <form class="step-form" onSubmit={(event) => void forgot(event)}>
          <LineField id="forgotten" label={t("signin.login")} autocomplete="username" isFirst />
          <button type="submit" class="button">
            {t("ways.send")}
          </button>
        </form>
      )}
      {isSent.value && <p class="door-good" role="status">{t("ways.sent")}</p>}
    </div>
  );
}
