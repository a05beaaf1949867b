/** The first administrator, made by the one-time link that `gateway run` prints. */
import { useSignal } from "@preact/signals";
import { useDesk } from "../desk";
import { formWords, LineField } from "../parts/field";
import { LanguageButton } from "../parts/language";
import { inWords } from "../state/notices";
import { t } from "../words";
import "./door.css";

export function Setup({ token, onDone }: { token: string; onDone: () => void }) {
  const { api, created } = useDesk();
  const said = useSignal("");
  const isBusy = useSignal(false);
  const create = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    if (isBusy.value) return;
    const { login = "", name = "", number = "", password = "" } = formWords(event.currentTarget);
    isBusy.value = true;
    try {
      await api.setUp({ token, login: login.trim(), name: name.trim(), number: number.trim(), password });
      created.value = login.trim();
      onDone();
    } catch (error) {
      said.value = inWords(error);
    }
    isBusy.value = false;
  };
  return (
    <main class="door">
      <form class="door-card" onSubmit={(event) => void create(event)} data-testid="setup">
        <h1>{t("setup.title")}</h1>
        <p class="door-intro">{t(token ? "setup.intro" : "setup.noToken")}</p>
        <LineField id="name" label={t("setup.name")} hint={t("setup.nameHint")} autocomplete="name" isFirst />
        <LineField id="number" label={t("setup.number")} hint={t("setup.numberHint")} />
        <LineField id="login" label={t("setup.login")} autocomplete="username" />
        <LineField id="password" label={t("setup.password")} hint={t("setup.passwordHint")} type="password" autocomplete="new-password" />
        <p class="door-said" role="alert">{said.value}</p>
        <button type="submit" class="button button-main button-wide" disabled={!token || isBusy.value}>
          {t("setup.submit")}
        </button>
        <a href="/desk">{t("setup.goSignIn")}</a>
      </form>
      <LanguageButton />
    </main>
  );
}
