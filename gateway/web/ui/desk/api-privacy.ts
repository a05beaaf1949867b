/** The requests about people's data as a whole, fetched with the pages that make them. */
import type { Api } from "./api";
import type { Approval, ApprovalList, AuditPage } from "./types-privacy";

export function privacyApi(api: Api) {
  const decide = (id: number, verb: "approve" | "refuse", reason: string) => api.call<Approval>("POST", `/approvals/${id}/${verb}`, { reason });
  return {
    approvals: () => api.call<ApprovalList>("GET", "/approvals"),
    ask: (act: string, about: string, reason: string) => api.call<Approval>("POST", "/approvals", { act, about, reason }),
    decide,
    export: (number: string, approval: number) => api.file("POST", person(number, "export"), { approval }),
    erase: (number: string, approval: number) => api.call<{ number: string; upto: string }>("POST", person(number, "erasure"), { approval }),
    audit: (search: Record<string, string>) => api.call<AuditPage>("GET", `/audit?${new URLSearchParams(search)}`),
  };
}

function person(number: string, what: string): string {
  return `/customers/${encodeURIComponent(number)}/${what}`;
}
