/** Everybody's accounts: who may come in, with which roles and second factors; invited, reset, shut out. */
import { useSignal } from "@preact/signals";
import { useDesk } from "../desk";
import { Fetched } from "../parts/fetched";
import { Field, formWords, LineField } from "../parts/field";
import { FormDialog } from "../parts/form-dialog";
import { accessOf } from "../state/access";
import { minute } from "../state/now";
import type { AccountFace, ResetFace } from "../types-access";
import { clockTime, t, word } from "../words";

type Asked = "edit" | "reset" | "disable";

export function AccountsPage() {
  const { accounts, loadAccounts, api, attempt } = accessOf(useDesk());
  const isAdding = useSignal(false);
  const found = accounts.value.value;
  const add = (form: HTMLFormElement) => {
    const { login = "", number = "", name = "", mail = "" } = formWords(form);
    const said = { login: login.trim(), number: number.trim(), name: name.trim(), roles: rolesOf(form), mail: mail.trim() || null };
    return attempt(() => api.addAccount(said), found?.mail ? "accounts.invited" : "accounts.added", loadAccounts);
  };
  return (
    <>
      <div class="board-head">
        <p class="knowledge-lead">{t("accounts.lead")}</p>
        <button type="button" class="button button-main" data-testid="add-account" onClick={() => (isAdding.value = true)}>
          {t("accounts.add")}
        </button>
      </div>
      <Fetched of={[accounts]} again={loadAccounts} />
      {found && !found.mail && <p class="access-due">{t("accounts.noMail")}</p>}
      {found && found.resets.length > 0 && (
        <section class="card" data-testid="resets">
          <h3>{t("resets.title")}</h3>
          <ul class="access-list">
            {found.resets.map((one) => (
              <Reset key={one.id} reset={one} />
            ))}
          </ul>
        </section>
      )}
      <ul class="board-cards" data-testid="accounts">
        {found?.accounts.map((one) => (
          <AccountCard key={one.number} account={one} canMail={found.mail} />
        ))}
      </ul>
      {isAdding.value && (
        <FormDialog name="account-add" title={t("accounts.add")} submit={t("accounts.add")} act={add} onClose={() => (isAdding.value = false)}>
          <LineField id="name" label={t("setup.name")} hint={t("setup.nameHint")} isFirst />
          <LineField id="number" label={t("setup.number")} />
          <LineField id="login" label={t("setup.login")} />
          <Mail value="" />
          <Roles held={["agent"]} />
        </FormDialog>
      )}
    </>
  );
}

function AccountCard({ account: one, canMail }: { account: AccountFace; canMail: boolean }) {
  const desk = useDesk();
  const { api, attempt, loadAccounts } = accessOf(desk);
  const asked = useSignal<Asked | null>(null);
  const isMe = desk.session.me.value?.agent.number === one.number;
  const shut = () => (asked.value = null);
  const edit = (form: HTMLFormElement) => {
    const mail = (formWords(form)["mail"] ?? "").trim();
    const said = { ...(mail === (one.mail ?? "") ? {} : { mail }), ...(isMe ? {} : { roles: rolesOf(form) }) };
    return attempt(() => api.changeAccount(one.number, said), "accounts.changed", loadAccounts);
  };
  const reset = (form: HTMLFormElement) =>
    attempt(() => api.askReset(one.number, (formWords(form)["reason"] ?? "").trim()), "resets.asked", loadAccounts);
  const link = () =>
    one.has_password ? attempt(() => api.sendReset(one.number), "accounts.linkSent") : attempt(() => api.invite(one.number), "accounts.invited");
  return (
    <li class="card" data-testid="account" data-number={one.number}>
      <div class="board-head">
        <h3 class="board-title">
          <span>{t("list.owner", { name: one.name, number: one.number })}</span>
          {one.roles.map((role) => (
            <span key={role} class="badge">
              {word("people.role", role)}
            </span>
          ))}
          {one.disabled_at && <span class="badge badge-off">{t("accounts.disabled")}</span>}
          {one.reset_asked && <span class="badge badge-warn">{t("resets.waiting")}</span>}
        </h3>
        <span class="access-about">{one.login}</span>
      </div>
      <p class="board-facts">
        <span>{one.factors.length ? one.factors.map((kind) => word("factors.kind", kind)).join(t("reason.list")) : t("accounts.noFactor")}</span>
        <span>{one.has_password ? t("password.age", { n: one.password_age_days ?? 0 }) : t("password.none")}</span>
        {one.sign_on && <span>{t("accounts.signOn")}</span>}
        <span>{one.seen_at ? t("accounts.seen", { n: one.sessions, time: clockTime(one.seen_at, minute.value) }) : t("accounts.notIn")}</span>
      </p>
      <div class="board-do">
        <button type="button" class="button" data-testid="edit-account" onClick={() => (asked.value = "edit")}>
          {t("accounts.edit")}
          <span class="unseen"> {one.name}</span>
        </button>
        {!one.disabled_at && canMail && (
          <button type="button" class="button" onClick={() => void link()}>
            {t(one.has_password ? "accounts.sendReset" : "accounts.invite")}
            <span class="unseen"> {one.name}</span>
          </button>
        )}
        {!isMe && one.factors.length > 0 && !one.reset_asked && (
          <button type="button" class="button" data-testid="ask-reset" onClick={() => (asked.value = "reset")}>
            {t("resets.ask")}
            <span class="unseen"> {one.name}</span>
          </button>
        )}
        {!isMe && one.sessions > 0 && (
          <button type="button" class="button" onClick={() => void attempt(() => api.endAll(one.number), "sessions.ended", loadAccounts)}>
            {t("accounts.endAll")}
            <span class="unseen"> {one.name}</span>
          </button>
        )}
        {!isMe &&
          (one.disabled_at ? (
            <button type="button" class="button" onClick={() => void attempt(() => api.enable(one.number), "accounts.changed", loadAccounts)}>
              {t("accounts.enable")}
              <span class="unseen"> {one.name}</span>
            </button>
          ) : (
            <button type="button" class="button" data-testid="disable-account" onClick={() => (asked.value = "disable")}>
              {t("accounts.disable")}
              <span class="unseen"> {one.name}</span>
            </button>
          ))}
      </div>
      {asked.value === "edit" && (
        <FormDialog name="account-edit" title={t("accounts.editTitle", { name: one.name })} submit={t("people.save")} act={edit} onClose={shut}>
          <Mail value={one.mail ?? ""} />
          {isMe ? <p class="field-hint">{t("accounts.ownRoles")}</p> : <Roles held={one.roles} />}
        </FormDialog>
      )}
      {asked.value === "reset" && (
        <FormDialog name="account-reset" title={t("resets.askTitle", { name: one.name })} submit={t("resets.ask")} act={reset} onClose={shut}>
          <p class="field-hint">{t("resets.lead")}</p>
          <LineField id="reason" label={t("resets.reason")} isFirst />
        </FormDialog>
      )}
      {asked.value === "disable" && (
        <FormDialog name="account-disable" title={t("accounts.disableTitle", { name: one.name })} submit={t("accounts.disable")} act={() => attempt(() => api.disable(one.number), "accounts.changed", loadAccounts)} onClose={shut}>
          <p>{t("accounts.disableLead")}</p>
        </FormDialog>
      )}
    </li>
  );
}

function Reset({ reset: one }: { reset: ResetFace }) {
  const { api, attempt, loadAccounts } = accessOf(useDesk());
  const decide = (approve: boolean) => void attempt(() => api.decideReset(one.id, approve), approve ? "resets.approved" : "resets.refused", loadAccounts);
  return (
    <li class="access-item" data-testid="reset">
      <div>
        <div class="access-name">{t("list.owner", { name: one.name, number: one.number })}</div>
        <div class="access-about">
          {t("resets.by", { number: one.asked_by, time: clockTime(one.asked_at, minute.value) })} · {one.reason}
        </div>
      </div>
      {one.is_mine ? (
        <span class="access-about">{t("resets.another")}</span>
      ) : (
        <div class="board-do">
          <button type="button" class="button" onClick={() => decide(false)}>
            {t("resets.refuse")}
          </button>
          <button type="button" class="button button-main" onClick={() => decide(true)}>
            {t("resets.approve")}
          </button>
        </div>
      )}
    </li>
  );
}

function Mail({ value }: { value: string }) {
  return (
    <Field id="mail" label={t("accounts.mail")} hint={t("accounts.mailHint")}>
      <input id="mail" name="mail" type="email" autocomplete="off" aria-describedby="mail-hint" defaultValue={value} />
    </Field>
  );
}

function Roles({ held }: { held: string[] }) {
  const roles = accessOf(useDesk()).accounts.value.value?.roles ?? [];
  return (
    <fieldset class="ticks">
      <legend>{t("accounts.roles")}</legend>
      {roles.map((role) => (
        <label key={role}>
          <input type="checkbox" name="roles" value={role} defaultChecked={held.includes(role)} />
          {word("people.role", role)}
        </label>
      ))}
    </fieldset>
  );
}

function rolesOf(form: HTMLFormElement): string[] {
  return new FormData(form).getAll("roles").map(String);
}
