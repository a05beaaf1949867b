/** Talking to the gateway about coming in, fetched with the pages that do. */
import type { Api } from "./api";
import { makePasskey, showPasskey } from "./passkeys";
import type { Account, AccountFace, AccountList, Asked, FactorMade, LinkPurpose, Shown, TokenFace, TokenList, TotpBegun, Ways } from "./types-access";
import type { Me } from "./types";

export function accessApi(api: Api) {
  const get = <T>(path: string) => api.call<T>("GET", path);
  const post = <T>(path: string, body: object = {}) => api.call<T>("POST", path, body);
  /** A passkey's answer to a fresh challenge. */
  const passkey = async (): Promise<Shown> => {
    const asked = await post<Asked>("/session/passkey/options");
    return { flow: asked.flow, credential: await showPasskey(asked.options) };
  };
  return {
    passkey,
    ways: () => get<Ways>("/session/ways"),
    second: (shown: Shown) => post<Me>("/session/second", shown).then(api.remember),
    later: () => post<Me>("/session/later").then(api.remember),
    byPasskey: (shown: Shown) => post<Me>("/session/passkey", shown).then(api.remember),
    prove: (shown: Shown) => post<{ csrf: string }>("/session/proof", shown),
    oldPassword: (present: string, wanted: string) => post<Me>("/session/password", { present, wanted }).then(api.remember),
    forgot: (login: string) => post<unknown>("/session/forgot", { login }),
    link: (token: string, purpose: LinkPurpose) => post<{ login: string; name: string }>("/links", { token, purpose }),
    redeem: (token: string, purpose: LinkPurpose, password: string) =>
      post<{ login: string; name: string }>("/links/password", { token, purpose, password }),

    account: () => get<Account>("/me/account"),
    changePassword: (present: string, wanted: string) => api.call<unknown>("PUT", "/me/password", { present, wanted }),
    beginTotp: (name: string) => post<TotpBegun>("/me/factors/totp", { name }),
    confirmTotp: (code: string) => post<FactorMade>("/me/factors/totp/confirm", { code }).then(entered(api)),
    addPasskey: async (name: string) => {
      const asked = await post<Asked>("/me/factors/passkey/options");
      const credential = await makePasskey(asked.options);
      return entered(api)(await post<FactorMade>("/me/factors/passkey", { flow: asked.flow, credential, name }));
    },
    removeFactor: (id: number) => api.call<void>("DELETE", `/me/factors/${id}`),
    newCodes: () => post<{ codes: string[] }>("/me/recovery-codes"),
    endSession: (id: string) => api.call<void>("DELETE", `/me/sessions/${id}`),
    endOthers: () => post<{ ended: number }>("/me/sessions/end-others"),

    accounts: () => get<AccountList>("/accounts"),
    addAccount: (said: object) => post<AccountFace>("/accounts", said),
    changeAccount: (number: string, said: object) => api.call<AccountFace>("PATCH", of(number), said),
    invite: (number: string) => post<void>(of(number, "/invite")),
    sendReset: (number: string) => post<void>(of(number, "/reset")),
    disable: (number: string) => post<AccountFace>(of(number, "/disable")),
    enable: (number: string) => post<AccountFace>(of(number, "/enable")),
    endAll: (number: string) => post<{ ended: number }>(of(number, "/sign-out")),
    askReset: (number: string, reason: string) => post<AccountFace>(of(number, "/factors/reset"), { reason }),
    decideReset: (id: number, approve: boolean) => post<AccountFace>(`/factor-resets/${id}`, { approve }),
    tokens: () => get<TokenList>("/tokens"),
    addToken: (said: object) => post<{ token: string; made: TokenFace }>("/tokens", said),
    endToken: (id: string) => api.call<void>("DELETE", `/tokens/${id}`),
  };
}

export type AccessApi = ReturnType<typeof accessApi>;

/** A factor that finished the sign-in brought a session with a token of its own. */
function entered(api: Api) {
  return (made: FactorMade): FactorMade => {
    if (made.me) api.remember(made.me);
    return made;
  };
}

function of(number: string, verb = ""): string {
  return `/accounts/${encodeURIComponent(number)}${verb}`;
}
