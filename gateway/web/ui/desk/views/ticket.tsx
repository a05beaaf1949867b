/** Everything of the open ticket that is fetched with the first one: one file of its own after the build. */
import type { Ticket } from "../types";
import { SameMatter } from "./same-matter";
import { PromiseStrip } from "./promise-strip";
import { TicketWindows } from "./ticket-windows";

export { DraftGuard } from "../parts/draft-guard";
export { TicketPanels } from "./ticket-panels";

/** Between the ticket's head and its conversation; its windows hang here too. */
export function TicketBand({ ticket }: { ticket: Ticket }) {
  return (
    <>
      <SameMatter ticket={ticket} />
      <PromiseStrip ticket={ticket} />
      <TicketWindows ticket={ticket} />
    </>
  );
}
