/** A one-time link: an invitation, or a new password for a forgotten one. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useDesk } from "../desk";
import { formWords, LineField } from "../parts/field";
import { LanguageButton } from "../parts/language";
import { accessOf, wayInWords } from "../state/access";
import type { LinkPurpose } from "../types-access";
import { t } from "../words";
import "./door.css";
import "./second-step.css";

export function Redeem({ purpose, token, onDone }: { purpose: LinkPurpose; token: string; onDone: () => void }) {
  const desk = useDesk();
  const { api } = accessOf(desk);
  const holder = useSignal<{ login: string; name: string } | null>(null);
  const said = useSignal("");
  const isBusy = useSignal(false);
  useEffect(() => {
    api.link(token, purpose).then(
      (found) => (holder.value = found),
      (error: unknown) => (said.value = wayInWords(error)),
    );
  }, []);
  const send = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    if (isBusy.value) return;
    isBusy.value = true;
    try {
      const { login } = await api.redeem(token, purpose, formWords(event.currentTarget)["password"] ?? "");
      desk.created.value = login;
      onDone();
    } catch (error) {
      said.value = wayInWords(error);
    }
    isBusy.value = false;
  };
  return (
    <main class="door">
      <form class="door-card" onSubmit={(event) => void send(event)} data-testid="redeem">
        <h1>{t(purpose === "invite" ? "redeem.invite" : "redeem.reset")}</h1>
        {holder.value && (
          <>
            <p class="door-intro">{t("redeem.for", holder.value)}</p>
            <input type="text" hidden autocomplete="username" value={holder.value.login} readOnly />
            <LineField id="password" label={t("password.wanted")} hint={t("setup.passwordHint")} type="password" autocomplete="new-password" isFirst />
          </>
        )}
        <p class="door-said" role="alert">{said.value}</p>
        {holder.value && (
          <button type="submit" class="button button-main button-wide" disabled={isBusy.value}>
            {t("redeem.submit")}
          </button>
        )}
        <a href="/desk">{t("setup.goSignIn")}</a>
      </form>
      <LanguageButton />
    </main>
  );
}
