/** The requests of those who watch over the work: what is late, alarms, emergencies, people, shifts, reports. */
import type { Api } from "./api";
import type { Presence, Ticket } from "./types";
import type {
  Alarm,
  CausesReport,
  EmergencyList,
  EmergencyPage,
  HandoversMade,
  LoggedChannel,
  People,
  PromisePage,
  Report,
  ShiftSheet,
  TriageReport,
  Worker,
} from "./types-board";

/** One page holds the most that anybody looks through; what is due later than that is not pressing. */
const MOST = 200;

export function boardApi(api: Api) {
  const get = <T>(path: string) => api.call<T>("GET", path);
  const post = <T>(path: string, body: object = {}) => api.call<T>("POST", path, body);
  const emergency = (id: number, verb: string, body: object = {}) => post<EmergencyPage>(`/emergencies/${id}/${verb}`, body);
  const handover = (id: number, verb: string, body: object = {}) => post<Ticket>(`/handovers/${id}/${verb}`, body);
  const promise = (ticket: string, id: string, verb: string, body: object = {}) =>
    post<unknown>(`/tickets/${encodeURIComponent(ticket)}/promises/${encodeURIComponent(id)}/${verb}`, body);
  return {
    promises: (search: { state: "due" | "warned" | "late"; department?: string; agent?: string }) =>
      get<PromisePage>(`/promises?${new URLSearchParams({ ...search, limit: String(MOST) })}`),
    keep: (ticket: string, id: string) => promise(ticket, id, "keep"),
    alarms: () => get<{ alarms: Alarm[] }>("/alarms").then((found) => found.alarms),
    takeNote: (id: number) => post<Alarm>(`/alarms/${id}/seen`),
    emergencies: () => get<EmergencyList>("/emergencies"),
    emergency: (id: number) => get<EmergencyPage>(`/emergencies/${id}`),
    start: (said: object) => post<EmergencyPage>("/emergencies", said),
    begin: (id: number, said: object) => emergency(id, "begin", said),
    news: (id: number, said: object) => emergency(id, "news", said),
    end: (id: number, said: object) => emergency(id, "end", said),
    dismiss: (id: number) => emergency(id, "dismiss"),
    report: (id: number) => get<Report>(`/emergencies/${id}/report`),
    keepReport: (id: number, markdown: string, done: boolean) => emergency(id, "report", { markdown, done }),
    people: () => get<People>("/people"),
    changePerson: (number: string, said: object) => api.call<Worker>("PATCH", `/people/${encodeURIComponent(number)}`, said),
    state: (state: Presence, back_at: string | null) => api.call<unknown>("PUT", "/me/state", { state, back_at }),
    sheet: () => get<ShiftSheet>("/me/handover"),
    handOver: (said: { to: string; tickets: string[]; note: string }) => post<HandoversMade>("/handovers", said),
    accept: (id: number) => handover(id, "accept"),
    decline: (id: number, reason: string) => handover(id, "decline", { reason }),
    withdraw: (id: number) => handover(id, "withdraw"),
    loggedChannels: () => get<{ channels: LoggedChannel[] }>("/logged/channels").then((found) => found.channels),
    log: (said: object) => post<Ticket>("/logged", said),
    causes: () => get<CausesReport>("/reports/causes"),
    triage: () => get<TriageReport>("/reports/triage"),
  };
}

export type BoardApi = ReturnType<typeof boardApi>;
