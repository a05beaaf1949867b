"""Tickets: the list, one ticket, and what agents do with it."""

from aiohttp import web

from gateway.desk import actions
from gateway.desk.rights import Action
from gateway.desk.telling import Given
from gateway.desk.tickets import sight_of
from gateway.errors import NotFound
from gateway.store import visible
from gateway.store.visible_life import beside
from gateway.store.visible_list import AT_WORK, Place, Wanted, read_inbox
from gateway.web.api import models as m
from gateway.web.encode import with_html
from gateway.web.problems import Invalid
from gateway.web.routes import Ask, Handler, Route, answer, nothing

_STATUSES = ("open", "in_progress", "resolved", "closed")


async def see_list(ask: Ask) -> web.Response:
    """Return a page of tickets, the most pressing first."""
    asked: m.TicketQuery = ask.body(m.TicketQuery)
    statuses = tuple(dict.fromkeys(one for one in asked.status.split(",") if one)) or AT_WORK
    if not set(statuses) <= set(_STATUSES):
        raise Invalid([{"field": "status", "problem": "unknown"}])
    wanted = Wanted(
        queue=asked.queue or "all",
        statuses=statuses,
        words=asked.q.strip(),
        tag=asked.tag.strip(),
        after=Place.from_text(asked.cursor) if asked.cursor else None,
        limit=asked.limit,
    )
    sight, database = sight_of(ask.who), ask.parts.world.database
    return answer(await database.read(lambda tx: read_inbox(tx, sight, wanted)))


async def see_one(ask: Ask) -> web.Response:
    """Return a ticket with all its messages, notes, promises and history."""
    number, sight = ask.path("number"), sight_of(ask.who)
    page = await ask.parts.world.database.read(lambda tx: visible.ticket_page(tx, sight, number))
    if page is None:
        raise NotFound(f"no ticket {number}")
    page |= await ask.parts.world.database.read(lambda tx: beside(tx, sight, number))
    for talk in (page, *page["merged"]):
        talk["messages"] = [with_html(message) for message in talk["messages"]]
    return answer(page)


async def claim(ask: Ask) -> web.Response:
    """Take the ticket."""
    asked: m.Version = ask.body(m.Version)
    return await _act(ask, actions.claim, version=asked.version)


async def reply(ask: Ask) -> web.Response:
    """Write to the customer; the same request again has the same answer."""
    asked: m.Reply = ask.body(m.Reply)
    number, desk = ask.path("number"), ask.parts.desk
    seq = await desk.said_before(ask.who, number, asked.id, asked.text)
    if seq is None:
        files = tuple(asked.attachments)
        also = actions.Also(cc=tuple(asked.cc), bcc=tuple(asked.bcc))
        given = tuple(Given(text=one.text, due_at=one.due_at) for one in asked.promises)
        await desk.act(
            ask.who,
            number,
            lambda case: actions.reply(
                case, id=asked.id, text=asked.text, attachments=files, also=also, promises=given
            ),
            seen_seq=asked.seen_seq,
        )
        seq = await desk.said_before(ask.who, number, asked.id, asked.text)
    return answer({"id": asked.id, "seq": seq}, 202)


async def note(ask: Ask) -> web.Response:
    """Write for colleagues."""
    asked: m.NoteBody = ask.body(m.NoteBody)
    done = await ask.parts.desk.act(ask.who, ask.path("number"), lambda case: actions.note(case, asked.text))
    note_id = next(event.data["note"] for event in done.committed.events if event.kind == "note")
    found = await ask.parts.world.database.read(lambda tx: visible.note_by_id(tx, note_id))
    return answer(found, 201)


async def forward(ask: Ask) -> web.Response:
    """Pass a message on to somebody outside; the same request again changes nothing."""
    asked: m.ForwardBody = ask.body(m.ForwardBody)
    number, to = ask.path("number"), tuple(asked.to)
    await ask.parts.desk.act(
        ask.who,
        number,
        lambda case: actions.forward(case, id=asked.id, message=asked.message, to=to, text=asked.text),
    )
    return answer({"id": asked.id}, 202)


async def transfer(ask: Ask) -> web.Response:
    """Pass it to a department or a colleague."""
    asked: m.TransferBody = ask.body(m.TransferBody)
    agent_id = None if asked.agent is None else await ask.parts.desk.agent_id(asked.agent)
    return await _act(
        ask,
        lambda case: actions.transfer(
            case, department=asked.department, agent_id=agent_id, reason=asked.reason
        ),
    )


async def resolve(ask: Ask) -> web.Response:
    """Say that it is done."""
    asked: m.Outcome = ask.body(m.Outcome)
    return await _act(ask, lambda case: actions.resolve(case, asked.outcome), version=asked.version)


async def close(ask: Ask) -> web.Response:
    """End it."""
    asked: m.Version = ask.body(m.Version)
    return await _act(ask, actions.close, version=asked.version)


async def reopen(ask: Ask) -> web.Response:
    """Begin it again."""
    asked: m.Reason = ask.body(m.Reason)
    return await _act(ask, lambda case: actions.reopen(case, asked.reason))


async def send_again(ask: Ask) -> web.Response:
    """Try a message anew that did not arrive."""
    await ask.parts.desk.send_again(ask.who, ask.path("number"), ask.path("message"))
    return answer({}, 202)


async def typing(ask: Ask) -> web.Response:
    """Tell the customer's window that an agent is writing; nothing is stored."""
    asked: m.Typing = ask.body(m.Typing)
    sight = sight_of(ask.who)
    thread = await ask.parts.world.database.read(lambda tx: visible.thread_of(tx, sight, asked.number))
    if thread is None:
        raise NotFound(f"no ticket {asked.number}")
    ask.parts.world.tell_typing(*thread, ask.who.name)
    return nothing()


async def _act(ask: Ask, verb: actions.Verb, version: int | None = None) -> web.Response:
    done = await ask.parts.desk.act(ask.who, ask.path("number"), verb, version=version)
    return answer(done.ticket)


def _verb(name: str, action: Action, handler: Handler, takes: type[m.Model], summary: str) -> Route:
    return Route(
        method="POST",
        path=f"/tickets/{{number}}/{name}",
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
        path="/tickets",
        action=Action.SEE_TICKETS,
        handler=see_list,
        summary="List tickets, the most pressing first",
        takes=m.TicketQuery,
        gives=m.Tickets,
    ),
    Route(
        method="GET",
        path="/tickets/{number}",
        action=Action.SEE_TICKETS,
        handler=see_one,
        summary="All about one ticket",
        gives=m.TicketPage,
        refusals=(404,),
    ),
    _verb("claim", Action.CLAIM, claim, m.Version, "Take a ticket"),
    Route(
        method="POST",
        path="/tickets/{number}/replies",
        action=Action.REPLY,
        handler=reply,
        summary="Write to the customer",
        takes=m.Reply,
        gives=m.Stored,
        status=202,
        refusals=(400, 403, 404, 409, 422),
    ),
    Route(
        method="POST",
        path="/tickets/{number}/notes",
        action=Action.NOTE,
        handler=note,
        summary="Write a note for colleagues",
        takes=m.NoteBody,
        gives=m.Note,
        status=201,
        refusals=(403, 404),
    ),
    Route(
        method="POST",
        path="/tickets/{number}/forwards",
        action=Action.FORWARD,
        handler=forward,
        summary="Pass a message on to somebody outside",
        takes=m.ForwardBody,
        gives=m.Taken,
        status=202,
        refusals=(400, 403, 404, 409),
    ),
    _verb("transfer", Action.TRANSFER, transfer, m.TransferBody, "Pass a ticket on"),
    _verb("resolve", Action.RESOLVE, resolve, m.Outcome, "Say that a ticket is done"),
    _verb("close", Action.CLOSE, close, m.Version, "End a ticket"),
    _verb("reopen", Action.REOPEN, reopen, m.Reason, "Begin a ticket again"),
    Route(
        method="POST",
        path="/tickets/{number}/outbox/{message}/retry",
        action=Action.RETRY,
        handler=send_again,
        summary="Try a message anew that did not arrive",
        status=202,
        refusals=(403, 404, 409),
    ),
    Route(
        method="POST",
        path="/typing",
        action=Action.REPLY,
        handler=typing,
        summary="Tell the customer that an agent is writing",
        takes=m.Typing,
        status=204,
        refusals=(404,),
    ),
)
