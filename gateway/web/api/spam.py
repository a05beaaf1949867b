"""The spam view: into it and out of it, blocked senders, and a mail's whole body."""

from aiohttp import web

from gateway.desk import spam
from gateway.desk.rights import Action
from gateway.desk.senders import checked
from gateway.desk.tickets import sight_of
from gateway.errors import NotFound
from gateway.store import visible
from gateway.web.api import models as m
from gateway.web.api import spam_models
from gateway.web.routes import Ask, Route, answer, nothing


async def mark(ask: Ask) -> web.Response:
    """Put a ticket into the spam view, and block its sender where that is asked for."""
    asked: spam_models.SpamBody = ask.body(spam_models.SpamBody)
    number, parts = ask.path("number"), ask.parts
    sender = None
    if asked.block != "no":
        address = await parts.senders.of_ticket(number)
        sender = checked(address if asked.block == "address" else address.rpartition("@")[2])
    done = await parts.desk.act(ask.who, number, spam.spam, version=asked.version)
    if sender is not None:
        await parts.senders.block(ask.who, sender, number)
    return answer(done.ticket)


async def unmark(ask: Ask) -> web.Response:
    """Put a ticket back into its queue, and unblock its sender where that is asked for."""
    asked: spam_models.NotSpamBody = ask.body(spam_models.NotSpamBody)
    number, parts = ask.path("number"), ask.parts
    done = await parts.desk.act(ask.who, number, spam.not_spam, version=asked.version)
    if asked.unblock:
        await parts.senders.unblock_all(ask.who, await parts.senders.of_ticket(number))
    return answer(done.ticket)


async def see_blocked(ask: Ask) -> web.Response:
    """Return the blocked senders."""
    rows = await ask.parts.senders.all()
    faces = [
        {
            "pattern": row.pattern,
            "agent": None if row.number is None else {"number": row.number, "name": row.name},
            "reason": row.reason,
            "at": row.at,
        }
        for row in rows
    ]
    return answer({"blocked": faces})


async def block(ask: Ask) -> web.Response:
    """Block a sender."""
    asked: spam_models.BlockBody = ask.body(spam_models.BlockBody)
    return answer({"pattern": await ask.parts.senders.block(ask.who, asked.sender, asked.reason)}, 201)


async def unblock(ask: Ask) -> web.Response:
    """Unblock a sender."""
    asked: spam_models.Sender = ask.body(spam_models.Sender)
    await ask.parts.senders.unblock(ask.who, asked.pattern)
    return nothing()


async def see_body(ask: Ask) -> web.Response:
    """Return a message as it came whole."""
    number, sight = ask.path("number"), sight_of(ask.who)
    seq = int(ask.path("seq")) if ask.path("seq").isdecimal() and len(ask.path("seq")) < 10 else 0
    found = await ask.parts.world.database.read(lambda tx: visible.message_body(tx, sight, number, seq))
    if found is None:
        raise NotFound(f"no message {seq} on {number}")
    return answer(found)


ROUTES = (
    Route(
        method="POST",
        path="/tickets/{number}/spam",
        action=Action.MARK_SPAM,
        handler=mark,
        summary="Put a ticket into the spam view",
        takes=spam_models.SpamBody,
        gives=m.Ticket,
        refusals=(400, 403, 404, 409),
    ),
    Route(
        method="POST",
        path="/tickets/{number}/not-spam",
        action=Action.MARK_SPAM,
        handler=unmark,
        summary="Take a ticket out of the spam view",
        takes=spam_models.NotSpamBody,
        gives=m.Ticket,
        refusals=(403, 404, 409),
    ),
    Route(
        method="GET",
        path="/tickets/{number}/messages/{seq}/body",
        action=Action.SEE_TICKETS,
        handler=see_body,
        summary="A message as it came whole",
        gives=m.Body,
        refusals=(404,),
    ),
    Route(
        method="GET",
        path="/blocked-senders",
        action=Action.SEE_SENDERS,
        handler=see_blocked,
        summary="The blocked senders",
        gives=spam_models.BlockedSenders,
    ),
    Route(
        method="POST",
        path="/blocked-senders",
        action=Action.BLOCK_SENDERS,
        handler=block,
        summary="Block a sender",
        takes=spam_models.BlockBody,
        gives=spam_models.Sender,
        status=201,
        refusals=(400,),
    ),
    Route(
        method="POST",
        path="/blocked-senders/remove",
        action=Action.BLOCK_SENDERS,
        handler=unblock,
        summary="Unblock a sender",
        takes=spam_models.Sender,
        status=204,
        refusals=(404,),
    ),
)
