"""Attachments over HTTP: streamed in and checked as they come, given out to their visitor alone."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import quote

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from adapters.contract import Blob, Context, NotStored, NotTaken
from adapters.reading import BodyTooBig, BodyTooSlow, refuse_packed, seconds_for
from adapters.webchat.door import Door, refusing
from adapters.webchat.frames import is_id
from adapters.webchat.problems import Problem
from adapters.webchat.rest import json_answer, paced
from adapters.webchat.settings import WebchatSettings
from adapters.webchat.talk import RETRY_NOT_STORED, Talk
from adapters.webchat.uploads import HEAD, INLINE, kind_of, safe_name

_CHUNK = 64 * 1024
_NOT_TAKEN = {"picture": "bad-picture", "infected": "infected", "budget": "upload-budget"}
_ENVELOPE = 8 * 1024
"""What boundaries and part headers may add to the file's own bytes."""


class Files:
    """Handlers of ``/chat/v1/attachments``."""

    def __init__(self, settings: WebchatSettings, context: Context, door: Door, talk: Talk) -> None:
        self._settings = settings.attachments
        self._context = context
        self._door = door
        self._talk = talk

    async def upload(self, request: web.Request) -> web.Response:
        """Store one file; a message may then name its id."""
        visitor = self._door.visitor(request)
        paced(self._talk.pace_upload, visitor)
        with refusing("file-too-big"):
            refuse_packed(request)
            most = self._settings.max_bytes + _ENVELOPE
            if (request.content_length or 0) > most:
                raise BodyTooBig(f"at most {self._settings.max_bytes} bytes")
            try:
                async with asyncio.timeout(seconds_for(most)):  # also for what stands before the first part
                    return await self._taken(request, visitor)
            except TimeoutError as error:
                raise BodyTooSlow from error

    async def _taken(self, request: web.Request, visitor: str) -> web.Response:
        part = await self._file_part(request)
        name = safe_name(part.filename or "")
        head = await _first_bytes(part)
        kind = kind_of(name, head, self._settings.types if self._settings.max_files else ())
        if kind is None:
            raise Problem("file-type", f"accepted: {', '.join(self._settings.types)}")
        try:
            blob = await self._context.put_blob(visitor, name, kind.media_type, self._counted(head, part))
        except NotStored:
            raise Problem("not-stored", retry_after=RETRY_NOT_STORED) from None
        except NotTaken as error:
            raise Problem(_NOT_TAKEN[error.code]) from None
        return json_answer({"id": blob, "name": name, "media_type": kind.media_type}, status=201)

    async def _file_part(self, request: web.Request) -> BodyPartReader:
        try:
            if not request.content_type.startswith("multipart/form-data"):
                raise ValueError(request.content_type)
            part = await (await request.multipart()).next()
        except (ValueError, AssertionError, HttpProcessingError) as error:
            raise Problem("bad-upload", str(error)[:200]) from None
        if not isinstance(part, BodyPartReader) or part.name != "file" or not part.filename:
            raise Problem("bad-upload")
        return part

    async def _counted(self, head: bytes, part: BodyPartReader) -> AsyncIterator[bytes]:
        size = len(head)
        yield head
        while chunk := await part.read_chunk(_CHUNK):
            size += len(chunk)
            if size > self._settings.max_bytes:
                raise Problem("file-too-big", f"at most {self._settings.max_bytes} bytes")
            yield chunk

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Give a file to the visitor whose thread it belongs to."""
        visitor = self._door.visitor(request)
        paced(self._talk.pace, visitor)
        wanted = request.match_info["id"]
        blob = await self._context.get_blob(visitor, wanted) if is_id(wanted) else None
        if blob is None:
            raise Problem("no-such-file")
        response = web.StreamResponse(headers=self._headers(blob))
        response.content_length = blob.size
        # Headers cannot be added once it is prepared, so cross-origin pages must be let in here.
        response.headers.update(self._door.cross_origin(request))
        await response.prepare(request)
        async for chunk in blob.chunks():
            await response.write(chunk)
        await response.write_eof()
        return response

    def _headers(self, blob: Blob) -> dict[str, str]:
        place = "inline" if blob.media_type in INLINE else "attachment"
        return {
            "Content-Type": blob.media_type,
            "Content-Disposition": f"{place}; filename*=UTF-8''{quote(blob.name, safe='')}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        }


async def _first_bytes(part: BodyPartReader) -> bytes:
    head = b""
    while len(head) < HEAD and (chunk := await part.read_chunk(_CHUNK)):
        head += chunk
    return head
