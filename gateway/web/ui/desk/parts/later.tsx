/** The parts of a ticket that are fetched with the first one that is opened. */
import { lazily } from "../lazily";
import type { Ticket, TicketPage } from "../types";
import { addWords } from "../words";

const fetched = () => Promise.all([import("../views/ticket"), addWords("ticket")]).then(([parts]) => parts);

export const TicketBand = lazily<{ ticket: Ticket }>(() => fetched().then((parts) => parts.TicketBand));
export const DraftGuard = lazily<{ number: string }>(() => fetched().then((parts) => parts.DraftGuard));
export const Reveal = lazily<{ number: string; place: string[] }>(() => Promise.all([import("./reveal"), addWords("ticket")]).then(([parts]) => parts.Reveal));
export const PersonPanel = lazily<{ ticket: Ticket }>(() => Promise.all([import("../views/person-panel"), addWords("privacy"), addWords("access")]).then(([parts]) => parts.PersonPanel));
export const TicketPanels = lazily<{ page: TicketPage }>(() => fetched().then((parts) => parts.TicketPanels));
