"""What is owed: by one ticket, by everybody; and what people do about it."""

from datetime import timedelta
from typing import Any

from aiohttp import web

from gateway.desk import promises
from gateway.desk.actions import Verb
from gateway.desk.rights import Action, oversees
from gateway.desk.tickets import sight_of
from gateway.domain.ticket import Urgency
from gateway.errors import NotFound
from gateway.store.causes import Causes, read_causes
from gateway.store.visible_promises import (
    WantedPromises,
    list_promises,
    place_of,
    promise_kind,
    promises_of,
)
from gateway.web.api import models as m
from gateway.web.api import models_promises as mp
from gateway.web.routes import Ask, Route, answer

REPORTED = timedelta(days=30)


async def see_of_ticket(ask: Ask) -> web.Response:
    """Return a ticket's promises with their bars."""
    return answer(await _of_ticket(ask))


async def see_list(ask: Ask) -> web.Response:
    """Return what is owed, the earliest first; an agent sees their own."""
    asked: mp.PromiseQuery = ask.body(mp.PromiseQuery)
    who, sight, now = ask.who, sight_of(ask.who), ask.parts.world.clock.now()
    wanted = WantedPromises(
        state=asked.state,
        department=asked.department or None,
        agent=asked.agent or None if oversees(who) or who.agent_id is None else who.number,
        after=place_of(asked.cursor) if asked.cursor else None,
        limit=asked.limit,
    )
    found = await ask.parts.world.database.read(lambda tx: list_promises(tx, sight, wanted, now))
    return answer(found | _causes(ask))


async def keep(ask: Ask) -> web.Response:
    """Say that a promise is kept."""
    promise_id, kind = await _promise(ask)
    return await _act(ask, lambda case: promises.keep(case, id=promise_id, kind=kind))


async def renegotiate(ask: Ask) -> web.Response:
    """Give a promise a later time, and tell the customer."""
    asked: mp.NewTime = ask.body(mp.NewTime)
    promise_id, kind = await _promise(ask)
    return await _act(
        ask,
        lambda case: promises.renegotiate(
            case, id=promise_id, kind=kind, due_at=asked.due_at, reason=asked.reason
        ),
    )


async def explain(ask: Ask) -> web.Response:
    """State why it is late, and the plan."""
    asked: mp.ExplanationBody = ask.body(mp.ExplanationBody)
    return await _act(ask, lambda case: promises.explain(case, cause=asked.cause, plan=asked.plan))


async def change_urgency(ask: Ask) -> web.Response:
    """Say how urgent it is."""
    asked: mp.UrgencyBody = ask.body(mp.UrgencyBody)
    to = Urgency(asked.urgency)
    done = await ask.parts.desk.act(
        ask.who, ask.path("number"), lambda case: promises.change_urgency(case, to=to, reason=asked.reason)
    )
    return answer(done.ticket)


async def report_causes(ask: Ask) -> web.Response:
    """Return why things were late."""
    asked: mp.CausesQuery = ask.body(mp.CausesQuery)
    world = ask.parts.world
    since = asked.since or world.clock.now() - REPORTED
    found = await world.database.read(lambda tx: read_causes(tx, since))
    return answer({"since": since} | _report(found, world.policy.promises.causes))


def _report(found: Causes, known: Any) -> dict[str, Any]:
    """A cause that is not configured any more keeps its name."""
    names = list(dict.fromkeys([*known, *(cause for cause, _, _ in found.stated)]))
    causes = []
    for name in names:
        by_department = {department: count for cause, department, count in found.stated if cause == name}
        label = dict(known.get(name, {"*": name}))
        count = sum(by_department.values())
        causes.append({"cause": name, "label": label, "count": count, "departments": by_department})
    return {
        "causes": causes,
        "late": dict(found.late),
        "unexplained": found.owed,
        "unverified": found.unverified,
    }


async def _promise(ask: Ask) -> tuple[int, str]:
    number, sight, written = ask.path("number"), sight_of(ask.who), ask.path("id")
    promise_id = int(written) if written.isascii() and written.isdigit() and len(written) < 19 else 0
    kind = await ask.parts.world.database.read(lambda tx: promise_kind(tx, sight, number, promise_id))
    if kind is None:
        raise NotFound(f"{number} owes no promise {written}")
    return promise_id, kind


async def _act(ask: Ask, verb: Verb) -> web.Response:
    await ask.parts.desk.act(ask.who, ask.path("number"), verb)
    return answer(await _of_ticket(ask))


async def _of_ticket(ask: Ask) -> Any:
    number, sight, now = ask.path("number"), sight_of(ask.who), ask.parts.world.clock.now()
    found = await ask.parts.world.database.read(lambda tx: promises_of(tx, sight, number, now))
    if found is None:
        raise NotFound(f"no ticket {number}")
    return found | _causes(ask)


def _causes(ask: Ask) -> dict[str, Any]:
    causes = ask.parts.world.policy.promises.causes
    return {"causes": [{"cause": name, "label": dict(label)} for name, label in causes.items()]}


ROUTES = (
    Route(
        method="GET",
        path="/promises",
        action=Action.SEE_TICKETS,
        handler=see_list,
        summary="What is owed, the earliest first",
        takes=mp.PromiseQuery,
        gives=mp.PromisePage,
    ),
    Route(
        method="GET",
        path="/tickets/{number}/promises",
        action=Action.SEE_TICKETS,
        handler=see_of_ticket,
        summary="All that a ticket owes, with the stretches that counted",
        gives=mp.TicketPromises,
        refusals=(404,),
    ),
    Route(
        method="POST",
        path="/tickets/{number}/promises/{id}/keep",
        action=Action.KEEP_PROMISE,
        handler=keep,
        summary="Say that a promise is kept",
        gives=mp.TicketPromises,
        refusals=(400, 403, 404),
    ),
    Route(
        method="POST",
        path="/tickets/{number}/promises/{id}/renegotiate",
        action=Action.KEEP_PROMISE,
        handler=renegotiate,
        summary="Give a promise a later time, and tell the customer",
        takes=mp.NewTime,
        gives=mp.TicketPromises,
        refusals=(400, 403, 404),
    ),
    Route(
        method="POST",
        path="/tickets/{number}/explanation",
        action=Action.EXPLAIN,
        handler=explain,
        summary="Say why a ticket is late, and how it will be caught up",
        takes=mp.ExplanationBody,
        gives=mp.TicketPromises,
        refusals=(400, 403, 404),
    ),
    Route(
        method="POST",
        path="/tickets/{number}/urgency",
        action=Action.CHANGE_URGENCY,
        handler=change_urgency,
        summary="Say how urgent a ticket is",
        takes=mp.UrgencyBody,
        gives=m.Ticket,
        refusals=(403, 404),
    ),
    Route(
        method="GET",
        path="/reports/causes",
        action=Action.SEE_REPORTS,
        handler=report_causes,
        summary="Why things were late",
        takes=mp.CausesQuery,
        gives=mp.CausesReport,
    ),
)
