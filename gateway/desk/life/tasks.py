"""The verbs about what a department is asked to do inside a ticket (rulebook T7, T8). Pure."""

from datetime import datetime

from gateway.desk.actions import Case, must_not_be_over, words_of
from gateway.desk.rights import Action, authorize
from gateway.domain.tasks import TaskState
from gateway.errors import Refusal, Said
from gateway.pipeline.effects_life import AskTask, MoveTask
from gateway.pipeline.plan import AddNote, Plan


def ask_department(case: Case, *, department: str, text: str, wanted_by: datetime | None = None) -> Plan:
    """Ask a department for something; the ticket stays with its agent.

    Without ``wanted_by`` it is due after the department's ``solves_within``.
    """
    authorize(case.who, Action.ASK_DEPARTMENT, case.ticket)
    must_not_be_over(case)
    if case.policy.department(department) is None:
        raise _invalid("department", Said("没有这个部门。", "There is no such department."))
    if wanted_by is not None and wanted_by <= case.now:
        raise _invalid("wanted_by", Said("期望时间必须晚于现在。", "This time has passed already."))
    because = f"{case.by} asked a department"
    asked = AskTask(
        agent_id=case.me,
        department=department,
        text=words_of(text, "text"),
        wanted_by=wanted_by,
        because=because,
    )
    return Plan(lang=case.lang).then(asked)


def accept_task(case: Case, task_id: int) -> Plan:
    """Say that the department does it, and that it is me."""
    return _moved(case, task_id, TaskState.ACCEPTED, None, f"{case.by} accepted the task")


def finish_task(case: Case, task_id: int, answer: str) -> Plan:
    """Give the department's answer back to the ticket's agent."""
    said = words_of(answer, "answer")
    return _moved(case, task_id, TaskState.DONE, said, f"{case.by} did the task")


def decline_task(case: Case, task_id: int, reason: str) -> Plan:
    """Give it back undone, and say why."""
    said = words_of(reason, "reason")
    return _moved(case, task_id, TaskState.DECLINED, said, f"{case.by} declined the task")


def withdraw_task(case: Case, task_id: int, reason: str) -> Plan:
    """It is not needed any more, says whoever has the ticket."""
    authorize(case.who, Action.ASK_DEPARTMENT, case.ticket)
    said = words_of(reason, "reason")
    return _moved(case, task_id, TaskState.WITHDRAWN, said, f"{case.by} withdrew the task")


def note_on_task(case: Case, task_id: int, text: str) -> Plan:
    """Write a line about a task that only colleagues see."""
    authorize(case.who, Action.NOTE, case.ticket)
    said = words_of(text, "text")
    return Plan(lang=case.lang).then(
        AddNote(agent_id=case.me, text=said, task_id=task_id, because=f"{case.by} noted")
    )


def _moved(case: Case, task_id: int, to: TaskState, words: str | None, because: str) -> Plan:
    authorize(case.who, Action.WORK_TASK, case.ticket)
    moved = MoveTask(task_id=task_id, to=to, agent_id=case.me, words=words, because=because)
    return Plan(lang=case.lang).then(moved)


def _invalid(field: str, said: Said) -> Refusal:
    return Refusal(f"{field}: {said.en}", public=said, code="invalid", field=field)
