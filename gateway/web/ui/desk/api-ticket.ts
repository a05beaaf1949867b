/** The requests of what is fetched with the first ticket: promises, classification, tasks, records. */
import { type Api, at } from "./api";
import type { Preference, Ticket } from "./types";
import type { Verification } from "./types-privacy";
import type { CheckedDraft, Classification, Complaint, Task, TicketPromises, Why } from "./types-ticket";

export function ticketApi(api: Api) {
  const post = <T>(path: string, body: object = {}) => api.call<T>("POST", path, body);
  const task = (id: string, act: string, body: object = {}) => post<Task>(`/tasks/${encodeURIComponent(id)}/${act}`, body);
  return {
    promises: (number: string) => api.call<TicketPromises>("GET", at(number, "promises")),
    keep: (number: string, id: string) => post<TicketPromises>(at(number, "promises", id, "keep")),
    renegotiate: (number: string, id: string, to: { due_at: string; reason: string }) =>
      post<TicketPromises>(at(number, "promises", id, "renegotiate"), to),
    explain: (number: string, said: { cause: string; plan: string }) => post<TicketPromises>(at(number, "explanation"), said),
    urgency: (number: string, said: { urgency: string; reason: string }) => post<Ticket>(at(number, "urgency"), said),
    escalate: (number: string, reason: string) => post<unknown>(at(number, "escalate"), { reason }),
    check: (number: string, text: string) => post<CheckedDraft>("/drafts/check", { ticket: number, text }),
    classification: (number: string) => api.call<Classification>("GET", at(number, "classification")),
    classify: (number: string, said: object) => post<Classification>(at(number, "classification"), said),
    verification: (number: string) => api.call<Verification>("GET", at(number, "verification")),
    askProof: (number: string, level: string) => post<Verification>(at(number, "verification", "ask"), { level }),
    endProof: (number: string) => post<Verification>(at(number, "verification", "end")),
    tasks: (number: string) => api.call<{ tasks: Task[] }>("GET", at(number, "tasks")).then((found) => found.tasks),
    ask: (number: string, asked: { department: string; text: string }) => post<Task>(at(number, "tasks"), asked),
    accept: (id: string) => task(id, "accept"),
    done: (id: string, answer: string) => task(id, "done", { answer }),
    decline: (id: string, reason: string) => task(id, "decline", { reason }),
    withdraw: (id: string, reason: string) => task(id, "withdraw", { reason }),
    complaint: (number: string) => api.call<Complaint>("GET", at(number, "complaint")),
    record: (number: string, said: object) => api.call<Complaint>("PATCH", at(number, "complaint"), said),
    tags: (number: string, said: { on: "ticket" | "contact"; add?: string[]; remove?: string[] }) => post<unknown>(at(number, "tags"), said),
    customer: (number: string, said: { preferences: Preference[]; preferred_channel: string | null }) =>
      api.call<unknown>("PATCH", `/contacts/${encodeURIComponent(number)}`, said),
    merge: (number: string, said: { into: string; reason: string }) => post<Ticket>(at(number, "merge"), said),
    unmerge: (number: string, reason: string) => post<Ticket>(at(number, "unmerge"), { reason }),
    notSame: (number: string, other: string) => post<void>(at(number, "suggestions", other, "dismiss")),
    why: (number: string) => api.call<Why>("GET", at(number, "why")),
  };
}

export type TicketApi = ReturnType<typeof ticketApi>;
