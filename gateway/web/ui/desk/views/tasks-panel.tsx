/** What departments are asked to do inside the ticket, while its agent stays responsible; and the way up to the second line. */
import { useDesk } from "../desk";
import { minute } from "../state/now";
import { ticketState } from "../state/ticket";
import type { Ticket } from "../types";
import type { Task } from "../types-ticket";
import { clockTime, departmentName, t, word } from "../words";

export function TasksPanel({ ticket }: { ticket: Ticket }) {
  const { tasks, open, may } = ticketState(useDesk());
  const all = tasks.value.value;
  const isDone = ticket.status === "resolved" || ticket.status === "closed";
  const mayAsk = may("task.ask") && !isDone;
  const mayEscalate = may("ticket.escalate") && !isDone && ticket.line < 2;
  const mayMerge = may("ticket.merge") && !isDone && !ticket.merged_into;
  if (!all || (all.length === 0 && !mayAsk && !mayEscalate && !mayMerge)) return null;
  return (
    <section data-testid="tasks">
      <h2>{t("tasks.panel")}</h2>
      {all.length > 0 && (
        <ul class="tasks">
          {all.map((one) => (
            <TaskLine key={one.id} task={one} />
          ))}
        </ul>
      )}
      {(mayAsk || mayEscalate || mayMerge) && (
        <p class="panel-do">
          {mayAsk && <button type="button" class="link" data-testid="ask" onClick={() => (open.value = { name: "ask" })}>{t("tasks.ask")}</button>}
          {mayEscalate && <button type="button" class="link" data-testid="escalate" onClick={() => (open.value = { name: "escalate" })}>{t("escalate.button")}</button>}
          {mayMerge && <button type="button" class="link" data-testid="merge" onClick={() => (open.value = { name: "merge" })}>{t("merge.button")}</button>}
        </p>
      )}
    </section>
  );
}

function TaskLine({ task }: { task: Task }) {
  const desk = useDesk();
  const { api, act, open, may } = ticketState(desk);
  const isOpen = task.state === "asked" || task.state === "accepted";
  const due = task.state === "asked" ? task.accept_by : task.solve_by;
  const isLate = isOpen && Date.parse(due) <= minute.value;
  const say = (name: "done" | "decline" | "withdraw") => () => (open.value = { name, id: task.id });
  return (
    <li class={`task task-${task.state} ${isLate ? "task-late" : ""}`} data-testid="task" data-state={task.state}>
      <p class="task-head">
        <strong>{departmentName(desk.session.me.value?.departments ?? [], task.department)}</strong>
        <span class="task-meta">{word("task", task.state)}</span>
      </p>
      <p dir="auto">{task.text}</p>
      <p class="task-meta">
        {isOpen && <span class="task-due">{t(task.state === "asked" ? "tasks.acceptBy" : "tasks.solveBy", { time: clockTime(due, minute.value) })}</span>}
        {task.agent && `${isOpen ? " · " : ""}${t("list.owner", { ...task.agent })}`}
      </p>
      {task.answer && <p class="task-answer" dir="auto">{task.answer}</p>}
      {isOpen && (
        <p class="panel-do">
          {task.state === "asked" && may("task.work") && <button type="button" class="link" onClick={() => void act(api.accept(task.id), "tasks.accepted")}>{t("tasks.accept")}</button>}
          {task.state === "accepted" && may("task.work") && <button type="button" class="link" onClick={say("done")}>{t("tasks.done")}</button>}
          {may("task.work") && <button type="button" class="link" onClick={say("decline")}>{t("tasks.decline")}</button>}
          {may("task.ask") && <button type="button" class="link" onClick={say("withdraw")}>{t("tasks.withdraw")}</button>}
        </p>
      )}
    </li>
  );
}
