/** Everything of the open ticket that is fetched with the first one: one file of its own after the build. */
import { useDesk } from "../desk";
export { DraftGuard } from "../parts/draft-guard";
import { ExplainDialog, RenegotiateDialog } from "../parts/promise-dialogs";
import { ticketState } from "../state/ticket";
import type { Ticket } from "../types";
import { PromiseStrip } from "./promise-strip";

/** Between the ticket's head and its conversation; its windows hang here too. */
export function TicketBand({ ticket }: { ticket: Ticket }) {
  return (
    <>
      <PromiseStrip ticket={ticket} />
      <Windows ticket={ticket} />
    </>
  );
}

function Windows({ ticket }: { ticket: Ticket }) {
  const { open, promises } = ticketState(useDesk());
  const onClose = () => (open.value = null);
  const { number } = ticket;
  switch (open.value?.name) {
    case "explain":
      return <ExplainDialog number={number} onClose={onClose} />;
    case "renegotiate": {
      const promise = promises.value.value?.promises.find((one) => one.id === open.value?.id);
      return promise ? <RenegotiateDialog number={number} promise={promise} onClose={onClose} /> : null;
    }
    default:
      return null;
  }
}
