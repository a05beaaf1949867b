/** Beside the conversation: what the customer named, how the ticket is classified, who is asked, what is recorded. */
import { useDesk } from "../desk";
import { PersonPanel } from "../parts/later";
import type { TicketPage } from "../types";
import { ClassificationPanel } from "./classification-panel";
import { NamedThings } from "../parts/named-things";
import { PeoplePanel } from "./people-panel";
import { RecordPanel } from "./record-panel";
import { TagsPanel } from "./tags-panel";
import { TasksPanel } from "./tasks-panel";
import { VerificationPanel } from "./verification-panel";
import "./ticket-panels.css";

export function TicketPanels({ page }: { page: TicketPage }) {
  const { ticket } = page;
  const { may } = useDesk().board;
  return (
    <>
      <ClassificationPanel page={page} />
      <TagsPanel page={page} />
      <NamedThings entities={page.entities ?? []} />
      <PeoplePanel ticket={ticket} />
      <VerificationPanel ticket={ticket} />
      <TasksPanel ticket={ticket} />
      <RecordPanel ticket={ticket} />
      {(may("export.ask") || may("erasure.ask")) && <PersonPanel ticket={ticket} />}
    </>
  );
}
