/** The whole desk without its looks: builds every piece of state and joins them to the stream of events. */
import { effect, signal, untracked } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { Api } from "./api";
import { Drafts } from "./drafts";
import { type Link, Live } from "./live";
import type { Ports } from "./ports";
import { type AccessPlace, readAccess, readBoard, readKnowledge, readMail, type Route, readRoute, writeRoute } from "./route";
import { createActions } from "./state/actions";
import { createBoard } from "./state/board";
import { createChannels } from "./state/channels";
import { createComposer } from "./state/composer";
import { createConversation } from "./state/conversation";
import { createKnowledge } from "./state/knowledge";
import { createMailroom } from "./state/mailroom";
import { createNotices } from "./state/notices";
import { createSending } from "./state/sending";
import { createSession } from "./state/session";
import { createSingleKeys } from "./state/single-keys";
import { createTickets } from "./state/tickets";
import { createTyping } from "./state/typing";
import { createWriting } from "./state/writing";
import type { Message, Note, Presence, Ticket } from "./types";
import { language, t } from "./words";

export type DialogName = "transfer" | "takeOver" | "resolve" | "reopen" | "channels" | "keys" | "spam" | "notSpam" | "forward";

export function createDesk(ports: Ports) {
  const api: Api = new Api(ports, () => language.value, () => session.expired());
  const session = createSession(api);
  const me = () => session.me.value;
  const notices = createNotices(ports);
  const tickets = createTickets(api, ports, me);
  const conversation = createConversation(api, ports, me);
  const sending = createSending(api, ports, conversation, me);
  const channels = createChannels(api);
  const knowledge = createKnowledge(api, me, notices);
  const mailroom = createMailroom(api, me, notices);
  const board = createBoard(api, me);
  /** Which page about accounts is open; null while the desk shows something else. */
  const access = signal<AccessPlace | null>(null);
  const actions = createActions(api, tickets, conversation, notices);
  const drafts = new Drafts(ports, () => me()?.agent.login ?? "");
  const composer = createComposer(drafts);
  const typing = createTyping(ports);
  const writing = createWriting(api, ports, composer, sending, actions, notices);
  const singleKeys = createSingleKeys(ports.shelf);
  /** The login that the setup page has just created. */
  const created = signal("");
  const link = signal<Link>("connecting");
  const dialog = signal<DialogName | null>(null);
  /** The message that is being passed on to somebody outside. */
  const forwarding = signal<Message | null>(null);
  const tab = signal<"reply" | "note">("reply");

  /** On screens too narrow for a fourth column, the facts come on demand. */
  const isFactsOpen = signal(false);

  /** Whether whoever sits here works with customers at all. */
  const seesTickets = () => me()?.rights.includes("tickets.see") ?? true;

  const reload = () => {
    void knowledge.load();
    void mailroom.load();
    void board.load();
    void tickets.load();
    void conversation.load();
    void channels.load();
  };
  const live = new Live(
    ports,
    {
      ticket: (data) => {
        tickets.apply(data as Ticket);
        board.heard.value++;
        conversation.applyTicket(data as Ticket);
      },
      message: (data) => {
        const { number, message } = data as { number: string | null; message: Message };
        if (number && number === conversation.number.value) conversation.applyMessage(message);
        if (number === typing.who.value && message.author === "customer") typing.stop();
      },
      note: (data) => {
        const { number, note } = data as { number: string; note: Note };
        if (number === conversation.number.value) conversation.applyNote(note);
      },
      agent: (data) => {
        const { number, state } = data as { number: string; state: Presence };
        session.heardPresence(number, state);
        board.heard.value++;
      },
      channel: () => void channels.load(),
      typing: (data) => typing.heard((data as { number: string }).number),
      house: (data) => {
        void board.load();
        const { number, to, what } = data as { number?: string; to?: string; what?: string };
        // A shift that ends names its agent, an offer whom it is made to.
        if (what === "offered" ? to === me()?.agent.number : number === me()?.agent.number) notices.say(t("board.asked"));
      },
    },
    reload,
    (state) => (link.value = state),
  );

  /** Take view and ticket from the address bar. */
  const follow = (hash: string) => {
    access.value = readAccess(hash);
    const mail = seesTickets() ? readMail(hash) : null;
    void mailroom.open(mail);
    board.place.value = seesTickets() || board.may("reports.see") ? readBoard(hash) : null;
    const place = mail || board.place.value || access.value ? null : readKnowledge(hash) ?? (seesTickets() ? null : readKnowledge("#/knowledge"));
    void knowledge.open(place);
    if (place || mail || board.place.value || access.value) {
      void conversation.open(null);
      return;
    }
    const route = readRoute(hash);
    if (route.view !== tickets.view.value) void tickets.choose({ view: route.view });
    void conversation.open(route.number);
  };
  const go = (change: Partial<Route>) => {
    const hash = writeRoute({ view: tickets.view.value, number: conversation.number.value, ...change });
    if (hash !== location.hash) location.hash = hash;
  };

  /** Connect while somebody is signed in. The result takes everything down. */
  const run = () =>
    effect(() => {
      if (session.phase.value === "in") {
        untracked(() => {
          if (!seesTickets()) {
            follow(location.hash);
            void channels.load();
            return;
          }
          sending.restore();
          reload();
          live.start();
        });
        return;
      }
      live.forget();
      drafts.flush();
      typing.stop();
      for (const state of [tickets, conversation, composer, sending, knowledge, mailroom, board]) untracked(state.forget);
    });

  return {
    ports, api, session, notices, tickets, conversation, sending, channels, knowledge, mailroom, board, access, actions, drafts, composer, writing, typing, singleKeys, live,
    link, dialog, forwarding, tab, isFactsOpen, created, follow, go, seesTickets, run,
  };
}

export type Desk = ReturnType<typeof createDesk>;

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error("useDesk is called outside the desk");
  return desk;
}
