/** The door: one form, honest about why it was not opened. */
import { useSignal } from "@preact/signals";
import { useDesk } from "../desk";
import { lazily } from "../lazily";
import { formWords, LineField } from "../parts/field";
import { LanguageButton } from "../parts/language";
import { addWords, t } from "../words";
import "./door.css";

const SignInWays = lazily<object>(() => Promise.all([import("./sign-in-ways"), addWords("access")]).then(([page]) => page.SignInWays));

export function SignIn() {
  const { session, created } = useDesk();
  const isBusy = useSignal(false);
  const enter = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const { login = "", password = "" } = formWords(event.currentTarget);
    if (isBusy.value) return;
    isBusy.value = true;
    await session.signIn(login.trim(), password);
    isBusy.value = false;
  };
  return (
    <main class="door">
      <form class="door-card" onSubmit={(event) => void enter(event)} data-testid="sign-in">
        <h1>{t("signin.title")}</h1>
        {created.value && <p class="door-good" role="status">{t("signin.created")}</p>}
        <LineField id="login" label={t("signin.login")} autocomplete="username" value={created.value} isFirst={!created.value} />
        <LineField id="password" label={t("signin.password")} type="password" autocomplete="current-password" isFirst={Boolean(created.value)} />
        <p class="door-said" role="alert">{session.said.value}</p>
        <button type="submit" class="button button-main button-wide" disabled={isBusy.value}>
          {isBusy.value ? t("signin.busy") : t("signin.submit")}
        </button>
      </form>
      <SignInWays />
      <LanguageButton />
    </main>
  );
}
