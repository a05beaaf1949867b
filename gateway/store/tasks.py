"""Department tasks inside a ticket: asked, accepted, done or declined; each with its own promises."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, select, update

from gateway.domain.promise import OPEN_STATES, Promise, PromiseState, Stage
from gateway.domain.promise_rules import About, owed, reminded
from gateway.domain.tasks import FROM, OPEN, TaskState, needs
from gateway.errors import Conflict, NotFound
from gateway.pipeline.effects_life import AskTask, MoveTask
from gateway.store import promises
from gateway.store import tables as t
from gateway.store.applying import Applying
from gateway.store.database import Tx
from gateway.store.errors_life import TaskMoved
from gateway.store.originals import keep_originals
from gateway.store.visible import Face, Sight

_t, _k, _p = t.task.c, t.ticket.c, t.promise.c
MOST = 200
"""So many tasks of a list are sent at once."""


def ask(work: Applying, effect: AskTask) -> None:
    """Write the task down, and what is owed about it: taking it, and doing it."""
    department = work.policy.department(effect.department)
    if department is None or work.ticket_id is None:
        raise Conflict(f"no department {effect.department}, or no ticket")
    due = effect.wanted_by or work.now + department.solves_within
    acceptance = owed(
        Stage.ACCEPTANCE,
        work.policy,
        About(channel=work.kind, department=department.id),
        now=work.now,
        owner=department.id,
        because=effect.because,
    )
    values = {
        "ticket_id": work.ticket_id,
        "department": department.id,
        "text": effect.text,
        "state": TaskState.ASKED,
        "wanted_by": effect.wanted_by,
        "asked_by": effect.agent_id,
        "asked_at": work.now,
        "accept_by": min(acceptance.due_at, due),
        "solve_by": due,
    }
    task_id: int = work.tx.execute(insert(t.task).values(values).returning(_t.id)).scalar_one()
    keep_originals(work.tx, t.task, task_id, work.snapshot.contact.id, {"text": effect.text})
    rule = f"departments.{department.id}.solves_within" if effect.wanted_by is None else ""
    done = Promise(
        kind=Stage.TASK,
        owner=department.id,
        due_at=due,
        text=effect.text,
        needs=needs(task_id),
        rule=rule,
        version=work.policy.promises.version,
        because=effect.because,
    )
    promises.write(work, replace(acceptance, needs=needs(task_id)), effect.because)
    promises.write(work, reminded(done, work.policy, work.now), effect.because)
    _wait_for_department(work)
    work.record("task", effect.because, what="asked", task=task_id, department=department.id)


def move(work: Applying, effect: MoveTask) -> None:
    """Take a task one step on; a colleague who was quicker has decided.

    Raises:
        NotFound: the ticket has no such task.
        TaskMoved: it is not where it could go on from.
    """
    mine = (_t.id == effect.task_id) & (_t.ticket_id == work.ticket_id)
    row = work.tx.execute(select(_t.state, _t.department, _t.agent_id).where(mine)).first()
    if row is None:
        raise NotFound(f"{work.ticket_number} has no task {effect.task_id}")
    if row.state not in FROM[effect.to]:
        raise TaskMoved(f"task {effect.task_id} is {row.state}")
    values: dict[str, Any] = {"state": effect.to}
    about = needs(effect.task_id)
    promises.settle(work, Stage.ACCEPTANCE, because=effect.because, needs=about)
    if effect.to is TaskState.ACCEPTED:
        values |= {"agent_id": effect.agent_id, "accepted_at": work.now}
    else:
        values |= {"settled_at": work.now, "answer": effect.words}
        if row.agent_id is None and effect.to is not TaskState.WITHDRAWN:
            values |= {"agent_id": effect.agent_id, "accepted_at": work.now}
        end = None if effect.to is TaskState.DONE else PromiseState.WITHDRAWN
        promises.settle(work, Stage.TASK, because=effect.because, needs=about, state=end)
    work.tx.execute(update(t.task).where(_t.id == effect.task_id).values(values))
    keep_originals(
        work.tx, t.task, effect.task_id, work.snapshot.contact.id, {"answer": values.get("answer") or ""}
    )
    data = {"what": str(effect.to), "task": effect.task_id, "department": row.department}
    work.record("task", effect.because, **data)
    if effect.to not in OPEN:
        _wait_for_agent(work)


def withdraw_open(work: Applying, because: str) -> None:
    """Nothing is asked of departments any more: the ticket is over."""
    mine = (_t.ticket_id == work.ticket_id) & _t.state.in_(OPEN)
    ended = {"state": TaskState.WITHDRAWN, "settled_at": work.now}
    rows = work.tx.execute(update(t.task).where(mine).values(ended).returning(_t.id, _t.department)).all()
    for row in rows:
        about = needs(row.id)
        promises.settle(
            work, Stage.TASK, Stage.ACCEPTANCE, because=because, needs=about, state=PromiseState.WITHDRAWN
        )
        work.record("task", because, what="withdrawn", task=row.id, department=row.department)


def must_be_here(work: Applying, task_id: int) -> None:
    """Return if the ticket has this task.

    Raises:
        NotFound: it has not.
    """
    mine = select(_t.id).where(_t.id == task_id, _t.ticket_id == work.ticket_id)
    if work.tx.execute(mine).scalar() is None:
        raise NotFound(f"{work.ticket_number} has no task {task_id}")


def waits_for_department(work: Applying) -> bool:
    """Return whether some department still has something to do here."""
    mine = select(_t.id).where(_t.ticket_id == work.ticket_id, _t.state.in_(OPEN))
    return work.tx.execute(mine.limit(1)).scalar() is not None


def expect_acceptance(work: Applying, department: str, because: str) -> None:
    """The department that a ticket was handed to owes taking it (T8); who had it before owes that no more."""
    accepted(work, because, PromiseState.WITHDRAWN)
    if work.policy.department(department) is None:
        return
    about = About(channel=work.kind, department=department)
    promise = owed(Stage.ACCEPTANCE, work.policy, about, now=work.now, owner=department, because=because)
    promises.owe(work, promise, because)


def accepted(work: Applying, because: str, state: PromiseState | None = None) -> None:
    """Somebody of the department has taken the ticket itself; tasks are taken one by one."""
    mine = (_p.ticket_id == work.ticket_id) & (_p.kind == Stage.ACCEPTANCE) & _p.needs.is_(None)
    open_ones = select(_p.id).where(mine, _p.state.in_(OPEN_STATES))
    for promise_id in work.tx.execute(open_ones).scalars().all():
        promises.settle(work, because=because, id=promise_id, state=state)


def task_faces(tx: Tx, where: ColumnElement[bool], *, limit: int = MOST) -> list[Face]:
    """Return tasks, what is due first first, each with its ticket's number and subject and its notes."""
    asker, taker = t.agent.alias("asker"), t.agent.alias("taker")
    query = (
        select(
            t.task,
            _k.number,
            _k.subject,
            asker.c.number.label("asker_number"),
            asker.c.name.label("asker_name"),
            taker.c.number.label("taker_number"),
            taker.c.name.label("taker_name"),
        )
        .join(t.ticket, _k.id == _t.ticket_id)
        .outerjoin(asker, asker.c.id == _t.asked_by)
        .outerjoin(taker, taker.c.id == _t.agent_id)
        .where(where)
        .order_by(_t.settled_at.is_not(None), _t.solve_by, _t.id)
        .limit(limit)
    )
    rows = tx.execute(query).all()
    notes = _notes(tx, [row.id for row in rows])
    return [_face(row, notes.get(row.id, [])) for row in rows]


def _notes(tx: Tx, task_ids: list[int]) -> dict[int, list[Face]]:
    n, notes = t.note.c, dict[int, list[Face]]()
    query = select(n.id, n.task_id, n.text, n.sealed, n.at, t.agent.c.number, t.agent.c.name)
    joined = query.join(t.agent, t.agent.c.id == n.agent_id).where(n.task_id.in_(task_ids))
    for row in tx.execute(joined.order_by(n.id)) if task_ids else ():
        by = {"number": row.number, "name": row.name}
        note = {
            "id": str(row.id),
            "agent": by,
            "text": row.text,
            "covered": row.sealed is not None,
            "at": row.at,
        }
        notes.setdefault(row.task_id, []).append(note)
    return notes


def list_tasks(tx: Tx, sight: Sight, departments: tuple[str, ...], states: tuple[str, ...]) -> list[Face]:
    """Return the tasks of departments (of all, if none is named) in these states, on tickets that are seen."""
    wanted: ColumnElement[bool] = and_(_t.state.in_(states), sight.covers())
    if departments:
        wanted &= _t.department.in_(departments)
    return task_faces(tx, wanted)


def tasks_of(tx: Tx, number: str) -> list[Face]:
    """Return a ticket's tasks."""
    return task_faces(tx, _k.number == number)


def task_ticket(tx: Tx, task_id: int) -> str | None:
    """Return the number of the ticket that a task belongs to."""
    query = select(_k.number).join(t.task, _t.ticket_id == _k.id).where(_t.id == task_id)
    return tx.execute(query).scalar()


def count_open(tx: Tx) -> dict[tuple[str, str], int]:
    """Return how many tasks are asked and accepted, by department."""
    query = select(_t.department, _t.state, func.count()).where(_t.state.in_(OPEN))
    rows = tx.execute(query.group_by(_t.department, _t.state))
    return {(department, state): count for department, state, count in rows}


def _wait_for_department(work: Applying) -> None:
    changed = {"waiting_on": "department", "waiting_since": work.now, "version": _k.version + 1}
    work.tx.execute(update(t.ticket).where(_k.id == work.ticket_id).values(changed))


def _wait_for_agent(work: Applying) -> None:
    """The last answer is in: the ball is with the agent, whose ticket it has been all the time."""
    changed: dict[str, Any] = {"version": _k.version + 1}
    if not waits_for_department(work):
        changed |= {"waiting_on": "agent", "waiting_since": work.now}
    mine = (_k.id == work.ticket_id) & _k.closed_at.is_(None)
    work.tx.execute(update(t.ticket).where(mine).values(changed))


def _face(row: Any, notes: list[Face]) -> Face:
    at: datetime = row.asked_at
    return {
        "id": str(row.id),
        "ticket": row.number,
        "subject": row.subject,
        "department": row.department,
        "text": row.text,
        "covered": row.sealed is not None,
        "state": row.state,
        "wanted_by": row.wanted_by,
        "accept_by": row.accept_by,
        "solve_by": row.solve_by,
        "asked_by": None
        if row.asker_number is None
        else {"number": row.asker_number, "name": row.asker_name},
        "asked_at": at,
        "agent": None if row.taker_number is None else {"number": row.taker_number, "name": row.taker_name},
        "accepted_at": row.accepted_at,
        "settled_at": row.settled_at,
        "answer": row.answer,
        "notes": notes,
    }
