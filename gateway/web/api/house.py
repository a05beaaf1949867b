"""Colleagues, channels, and files."""

from collections.abc import AsyncIterator
from urllib.parse import quote

from aiohttp import BodyPartReader, hdrs, web
from aiohttp.http_exceptions import HttpProcessingError

from gateway.desk.files import TooLarge
from gateway.desk.rights import Action
from gateway.errors import Said
from gateway.store import visible
from gateway.web.api import models as m
from gateway.web.problems import Invalid, WrongMedia
from gateway.web.routes import Ask, Route, answer
from gateway.web.security import FILE_POLICY

_CHUNK = 64 * 1024
_PARTS = 3
_NONE = Said("", "")
_REMEDIES = {
    "bad_credentials": Said(
        "请检查配置中该渠道的账号或令牌，修正后会自动重连。",
        "Check this channel's login or token in the configuration; it reconnects by itself.",
    ),
    "down": Said(
        "系统会自动重连；若持续中断，请运行 gateway doctor 检查。",
        "It reconnects by itself. If it stays down, run gateway doctor.",
    ),
}


async def see_agents(ask: Ask) -> web.Response:
    """Return everybody who can sign in."""
    return answer({"agents": await ask.parts.world.database.read(visible.agent_faces)})


async def see_channels(ask: Ask) -> web.Response:
    """Return how the channels are."""
    faces = [one.face() for one in ask.parts.world.channels()]
    for face in faces:
        face["remedy"] = face["remedy"] or _REMEDIES.get(face["state"], _NONE).in_(ask.lang) or None
    return answer({"channels": faces})


async def see_file(ask: Ask) -> web.StreamResponse:
    """Send a file, never to be shown as a page of ours."""
    row = await ask.parts.files.find(ask.who, ask.path("id"))
    response = web.StreamResponse(
        headers={
            hdrs.CONTENT_TYPE: row.media_type,
            hdrs.CONTENT_LENGTH: str(row.size),
            hdrs.CONTENT_DISPOSITION: f"attachment; filename*=UTF-8''{quote(row.name, safe='')}",
            "Content-Security-Policy": FILE_POLICY,
            hdrs.CACHE_CONTROL: "private, no-store",
        }
    )
    await response.prepare(ask.request)
    async for chunk in ask.parts.files.blobs.chunks(row.blob):
        await response.write(chunk)
    await response.write_eof()
    return response


async def add_file(ask: Ask) -> web.Response:
    """Take a file in a multipart body: one part named ``file``, counted as it comes in."""
    if not ask.request.content_type.startswith("multipart/"):
        raise WrongMedia(f"a body of type {ask.request.content_type}")
    try:
        reader = await ask.request.multipart()
        for _ in range(_PARTS):
            part = await reader.next()
            if isinstance(part, BodyPartReader) and part.name == "file" and part.filename:
                if part.headers.get(hdrs.CONTENT_ENCODING, "identity") != "identity":
                    raise WrongMedia("a packed part")
                row = await ask.parts.files.keep(ask.who, part.filename, _chunks(part))
                size = {"media_type": row.media_type, "size": row.size, "scanned": row.scanned}
                return answer({"id": row.id, "name": row.name} | size, 201)
            if part is None:
                break
            if isinstance(part, BodyPartReader):
                await _skip(part)
    except (
        ValueError,
        HttpProcessingError,
    ) as error:  # what aiohttp says of a body that is no multipart after all
        raise Invalid([{"field": "body", "problem": "multipart"}]) from error
    raise Invalid([{"field": "file", "problem": "missing"}])


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    while chunk := await part.read_chunk(_CHUNK):
        yield chunk


async def _skip(part: BodyPartReader) -> None:
    size = 0
    async for chunk in _chunks(part):
        size += len(chunk)
        if size > _CHUNK:
            raise TooLarge("a field that is no file and no field either")


ROUTES = (
    Route(
        method="GET",
        path="/agents",
        action=Action.SEE_AGENTS,
        handler=see_agents,
        summary="Colleagues and whether they are online",
        gives=m.Colleagues,
    ),
    Route(
        method="GET",
        path="/channels",
        action=Action.SEE_CHANNELS,
        handler=see_channels,
        summary="How the channels are",
        gives=m.Channels,
    ),
    Route(
        method="GET",
        path="/attachments/{id}",
        action=Action.SEE_TICKETS,
        handler=see_file,
        summary="Fetch a file",
        refusals=(404,),
    ),
    Route(
        method="POST",
        path="/attachments",
        action=Action.ATTACH,
        handler=add_file,
        summary="Upload a file for a reply",
        gives=m.File,
        status=201,
        takes_file=True,
        refusals=(413, 415),
    ),
)
