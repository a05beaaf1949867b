/** What the pages about coming in share: one's account, the proof that some acts ask for, and who may come in. */
import { signal } from "@preact/signals";
import { accessApi } from "../api-access";
import { Problem } from "../api";
import type { Desk } from "../desk";
import { NoPasskey } from "../passkeys";
import type { Account, AccountList, TokenList } from "../types-access";
import type { Me } from "../types";
import { type Key, t } from "../words";
import { asked } from "./asked";
import { inWords } from "./notices";

function createAccess(desk: Desk) {
  const api = accessApi(desk.api);
  const account = asked<Account>();
  const accounts = asked<AccountList>();
  const tokens = asked<TokenList>();
  /** While an act waits for a proof: what to do when it was given (true) or declined. */
  const proving = signal<((given: boolean) => void) | null>(null);
  /** Shown this once. */
  const codes = signal<string[]>([]);

  const load = () => account.ask(api.account);
  const loadAccounts = () => accounts.ask(api.accounts);
  const loadTokens = () => tokens.ask(api.tokens);

  const proof = () =>
    new Promise<boolean>((given) => {
      proving.value = (said) => {
        proving.value = null;
        given(said);
      };
    });

  /** Do it; where the gateway wants a fresh proof, ask for one and do it again. Undefined if it was declined. */
  const fresh = async <T>(act: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== "proof_wanted") throw error;
      return (await proof()) ? await act() : undefined;
    }
  };

  /** The same with what went wrong told to the agent; true if it was done. */
  const attempt = async <T>(act: () => Promise<T>, done: Key | null, then: (found: T) => unknown = () => undefined): Promise<boolean> => {
    try {
      const found = await fresh(async () => ({ found: await act() }));
      if (!found) return false;
      if (done) desk.notices.done(t(done));
      await then(found.found);
      return true;
    } catch (error) {
      if (error instanceof NoPasskey) desk.notices.say(t("passkey.none"));
      else desk.notices.wrong(error);
      return false;
    }
  };

  return {
    api,
    account,
    accounts,
    tokens,
    proving,
    codes,
    load,
    loadAccounts,
    loadTokens,
    attempt,
    may: (right: string) => desk.session.me.value?.rights.includes(right) ?? false,
    enter: (me: Me) => desk.session.enter(me),
  };
}

export type Access = ReturnType<typeof createAccess>;

const made = new WeakMap<Desk, Access>();

/** One for each desk, made when it is first asked for. */
export function accessOf(desk: Desk): Access {
  const known = made.get(desk) ?? createAccess(desk);
  made.set(desk, known);
  return known;
}

/** What went wrong on the way in, for the form it happened in. */
export function wayInWords(error: unknown): string {
  return error instanceof NoPasskey ? t("passkey.none") : inWords(error);
}
