/** What the API sends about coming in: see docs/reference/http-api.md. */
import type { Me } from "./types";

export interface Ways {
  password: boolean;
  passkey: boolean;
  sign_on: string | null;
  second_factor: "required" | "optional";
  mail: boolean;
}

export interface TotpBegun {
  id: number;
  secret: string;
  address: string;
  width: number;
  path: string;
}

export interface FactorMade {
  codes: string[];
  me: Me | null;
}

export interface FactorFace {
  id: number;
  kind: "totp" | "passkey";
  name: string;
  created_at: string;
  used_at: string | null;
  is_synced: boolean | null;
}

export interface SessionFace {
  id: string;
  browser: string;
  address: string;
  factor: string | null;
  created_at: string;
  seen_at: string;
  expires_at: string;
  is_this: boolean;
}

export interface Account {
  login: string;
  name: string;
  number: string;
  roles: string[];
  mail: string | null;
  password: { is_set: boolean; age_days: number | null; is_due: boolean; max_age_days: number | null };
  factors: FactorFace[];
  factor_required: boolean;
  recovery_codes: number;
  sessions: SessionFace[];
  sign_on: boolean;
  fresh_until: string | null;
}

export interface AccountFace {
  number: string;
  login: string;
  name: string;
  roles: string[];
  mail: string | null;
  disabled_at: string | null;
  factors: string[];
  has_password: boolean;
  password_age_days: number | null;
  sign_on: boolean;
  sessions: number;
  seen_at: string | null;
  reset_asked: boolean;
}

export interface ResetFace {
  id: number;
  number: string;
  name: string;
  reason: string;
  asked_by: string;
  asked_at: string;
  expires_at: string;
  is_mine: boolean;
}

export interface AccountList {
  accounts: AccountFace[];
  resets: ResetFace[];
  roles: string[];
  mail: boolean;
}

export interface TokenFace {
  id: string;
  name: string;
  role: string;
  actions: string[] | null;
  made_by: string | null;
  created_at: string;
  expires_at: string | null;
  used_at: string | null;
  revoked_at: string | null;
}

export interface TokenList {
  tokens: TokenFace[];
  actions: Record<string, string[]>;
}

/** Who a one-time link is for, and what it is for. */
export type LinkPurpose = "invite" | "reset";

export interface Asked {
  flow: string;
  options: Record<string, unknown>;
}

/** What shows who somebody is. */
export interface Shown {
  code?: string;
  password?: string;
  flow?: string;
  credential?: object;
}
