"""Requests that a second person decides on: see them, make one, say yes or no."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from aiohttp import web
from pydantic import Field

from gateway.desk import approvals
from gateway.desk.rights import Action, rights_of
from gateway.store.approvals import Approval
from gateway.store.database import Tx
from gateway.web.api.models import Model
from gateway.web.routes import Ask, Route, answer


class ApprovalFace(Model):
    """One request; ``about`` such as ``contact:C…``, people by their numbers.

    ``answer`` is what whoever decided said to it; ``may_decide`` is meant for whoever asks.
    """

    id: int
    act: str
    about: str
    reason: str
    state: Literal["asked", "approved", "refused", "used", "over"]
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    used_at: datetime | None
    answer: str | None
    may_decide: bool


class Approvals(Model):
    """Requests one made or may decide on, the newest first, and which acts one may ask for."""

    approvals: list[ApprovalFace]
    may_ask: list[str]


class ApprovalBody(Model):
    """What is asked for, about whom, and why."""

    act: Annotated[str, Field(max_length=32)]
    about: Annotated[str, Field(max_length=64)]
    reason: Annotated[str, Field(min_length=1, max_length=approvals.LONGEST)]


class DecisionBody(Model):
    """Why, for whoever asked."""

    reason: Annotated[str, Field(max_length=approvals.LONGEST)] = ""


async def see_all(ask: Ask) -> web.Response:
    """Return the requests of whoever asks, and those they decide on."""
    who, now = ask.who, ask.parts.world.clock.now()
    found = await ask.parts.world.database.read(lambda tx: approvals.visible(tx, who))
    rights = rights_of(who)
    may_ask = [name for name, act in approvals.ACTS.items() if act.ask in rights]
    return answer({"approvals": [_face(ask, one, now) for one in found], "may_ask": may_ask})


async def make(ask: Ask) -> web.Response:
    """Ask for something."""
    asked: ApprovalBody = ask.body(ApprovalBody)
    who, now = ask.who, ask.parts.world.clock.now()

    def unit(tx: Tx) -> Approval:
        return approvals.ask(tx, who, act=asked.act, about=asked.about, reason=asked.reason, now=now)

    return answer(_face(ask, await ask.parts.world.database.write(unit), now), 201)


async def approve(ask: Ask) -> web.Response:
    """Say yes."""
    return await _decide(ask, is_approved=True)


async def refuse(ask: Ask) -> web.Response:
    """Say no."""
    return await _decide(ask, is_approved=False)


async def _decide(ask: Ask, *, is_approved: bool) -> web.Response:
    said: DecisionBody = ask.body(DecisionBody)
    word, who, now = ask.path("id"), ask.who, ask.parts.world.clock.now()
    approval_id = int(word) if word.isascii() and word.isdigit() and len(word) < 19 else 0

    def unit(tx: Tx) -> Approval:
        return approvals.decide(tx, who, approval_id, is_approved=is_approved, now=now, reason=said.reason)

    return answer(_face(ask, await ask.parts.world.database.write(unit), now))


def _face(ask: Ask, one: Approval, now: datetime) -> dict[str, Any]:
    is_over = one.state in ("asked", "approved") and one.expires_at <= now
    is_theirs = one.act in approvals.may_decide_on(ask.who) and one.asked_by != ask.who.agent_id
    face = {name: value for name, value in asdict(one).items() if not name.endswith("_number")}
    return face | {
        "state": "over" if is_over else one.state,
        "asked_by": one.asked_number,
        "decided_by": one.decided_number,
        "may_decide": is_theirs and one.state == "asked" and not is_over,
    }


def _verb(name: str, handler: Any, summary: str) -> Route:
    return Route(
        method="POST",
        path=f"/approvals/{{id}}/{name}",
        action=Action.SEE_APPROVALS,
        handler=handler,
        summary=summary,
        takes=DecisionBody,
        gives=ApprovalFace,
        refusals=(403, 404, 409),
        params={"id": "The request's id"},
    )


ROUTES = (
    Route(
        method="GET",
        path="/approvals",
        action=Action.SEE_APPROVALS,
        handler=see_all,
        summary="Requests that a second person decides on",
        gives=Approvals,
    ),
    Route(
        method="POST",
        path="/approvals",
        action=Action.SEE_APPROVALS,
        handler=make,
        summary="Ask for something that needs a second person",
        takes=ApprovalBody,
        gives=ApprovalFace,
        status=201,
        refusals=(400, 403, 404),
    ),
    _verb("approve", approve, "Say yes to somebody else's request"),
    _verb("refuse", refuse, "Say no to somebody else's request"),
)
