"""Passing tickets on with consent: the second line, colleagues at the end of a shift."""

from datetime import datetime
from typing import Annotated, Any

from aiohttp import web
from pydantic import Field, StringConstraints

from gateway.desk import handing
from gateway.desk.rights import Action
from gateway.desk.tickets import sight_of
from gateway.domain.roster import PRESENT, shift_end
from gateway.errors import NotFound, Refusal
from gateway.store.database import Tx
from gateway.store.handovers import Offered, read_given, read_handover, read_open, read_received
from gateway.store.roster import read_profiles
from gateway.web.api import models as m
from gateway.web.routes import Ask, Route, answer

Number = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{1,24}$")]


class HandoverBody(m.Model):
    """Which tickets a colleague is asked to take over, with a word to them."""

    to: m.StaffNumber
    tickets: Annotated[list[Number], Field(min_length=1, max_length=100)]
    note: Annotated[str, StringConstraints(max_length=2000)] = ""


class RefusedHandover(m.Model):
    """A ticket that could not be offered, and why."""

    ticket: str
    code: str
    detail: str


class HandoversMade(m.Model):
    """What was offered, and what could not be."""

    offered: list[str]
    refused: list[RefusedHandover]


class Handover(m.Model):
    """One hand-over: ``to`` of those one gave, ``from`` of those one is asked to take."""

    id: int
    ticket: m.Ticket
    to: m.Person | None = None
    from_: Annotated[m.Person | None, Field(alias="from")] = None
    note: str
    state: str
    answer: str | None
    offered_at: datetime
    settled_at: datetime | None


class Colleague(m.Model):
    """Somebody who could take over, and until when they work today."""

    number: str
    name: str
    state: m.Presence
    load: float
    works_until: datetime | None


class ShiftSheet(m.Model):
    """What is still open at the end of one's working day, and who could take it."""

    ends_at: datetime | None
    """The end of one's working day; null outside it."""
    is_due: bool
    """Whether it is time to hand over."""
    tickets: list[m.Ticket]
    given: list[Handover]
    received: list[Handover]
    colleagues: list[Colleague]


class Nothing(m.Model):
    """No fields."""


async def see_sheet(ask: Ask) -> web.Response:
    """Return what is open, handed on and handed over, and who could take it."""
    world, me, sight = ask.parts.world, ask.who.agent_id, sight_of(ask.who)
    assert me is not None
    now, policy = world.clock.now(), world.policy

    def unit(tx: Tx) -> dict[str, Any]:
        profiles = read_profiles(tx, policy.dispatch, policy.hours, world.kind)
        ends = {one.person.id: shift_end(now, one.person.hours or policy.hours) for one in profiles}
        mine = ends.get(me)
        others = [one for one in profiles if one.person.id != me]
        others.sort(key=lambda one: (one.person.state != PRESENT, one.person.load, one.person.number))
        return {
            "ends_at": mine,
            "is_due": mine is not None and mine - now <= policy.spans.day_end_reminder,
            "tickets": read_open(tx, sight, me),
            "given": read_given(tx, sight, me, now),
            "received": read_received(tx, sight, me),
            "colleagues": [
                {
                    "number": one.person.number,
                    "name": one.name,
                    "state": one.person.state,
                    "load": round(one.person.load, 3),
                    "works_until": ends[one.person.id],
                }
                for one in others
            ],
        }

    return answer(await world.database.read(unit))


async def hand_over(ask: Ask) -> web.Response:
    """Ask a colleague to take tickets over; each is answered by itself."""
    asked: HandoverBody = ask.body(HandoverBody)
    to_id = await ask.parts.desk.agent_id(asked.to)
    offered, refused = [], []
    for number in dict.fromkeys(asked.tickets):
        try:
            await ask.parts.desk.act(ask.who, number, lambda case: handing.offer(case, to_id, asked.note))
        except Refusal as error:
            refused.append({"ticket": number, "code": error.kind, "detail": error.public.in_(ask.lang)})
        else:
            offered.append(number)
    return answer({"offered": offered, "refused": refused}, 201)


async def accept(ask: Ask) -> web.Response:
    """Take over what a colleague hands on."""
    offered = await _offered(ask)
    done = await ask.parts.desk.act(ask.who, offered.ticket, lambda case: handing.accept(case, offered))
    return answer(done.ticket)


async def decline(ask: Ask) -> web.Response:
    """Say no, and why."""
    asked: m.Reason = ask.body(m.Reason)
    offered = await _offered(ask)
    done = await ask.parts.desk.act(
        ask.who, offered.ticket, lambda case: handing.decline(case, offered, asked.reason)
    )
    return answer(done.ticket)


async def withdraw(ask: Ask) -> web.Response:
    """Keep the ticket after all."""
    offered = await _offered(ask)
    done = await ask.parts.desk.act(ask.who, offered.ticket, lambda case: handing.withdraw(case, offered))
    return answer(done.ticket)


async def escalate(ask: Ask) -> web.Response:
    """Give a ticket to the second line."""
    asked: m.Reason = ask.body(m.Reason)
    done = await ask.parts.desk.act(
        ask.who, ask.path("number"), lambda case: handing.escalate(case, asked.reason)
    )
    return answer(done.ticket)


async def _offered(ask: Ask) -> Offered:
    word = ask.path("id")
    found = None
    if word.isdecimal() and len(word) < 19:
        handover_id = int(word)
        found = await ask.parts.world.database.read(lambda tx: read_handover(tx, handover_id))
    if found is None:
        raise NotFound(f"no hand-over {word}")
    return found


def _verb(name: str, action: Action, handler: Any, takes: type[m.Model], summary: str) -> Route:
    return Route(
        method="POST",
        path=f"/handovers/{{id}}/{name}",
        action=action,
        handler=handler,
        summary=summary,
        takes=takes,
        gives=m.Ticket,
        refusals=(403, 404, 409),
    )


ROUTES = (
    Route(
        method="GET",
        path="/me/handover",
        action=Action.HAND_OVER,
        handler=see_sheet,
        summary="What is open at the end of one's working day",
        gives=ShiftSheet,
    ),
    Route(
        method="POST",
        path="/handovers",
        action=Action.HAND_OVER,
        handler=hand_over,
        summary="Ask a colleague to take tickets over",
        takes=HandoverBody,
        gives=HandoversMade,
        status=201,
        refusals=(404,),
    ),
    _verb("accept", Action.CLAIM, accept, Nothing, "Take over what a colleague hands on"),
    _verb("decline", Action.CLAIM, decline, m.Reason, "Decline what a colleague hands on"),
    _verb("withdraw", Action.HAND_OVER, withdraw, Nothing, "Keep a ticket after all"),
    Route(
        method="POST",
        path="/tickets/{number}/escalate",
        action=Action.ESCALATE,
        handler=escalate,
        summary="Give a ticket to the second line",
        takes=m.Reason,
        gives=m.Ticket,
        refusals=(403, 404, 409),
    ),
)
