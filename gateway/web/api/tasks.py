"""Department tasks: asked inside a ticket, worked on by the department."""

from collections.abc import Callable

from aiohttp import web

from gateway.desk.actions import Case
from gateway.desk.life import tasks as verbs
from gateway.desk.rights import Action
from gateway.desk.tickets import sight_of
from gateway.domain.tasks import OPEN, TaskState
from gateway.errors import NotFound
from gateway.pipeline.plan import Plan
from gateway.store import tables as t
from gateway.store import tasks as store
from gateway.store.visible import Face
from gateway.web.api import models as common
from gateway.web.api import models_tasks as m
from gateway.web.problems import Invalid
from gateway.web.routes import Ask, Handler, Route, answer


async def see_list(ask: Ask) -> web.Response:
    """Return tasks for those who work on them."""
    asked: m.TaskQuery = ask.body(m.TaskQuery)
    states = tuple(dict.fromkeys(one for one in asked.state.split(",") if one)) or tuple(OPEN)
    if not set(states) <= set(TaskState):
        raise Invalid([{"field": "state", "problem": "unknown"}])
    departments = (asked.department,) if asked.department else ()
    sight = sight_of(ask.who)
    found = await ask.parts.world.database.read(
        lambda tx: store.list_tasks(tx, sight, departments, tuple(map(str, states)))
    )
    return answer({"tasks": found})


async def see_ticket(ask: Ask) -> web.Response:
    """Return a ticket's tasks."""
    number = ask.path("number")
    return answer({"tasks": await ask.parts.world.database.read(lambda tx: store.tasks_of(tx, number))})


async def ask_department(ask: Ask) -> web.Response:
    """Ask a department for something."""
    asked: m.AskBody = ask.body(m.AskBody)
    done = await ask.parts.desk.act(
        ask.who,
        ask.path("number"),
        lambda case: verbs.ask_department(
            case, department=asked.department, text=asked.text, wanted_by=asked.wanted_by
        ),
    )
    task_id = next(event.data["task"] for event in done.committed.events if event.kind == "task")
    return answer(await _face(ask, task_id), 201)


async def accept(ask: Ask) -> web.Response:
    """Take a task on."""
    return await _act(ask, verbs.accept_task)


async def finish(ask: Ask) -> web.Response:
    """Give the answer back."""
    asked: m.AnswerBody = ask.body(m.AnswerBody)
    return await _act(ask, lambda case, task: verbs.finish_task(case, task, asked.answer))


async def decline(ask: Ask) -> web.Response:
    """Give it back undone."""
    asked: common.Reason = ask.body(common.Reason)
    return await _act(ask, lambda case, task: verbs.decline_task(case, task, asked.reason))


async def withdraw(ask: Ask) -> web.Response:
    """Take it back."""
    asked: common.Reason = ask.body(common.Reason)
    return await _act(ask, lambda case, task: verbs.withdraw_task(case, task, asked.reason))


async def note(ask: Ask) -> web.Response:
    """Write a line about it."""
    asked: common.NoteBody = ask.body(common.NoteBody)
    return await _act(ask, lambda case, task: verbs.note_on_task(case, task, asked.text))


async def _act(ask: Ask, verb: Callable[[Case, int], Plan]) -> web.Response:
    word = ask.path("id")
    task_id = int(word) if word.isdecimal() and len(word) < 16 else 0
    number = await ask.parts.world.database.read(lambda tx: store.task_ticket(tx, task_id))
    if number is None:
        raise NotFound(f"no task {word}")
    await ask.parts.desk.act(ask.who, number, lambda case: verb(case, task_id))
    return answer(await _face(ask, task_id))


async def _face(ask: Ask, task_id: int) -> Face:
    found = await ask.parts.world.database.read(lambda tx: store.task_faces(tx, t.task.c.id == task_id))
    return found[0]


def _verb(name: str, action: Action, handler: Handler, summary: str, takes: type[common.Model]) -> Route:
    return Route(
        method="POST",
        path=f"/tasks/{{id}}/{name}",
        action=action,
        handler=handler,
        summary=summary,
        takes=takes,
        gives=m.Task,
        refusals=(403, 404, 409),
    )


ROUTES = (
    Route(
        method="GET",
        path="/tasks",
        action=Action.SEE_TICKETS,
        handler=see_list,
        summary="What departments are asked to do",
        takes=m.TaskQuery,
        gives=m.Tasks,
    ),
    Route(
        method="GET",
        path="/tickets/{number}/tasks",
        action=Action.SEE_TICKETS,
        handler=see_ticket,
        summary="A ticket's tasks",
        gives=m.Tasks,
    ),
    Route(
        method="POST",
        path="/tickets/{number}/tasks",
        action=Action.ASK_DEPARTMENT,
        handler=ask_department,
        summary="Ask a department for something",
        takes=m.AskBody,
        gives=m.Task,
        status=201,
        refusals=(400, 403, 404, 409),
    ),
    _verb("accept", Action.WORK_TASK, accept, "Take a task on", m.Nothing),
    _verb("done", Action.WORK_TASK, finish, "Give a task's answer back", m.AnswerBody),
    _verb("decline", Action.WORK_TASK, decline, "Give a task back undone", common.Reason),
    _verb("withdraw", Action.ASK_DEPARTMENT, withdraw, "Take a task back", common.Reason),
    _verb("notes", Action.NOTE, note, "Write a line about a task", common.NoteBody),
)
