/** What the API sends about people's data as a whole: requests that two decide on, and the audit. Times are RFC 3339 UTC. */

export interface Approval {
  id: number;
  act: string;
  /** `contact:C…` or `ticket:T…`. */
  about: string;
  reason: string;
  state: "asked" | "approved" | "refused" | "used" | "over";
  asked_by: string;
  asked_at: string;
  expires_at: string;
  decided_by: string | null;
  decided_at: string | null;
  used_at: string | null;
  /** What whoever decided said to it. */
  answer: string | null;
  /** For whoever asked the gateway. */
  may_decide: boolean;
}

export interface ApprovalList {
  approvals: Approval[];
  may_ask: string[];
}

export interface AuditedAct {
  seq: number;
  at: string;
  actor: string;
  act: string;
  about: string | null;
  outcome: string;
  details: Record<string, unknown>;
  reason: string | null;
  reason_erased: boolean;
}

export interface AuditPage {
  acts: AuditedAct[];
  /** What the page after this one is asked for with. */
  next: number | null;
}

/** How sure we are of a ticket's customer; what was typed is nowhere. */
export interface Verification {
  level: string;
  method: string | null;
  granted_at: string | null;
  /** When it is lost if the customer keeps silent. */
  expires_at: string | null;
  awaited: { level: string; step: string; action: string | null; at: string } | null;
  /** The newest first. */
  attempts: { kind: string; level: string; state: string; outcome: string | null; at: string }[];
}
