/** The window that is open, if any. */
import { useDesk } from "../desk";
import { ChannelsDialog } from "../parts/channels-dialog";
import { ForwardDialog } from "../parts/forward-dialog";
import { KeysDialog } from "../parts/keys-dialog";
import { ReasonDialog } from "../parts/reason-dialog";
import { NotSpamDialog, SpamDialog } from "../parts/spam-dialog";
import { TransferDialog } from "../parts/transfer-dialog";
import type { Ticket } from "../types";
import { t } from "../words";

export function Dialogs() {
  const { dialog, conversation } = useDesk();
  const onClose = () => (dialog.value = null);
  if (dialog.value === "channels") return <ChannelsDialog onClose={onClose} />;
  if (dialog.value === "keys") return <KeysDialog onClose={onClose} />;
  const ticket = conversation.ticket.value;
  return ticket ? <TicketDialog ticket={ticket} onClose={onClose} /> : null;
}

function TicketDialog({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const { dialog, actions, forwarding, session } = useDesk();
  switch (dialog.value) {
    case "transfer":
      return <TransferDialog ticket={ticket} onClose={onClose} />;
    case "takeOver":
      return (
        <ReasonDialog
          name="take-over"
          title={t("compose.takeOver")}
          label={t("transfer.reason")}
          hint={t("transfer.reasonHint")}
          submit={t("transfer.submit")}
          act={(reason) => actions.transfer(ticket.number, { agent: session.me.value?.agent.number ?? "", reason })}
          onClose={onClose}
        />
      );
    case "resolve":
      return (
        <ReasonDialog
          name="resolve"
          title={t("resolve.title")}
          label={t("resolve.outcome")}
          hint={t("resolve.outcomeHint")}
          submit={t("resolve.submit")}
          act={(outcome) => actions.resolve(ticket, outcome)}
          onClose={onClose}
        />
      );
    case "reopen":
      return (
        <ReasonDialog
          name="reopen"
          title={t("reopen.title")}
          label={t("reopen.reason")}
          submit={t("reopen.submit")}
          act={(reason) => actions.reopen(ticket.number, reason)}
          onClose={onClose}
        />
      );
    case "forward":
      return forwarding.value && <ForwardDialog ticket={ticket} message={forwarding.value} onClose={onClose} />;
    case "spam":
      return <SpamDialog ticket={ticket} onClose={onClose} />;
    case "notSpam":
      return <NotSpamDialog ticket={ticket} onClose={onClose} />;
    default:
      return null;
  }
}
