/** The window of the open ticket's panels that is open, if any. */
import { useDesk } from "../desk";
import { AskDialog } from "../parts/ask-dialog";
import { ClassifyDialog, UrgencyDialog } from "../parts/classify-dialog";
import { MergeDialog } from "../parts/merge-dialog";
import { ExplainDialog, RenegotiateDialog } from "../parts/promise-dialogs";
import { ReasonDialog } from "../parts/reason-dialog";
import { RecordDialog } from "../parts/record-dialog";
import { WhyDialog } from "../parts/why-dialog";
import { ticketState } from "../state/ticket";
import type { Ticket } from "../types";
import { type Key, t } from "../words";

export function TicketWindows({ ticket }: { ticket: Ticket }) {
  const { open, promises, classification, complaint, api, act } = ticketState(useDesk());
  const onClose = () => (open.value = null);
  const { number } = ticket;
  const id = open.value?.id ?? "";
  switch (open.value?.name) {
    case "explain":
      return <ExplainDialog number={number} onClose={onClose} />;
    case "renegotiate": {
      const promise = promises.value.value?.promises.find((one) => one.id === id);
      return promise ? <RenegotiateDialog number={number} promise={promise} onClose={onClose} /> : null;
    }
    case "classify":
      return classification.value.value && <ClassifyDialog number={number} found={classification.value.value} onClose={onClose} />;
    case "urgency":
      return <UrgencyDialog ticket={ticket} onClose={onClose} />;
    case "ask":
      return <AskDialog number={number} onClose={onClose} />;
    case "done":
      return <Words name="done" act={(words) => act(api.done(id, words), "tasks.finished")} onClose={onClose} />;
    case "decline":
      return <Words name="decline" act={(words) => act(api.decline(id, words), "tasks.declined")} onClose={onClose} />;
    case "withdraw":
      return <Words name="withdraw" act={(words) => act(api.withdraw(id, words), "tasks.withdrawn")} onClose={onClose} />;
    case "escalate":
      return <Words name="escalate" act={(words) => act(api.escalate(number, words), "escalate.done")} onClose={onClose} />;
    case "complaint":
      return complaint.value.value && <RecordDialog number={number} record={complaint.value.value} onClose={onClose} />;
    case "merge":
      return <MergeDialog number={number} into={id} onClose={onClose} />;
    case "unmerge":
      return <Words name="unmerge" act={(words) => act(api.unmerge(number, words), "merge.undone")} onClose={onClose} />;
    case "why":
      return <WhyDialog number={number} onClose={onClose} />;
    default:
      return null;
  }
}

/** A window that asks for some words and nothing else. */
function Words({ name, act, onClose }: { name: "done" | "decline" | "withdraw" | "escalate" | "unmerge"; act: (words: string) => Promise<boolean>; onClose: () => void }) {
  const say = (part: string) => t(`ask.${name}.${part}` as Key);
  return <ReasonDialog name={name} title={say("title")} label={say("label")} hint={say("hint")} submit={say("submit")} act={act} onClose={onClose} />;
}
