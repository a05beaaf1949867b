"""Phone calls, walk-ins and the like: written down by agents into the same inbox."""

from aiohttp import web

from gateway.desk.life.logged import Judged, call
from gateway.desk.logging_calls import Heard
from gateway.desk.rights import Action
from gateway.web.api import models as common
from gateway.web.api import models_logged as m
from gateway.web.problems import Invalid
from gateway.web.routes import Ask, Route, answer


async def see_channels(ask: Ask) -> web.Response:
    """Return the channels that are written down by hand."""
    logged = ask.parts.world.policy.life.logged
    return answer({"channels": [{"name": name, "label": dict(label)} for name, label in logged.items()]})


async def open_ticket(ask: Ask) -> web.Response:
    """Write down what was heard; the answer is its ticket."""
    asked: m.LoggedBody = ask.body(m.LoggedBody)
    if asked.department is not None and ask.parts.world.policy.department(asked.department) is None:
        raise Invalid([{"field": "department", "problem": "unknown"}])
    judged = Judged(
        type=asked.type,
        subtype=asked.subtype,
        urgency=asked.urgency,
        anomaly=asked.anomaly,
        department=asked.department,
    )
    heard = Heard(
        id=asked.id,
        channel=asked.channel,
        text=asked.text,
        number=asked.contact.number or None,
        name=asked.contact.name or None,
        phone=asked.contact.phone or None,
        lang=asked.lang,
        at=asked.at,
        judged=judged,
        answer=asked.answer,
        outcome=asked.outcome,
        takes=asked.take,
    )
    return answer(await ask.parts.calls.open(ask.who, heard), 201)


async def log_call(ask: Ask) -> web.Response:
    """Write down a further call about a ticket."""
    asked: m.CallBody = ask.body(m.CallBody)
    done = await ask.parts.desk.act(
        ask.who,
        ask.path("number"),
        lambda case: call(
            case, id=asked.id, direction=asked.direction, text=asked.text, answers=asked.answers
        ),
    )
    return answer(done.ticket, 201)


ROUTES = (
    Route(
        method="GET",
        path="/logged/channels",
        action=Action.SEE_TICKETS,
        handler=see_channels,
        summary="Channels that agents write down by hand",
        gives=m.LoggedChannels,
    ),
    Route(
        method="POST",
        path="/logged",
        action=Action.LOG,
        handler=open_ticket,
        summary="Write down a call or a walk-in",
        takes=m.LoggedBody,
        gives=common.Ticket,
        status=201,
        refusals=(400, 404, 409),
    ),
    Route(
        method="POST",
        path="/tickets/{number}/calls",
        action=Action.LOG,
        handler=log_call,
        summary="Write down a further call about a ticket",
        takes=m.CallBody,
        gives=common.Ticket,
        status=201,
        refusals=(400, 403, 404, 409),
    ),
)
