/** Programs' tokens: what each may do, until when, when it was last used. */
import { useSignal } from "@preact/signals";
import { useDesk } from "../desk";
import { Dialog } from "../parts/dialog";
import { Fetched } from "../parts/fetched";
import { Field, formWords, LineField } from "../parts/field";
import { FormDialog } from "../parts/form-dialog";
import { accessOf } from "../state/access";
import { minute } from "../state/now";
import type { TokenFace } from "../types-access";
import { clockTime, t, word } from "../words";

export function TokensPage() {
  const { tokens, loadTokens, api, attempt } = accessOf(useDesk());
  const isAdding = useSignal(false);
  const role = useSignal("auditor");
  const fresh = useSignal("");
  const found = tokens.value.value;
  const add = (form: HTMLFormElement) => {
    const { name = "", days = "90" } = formWords(form);
    const actions = new FormData(form).getAll("actions").map(String);
    const said = { name, role: role.value, days: Number(days), actions: actions.length ? actions : null };
    return attempt(
      () => api.addToken(said),
      null,
      (made) => {
        fresh.value = made.token;
        return loadTokens();
      },
    );
  };
  return (
    <>
      <div class="board-head">
        <p class="knowledge-lead">{t("tokens.lead")}</p>
        <button type="button" class="button button-main" data-testid="add-token" onClick={() => (isAdding.value = true)}>
          {t("tokens.add")}
        </button>
      </div>
      <Fetched of={[tokens]} again={loadTokens} />
      {found?.tokens.length === 0 && <p class="knowledge-says">{t("tokens.none")}</p>}
      {found && found.tokens.length > 0 && (
        <section class="card">
          <ul class="access-list" data-testid="tokens">
            {found.tokens.map((one) => (
              <Token key={one.id} token={one} />
            ))}
          </ul>
        </section>
      )}
      {isAdding.value && found && (
        <FormDialog name="token-add" title={t("tokens.add")} submit={t("tokens.add")} act={add} onClose={() => (isAdding.value = false)}>
          <LineField id="name" label={t("tokens.name")} hint={t("tokens.nameHint")} isFirst />
          <Field id="role" label={t("tokens.role")}>
            <select id="role" name="role" value={role.value} onChange={(event) => (role.value = event.currentTarget.value)}>
              {Object.keys(found.actions).map((one) => (
                <option key={one} value={one}>
                  {word("people.role", one)}
                </option>
              ))}
            </select>
          </Field>
          <Field id="days" label={t("tokens.days")} hint={t("tokens.daysHint")}>
            <input id="days" name="days" type="number" min={0} max={3650} required aria-describedby="days-hint" defaultValue="90" />
          </Field>
          <fieldset class="ticks">
            <legend>{t("tokens.actions")}</legend>
            {found.actions[role.value]?.map((one) => (
              <label key={one}>
                <input type="checkbox" name="actions" value={one} />
                <code>{one}</code>
              </label>
            ))}
            <span class="field-hint">{t("tokens.actionsHint")}</span>
          </fieldset>
        </FormDialog>
      )}
      {fresh.value && (
        <Dialog name="token" title={t("tokens.made")} onClose={() => (fresh.value = "")}>
          <div class="dialog-body">
            <p>{t("tokens.once")}</p>
            <code class="access-token" data-testid="token-text">{fresh.value}</code>
          </div>
        </Dialog>
      )}
    </>
  );
}

function Token({ token: one }: { token: TokenFace }) {
  const { api, attempt, loadTokens } = accessOf(useDesk());
  const isOver = one.revoked_at !== null || (one.expires_at !== null && Date.parse(one.expires_at) <= minute.value);
  const until = one.expires_at ? t("tokens.until", { time: clockTime(one.expires_at, minute.value) }) : t("tokens.forEver");
  return (
    <li class="access-item" data-testid="token">
      <div>
        <div class="access-name">
          {one.name} <span class="badge">{word("people.role", one.role)}</span>
          {isOver && <span class="badge badge-off">{t(one.revoked_at ? "tokens.revoked" : "tokens.over")}</span>}
        </div>
        <div class="access-about">
          {until} · {one.used_at ? t("factors.used", { time: clockTime(one.used_at, minute.value) }) : t("factors.unused")}
          {one.actions && ` · ${one.actions.join(t("reason.list"))}`}
        </div>
      </div>
      {!isOver && (
        <button type="button" class="button" onClick={() => void attempt(() => api.endToken(one.id), "tokens.ended", loadTokens)}>
          {t("tokens.revoke")}
          <span class="unseen"> {one.name}</span>
        </button>
      )}
    </li>
  );
}
