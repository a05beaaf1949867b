"""Reading what a request carries with a count and a deadline of our own: aiohttp's limit misses streamed bodies."""

import asyncio
from datetime import timedelta

from aiohttp import hdrs, http_parser, web

PATIENCE = timedelta(seconds=30)
"""A body of up to a megabyte that takes longer is no customer's line but somebody holding ours."""
SLOWEST = 32 * 1024
"""Bytes a second that a longer body must come at, on average."""


class BodyRefused(Exception):
    """What was sent is not taken; nothing of it is kept."""


class BodyTooBig(BodyRefused):
    """More bytes than the route takes."""


class BodyPacked(BodyRefused):
    """A compressed body: nothing we take needs it, and bombs do."""


class BodyTooSlow(BodyRefused):
    """It did not come in time."""


async def read_body(request: web.Request, most: int, within: timedelta = PATIENCE) -> bytes:
    """Return the body.

    Raises:
        BodyTooBig, BodyPacked, BodyTooSlow: it is not taken; the connection is to be closed.
    """
    refuse_packed(request)
    if (request.content_length or 0) > most:
        raise BodyTooBig(f"at most {most} bytes")
    body = bytearray()
    try:
        async with asyncio.timeout(seconds_for(most, within)):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > most:
                    raise BodyTooBig(f"at most {most} bytes")
    except TimeoutError as error:
        raise BodyTooSlow("the body did not come in time") from error
    return bytes(body)


def seconds_for(most: int, within: timedelta = PATIENCE) -> float:
    """Return how long a body of at most ``most`` bytes may take."""
    return max(within.total_seconds(), most / SLOWEST)


def refuse_packed(request: web.Request) -> None:
    """Return if the body is not compressed.

    Raises:
        BodyPacked: it is.
    """
    if request.headers.get(hdrs.CONTENT_ENCODING, "identity").strip().lower() != "identity":
        raise BodyPacked("a packed body")


def parser_is_fast() -> bool:
    """Say whether aiohttp parses with its compiled parser: the other one is slower, and reads some requests otherwise."""
    return http_parser.HttpRequestParser is not http_parser.HttpRequestParserPy
