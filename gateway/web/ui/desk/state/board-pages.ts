/** What the pages of the board show: fetched when one is opened, and again soon after anything they show has changed. */
import { computed, effect, untracked } from "@preact/signals";
import { boardApi } from "../api-board";
import { merged } from "../board-sums";
import type { Desk } from "../desk";
import type { BoardPlace } from "../route";
import type { Alarm, CausesReport, EmergencyList, EmergencyPage, LoggedChannel, OwedInList, People, PromisePage, Report, ShiftSheet, TriageReport } from "../types-board";
import { type Key, t } from "../words";
import { asked } from "./asked";
import { privacyOf } from "./privacy";

type Page = BoardPlace["page"];

/** The right that each page takes. The first page that somebody may see is where they come to. */
const RIGHTS: Record<Page, string> = {
  late: "people.change",
  promises: "promise.keep",
  alarms: "alarms.see",
  emergencies: "alarms.see",
  shift: "ticket.hand_over",
  people: "people.see",
  log: "ticket.log",
  reports: "reports.see",
  approvals: "approvals.see",
  audit: "audit.see",
};

/** A burst of events is one question to the gateway. */
const BURST_MS = 1000;

function createPages(desk: Desk) {
  const api = boardApi(desk.api);
  const { may } = desk.board;
  const due = asked<PromisePage>();
  const late = asked<PromisePage>();
  const mine = asked<OwedInList[]>();
  const alarms = asked<Alarm[]>();
  const emergencies = asked<EmergencyList>();
  const emergency = asked<EmergencyPage>();
  const report = asked<Report>();
  const people = asked<People>();
  const sheet = asked<ShiftSheet>();
  const channels = asked<LoggedChannel[]>();
  const causes = asked<CausesReport>();
  const triage = asked<TriageReport>();
  const all = [due, late, mine, alarms, emergencies, emergency, report, people, sheet, channels, causes, triage];
  const pages = computed(() => (Object.keys(RIGHTS) as Page[]).filter((page) => may(RIGHTS[page])));
  const myNumber = () => desk.session.me.value?.agent.number ?? "";
  let waits = false;

  /** The page that is asked for, if it is not forbidden. */
  const pageOf = (place: BoardPlace): Page | undefined => (pages.value.includes(place.page) ? place.page : pages.value[0]);

  const fetchOwn = async () => {
    const [overdue, soon] = await Promise.all([api.promises({ state: "late", agent: myNumber() }), api.promises({ state: "due", agent: myNumber() })]);
    return merged([overdue.promises, soon.promises]);
  };

  const FETCH: Record<Page, (item: string | null) => Promise<unknown>> = {
    late: () =>
      Promise.all([due.ask(() => api.promises({ state: "due" })), late.ask(() => api.promises({ state: "late" })), people.ask(api.people)]),
    promises: () => mine.ask(fetchOwn),
    alarms: () => alarms.ask(api.alarms),
    emergencies: (item) => {
      const id = Number(item);
      if (emergency.value.value?.emergency.id !== id) emergency.forget();
      return Promise.all([emergencies.ask(api.emergencies), item && emergency.ask(() => api.emergency(id))]);
    },
    people: () => people.ask(api.people),
    shift: () => Promise.all([sheet.ask(api.sheet), may("people.see") && people.ask(api.people)]),
    log: () => (channels.value.value ? Promise.resolve() : channels.ask(api.loggedChannels)),
    reports: () => Promise.all([causes.ask(api.causes), may("metrics.see") && triage.ask(api.triage)]),
    approvals: () => privacyOf(desk).load(),
    audit: () => (privacyOf(desk).audit.value.value ? Promise.resolve() : privacyOf(desk).loadAudit()),
  };

  /** Fetch what the open page shows. */
  const load = async () => {
    const place = desk.board.place.peek();
    const page = place && pageOf(place);
    if (place && page) await FETCH[page](place.item);
  };
  const loadSoon = () => {
    if (waits) return;
    waits = true;
    desk.ports.later(() => {
      waits = false;
      void load();
    }, BURST_MS);
  };

  effect(() => {
    const isOpen = desk.board.place.value !== null && desk.session.phase.value === "in";
    untracked(() => (isOpen ? void load() : undefined));
  });
  let heard = desk.board.heard.peek();
  effect(() => {
    const latest = desk.board.heard.value;
    if (latest !== heard) untracked(loadSoon);
    heard = latest;
  });
  effect(() => {
    if (desk.session.phase.value === "out") untracked(() => all.forEach((one) => one.forget()));
  });

  /** The answer if it was done, and null if it was refused; what it changed is fetched again. */
  const attempt = async <T>(request: Promise<T>, done: Key | ((answer: T) => string)): Promise<T | null> => {
    try {
      const answer = await request;
      desk.notices.done(typeof done === "string" ? t(done) : done(answer));
      return answer;
    } catch (error) {
      desk.notices.wrong(error);
      return null;
    } finally {
      void load();
    }
  };
  const act = async <T>(request: Promise<T>, done: Key | ((answer: T) => string)): Promise<boolean> =>
    (await attempt(request.then((answer) => [answer] as const), typeof done === "string" ? done : ([answer]) => done(answer))) !== null;

  return { api, pages, pageOf, due, late, mine, alarms, emergencies, emergency, report, people, sheet, channels, causes, triage, may, load, attempt, act };
}

export type BoardPages = ReturnType<typeof createPages>;

const made = new WeakMap<Desk, BoardPages>();

/** The one state of a desk's board; made when its first page asks for it. */
export function boardPages(desk: Desk): BoardPages {
  const known = made.get(desk) ?? createPages(desk);
  made.set(desk, known);
  return known;
}
