"""What could not be read: see that it is there, open it as text, download it, have it read again."""

from datetime import datetime
from typing import Any

from aiohttp import hdrs, web

from gateway.desk.rights import Action
from gateway.desk.tickets import sight_of
from gateway.errors import NotFound
from gateway.store.blobs import raw_name
from gateway.store.quarantine import Kept, read_body, read_kept, read_quarantine, release
from gateway.web.api.models import Model
from gateway.web.routes import Ask, Route, answer
from gateway.web.security import FILE_POLICY

SHOWN = 64 * 1024
"""So much of a message is shown as text; the rest is in the download."""


class KeptMessage(Model):
    """A message that could not be read; ``error`` says why, ``ticket`` is where agents were told."""

    id: int
    channel: str
    error: str
    received_at: datetime
    ticket: str | None


class Quarantine(Model):
    """The latest messages that could not be read, the newest first."""

    messages: list[KeptMessage]


class KeptText(Model):
    """The beginning of a message as plain text, exactly as it came; ``is_whole`` if that is all of it."""

    id: int
    text: str
    is_whole: bool


class Nothing(Model):
    """No fields."""


async def see_all(ask: Ask) -> web.Response:
    """Return what is in quarantine."""
    sight = sight_of(ask.who)
    kept = await ask.parts.world.database.read(lambda tx: read_quarantine(tx, sight))
    return answer({"messages": [_face(one) for one in kept]})


async def see_text(ask: Ask) -> web.Response:
    """Return the beginning of a message as text: markup in it is letters, not markup."""
    kept, raw = await _opened(ask)
    return answer({"id": kept.id, "text": readable(raw[:SHOWN]), "is_whole": len(raw) <= SHOWN})


async def download(ask: Ask) -> web.Response:
    """Send a message as it came, never to be shown as a page of ours."""
    kept, raw = await _opened(ask)
    return web.Response(
        body=raw,
        headers={
            hdrs.CONTENT_TYPE: "message/rfc822",
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="quarantine-{kept.id}.eml"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": FILE_POLICY,
            hdrs.CACHE_CONTROL: "private, no-store",
        },
    )


async def read_again(ask: Ask) -> web.Response:
    """Have a message read again."""
    number, now, sight = _number(ask), ask.parts.world.clock.now(), sight_of(ask.who)
    actor = f"agent:{ask.who.number}"
    await ask.parts.world.database.write(lambda tx: release(tx, sight, number, actor=actor, now=now))
    return answer({"id": number}, 202)


async def _opened(ask: Ask) -> tuple[Kept, bytes]:
    number, sight = _number(ask), sight_of(ask.who)
    kept, raw = await ask.parts.world.database.read(lambda tx: read_kept(tx, sight, number))
    if raw is None and kept.raw_blob is not None and ask.parts.world.blobs.path(kept.raw_blob).exists():
        body = await ask.parts.world.database.read(lambda tx: read_body(tx, number))
        raw = await ask.parts.world.blobs.read(raw_name(kept.raw_blob, body) or kept.raw_blob)
    return kept, raw or b""


def _number(ask: Ask) -> int:
    try:
        return int(ask.path("id"))
    except ValueError as error:
        raise NotFound("nothing has that number") from error


def _face(one: Kept) -> dict[str, Any]:
    return {
        "id": one.id,
        "channel": one.channel,
        "error": one.error,
        "received_at": one.received_at,
        "ticket": one.ticket,
    }


def readable(raw: bytes) -> str:
    """Return bytes of unknown charset as text, NULs made visible: Chinese and UTF-8 mails stay legible."""
    for charset in ("utf-8", "gb18030"):
        try:
            return raw.decode(charset).replace("\x00", "\ufffd")
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace").replace("\x00", "\ufffd")


class Released(Model):
    """The message that will be read again."""

    id: int


ROUTES = (
    Route(
        method="GET",
        path="/quarantine",
        action=Action.SEE_TICKETS,
        handler=see_all,
        summary="Messages that could not be read",
        gives=Quarantine,
    ),
    Route(
        method="GET",
        path="/quarantine/{id}",
        action=Action.SEE_TICKETS,
        handler=see_text,
        summary="One of them as plain text",
        gives=KeptText,
        refusals=(404,),
    ),
    Route(
        method="GET",
        path="/quarantine/{id}/raw",
        action=Action.SEE_TICKETS,
        handler=download,
        summary="One of them as it came; always a download",
        refusals=(404,),
        streams=True,
    ),
    Route(
        method="POST",
        path="/quarantine/{id}/release",
        action=Action.RELEASE,
        handler=read_again,
        summary="Have it read again",
        takes=Nothing,
        gives=Released,
        status=202,
        refusals=(404,),
    ),
)
