/** My account: password and its age, second factors, recovery codes, and the browsers I am signed in with. */
import { useSignal } from "@preact/signals";
import { useDesk } from "../desk";
import { Dialog } from "../parts/dialog";
import { Fetched } from "../parts/fetched";
import { formWords, LineField } from "../parts/field";
import { FormDialog } from "../parts/form-dialog";
import { RecoveryCodes } from "../parts/recovery-codes";
import { TotpSetup } from "../parts/totp-setup";
import { canHavePasskeys } from "../passkeys";
import { accessOf } from "../state/access";
import { minute } from "../state/now";
import type { Account, FactorFace, SessionFace, TotpBegun } from "../types-access";
import { clockTime, t, word } from "../words";

export function AccountPage() {
  const { account, load } = accessOf(useDesk());
  const mine = account.value.value;
  return (
    <>
      <Fetched of={[account]} again={load} />
      {mine && (
        <>
          <p class="knowledge-lead">{t("account.lead", { name: mine.name, number: mine.number, login: mine.login, roles: mine.roles.map((role) => word("people.role", role)).join(t("reason.list")) })}</p>
          <Password mine={mine} />
          <Factors mine={mine} />
          <Sessions mine={mine} />
        </>
      )}
    </>
  );
}

function Password({ mine }: { mine: Account }) {
  const { api, attempt, load } = accessOf(useDesk());
  const isChanging = useSignal(false);
  const { is_set: isSet, age_days: days, is_due: isDue, max_age_days: most } = mine.password;
  const change = (form: HTMLFormElement) => {
    const { present = "", wanted = "" } = formWords(form);
    return attempt(() => api.changePassword(present, wanted), "password.changed", load);
  };
  return (
    <section class="card" data-testid="my-password">
      <div class="board-head">
        <h3>{t("password.title")}</h3>
        {isSet && (
          <button type="button" class="button" data-testid="change-password" onClick={() => (isChanging.value = true)}>
            {t("password.change")}
          </button>
        )}
      </div>
      <p>{isSet ? t("password.age", { n: days ?? 0 }) : t("password.none")}</p>
      {isSet && isDue && <p class="access-due">{t("password.due")}</p>}
      {isSet && most !== null && <p class="access-about">{t("password.most", { n: most })}</p>}
      {mine.sign_on && <p class="access-about">{t("password.signOn")}</p>}
      {isChanging.value && (
        <FormDialog name="password" title={t("password.change")} submit={t("password.change")} act={change} onClose={() => (isChanging.value = false)}>
          <LineField id="present" label={t("password.present")} type="password" autocomplete="current-password" isFirst />
          <LineField id="wanted" label={t("password.wanted")} hint={t("setup.passwordHint")} type="password" autocomplete="new-password" />
        </FormDialog>
      )}
    </section>
  );
}

function Factors({ mine }: { mine: Account }) {
  const { api, attempt, load, codes } = accessOf(useDesk());
  const begun = useSignal<TotpBegun | null>(null);
  const keep = (found: { codes: string[] }) => {
    begun.value = null;
    codes.value = found.codes;
    return load();
  };
  const name = (kind: string) => `${kind} ${mine.factors.length + 1}`;
  return (
    <section class="card" data-testid="my-factors">
      <h3>{t("factors.title")}</h3>
      {mine.factors.length === 0 && <p>{t(mine.factor_required ? "factors.noneRequired" : "factors.none")}</p>}
      <ul class="access-list">
        {mine.factors.map((one) => (
          <Factor key={one.id} factor={one} />
        ))}
      </ul>
      <div class="board-do">
        {canHavePasskeys() && (
          <button type="button" class="button" data-testid="add-passkey" onClick={() => void attempt(() => api.addPasskey(name(t("factors.kind.passkey"))), "factors.added", keep)}>
            {t("factors.addPasskey")}
          </button>
        )}
        <button type="button" class="button" data-testid="add-totp" onClick={() => void attempt(() => api.beginTotp(name(t("factors.kind.totp"))), null, (found) => (begun.value = found))}>
          {t("factors.addTotp")}
        </button>
      </div>
      {mine.factors.length > 0 && (
        <div class="board-head">
          <p>{t("codes.left", { n: mine.recovery_codes })}</p>
          <button type="button" class="button" data-testid="new-codes" onClick={() => void attempt(api.newCodes, null, keep)}>
            {t("codes.new")}
          </button>
        </div>
      )}
      {begun.value && (
        <Dialog name="totp" title={t("totp.title")} onClose={() => (begun.value = null)}>
          <div class="dialog-body">
            <TotpSetup begun={begun.value} said="" onBack={() => (begun.value = null)} onCode={(code) => attempt(() => api.confirmTotp(code), "factors.added", keep)} />
          </div>
        </Dialog>
      )}
      {codes.value.length > 0 && (
        <Dialog name="codes" title={t("codes.title")} onClose={() => (codes.value = [])}>
          <div class="dialog-body">
            <RecoveryCodes codes={codes.value} onKept={() => (codes.value = [])} />
          </div>
        </Dialog>
      )}
    </section>
  );
}

function Factor({ factor: one }: { factor: FactorFace }) {
  const { api, attempt, load } = accessOf(useDesk());
  const used = one.used_at ? t("factors.used", { time: clockTime(one.used_at, minute.value) }) : t("factors.unused");
  return (
    <li class="access-item" data-testid="factor">
      <div>
        <div class="access-name">
          {one.name} <span class="badge">{word("factors.kind", one.kind)}</span>
        </div>
        <div class="access-about">
          {t("factors.since", { time: clockTime(one.created_at, minute.value) })} · {used}
        </div>
      </div>
      <button type="button" class="button" onClick={() => void attempt(() => api.removeFactor(one.id), "factors.removed", load)}>
        {t("factors.remove")}
        <span class="unseen"> {one.name}</span>
      </button>
    </li>
  );
}

function Sessions({ mine }: { mine: Account }) {
  const { api, attempt, load } = accessOf(useDesk());
  return (
    <section class="card" data-testid="my-sessions">
      <div class="board-head">
        <h3>{t("sessions.title")}</h3>
        {mine.sessions.length > 1 && (
          <button type="button" class="button" data-testid="end-others" onClick={() => void attempt(api.endOthers, "sessions.ended", load)}>
            {t("sessions.endOthers")}
          </button>
        )}
      </div>
      <ul class="access-list">
        {mine.sessions.map((one) => (
          <Session key={one.id} session={one} />
        ))}
      </ul>
    </section>
  );
}

function Session({ session: one }: { session: SessionFace }) {
  const { api, attempt, load } = accessOf(useDesk());
  return (
    <li class="access-item" data-testid="session">
      <div>
        <div class="access-name">
          {one.browser || t("sessions.unknown")}
          {one.is_this && <span class="badge badge-ok">{t("sessions.this")}</span>}
        </div>
        <div class="access-about">
          {one.address} · {t("sessions.seen", { time: clockTime(one.seen_at, minute.value) })}
          {one.factor && ` · ${word("sessions.factor", one.factor)}`}
        </div>
      </div>
      {!one.is_this && (
        <button type="button" class="button" onClick={() => void attempt(() => api.endSession(one.id), "sessions.ended", load)}>
          {t("account.signOut")}
          <span class="unseen"> {one.browser}</span>
        </button>
      )}
    </li>
  );
}
