"""Files that agents send: which are taken, and where they are kept."""

import re
import unicodedata
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from adapters.contract import NotTaken
from gateway.desk.accounts import Clock
from gateway.desk.rights import Who, sight_of
from gateway.errors import NotFound, Refusal, Said, TooMany
from gateway.store.attachments import FileRow, add_upload, file_for_agent, used_by_agent
from gateway.store.blobs import Blobs
from gateway.store.database import Database
from gateway.uploads import Uploads

LARGEST = 10 * 1024 * 1024
_HEAD = 512
_FORBIDDEN = re.compile(r'[\\/:*?"<>|]+')

_SIGNATURES: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "webp": ("image/webp", (b"RIFF",)),
    "pdf": ("application/pdf", (b"%PDF-",)),
    "txt": ("text/plain", ()),
}


class TooLarge(Refusal):
    """More bytes than are taken: 413."""

    code = "too_large"
    status = 413
    said = Said("内容太大，无法接收。", "This is too large.")


class WrongKind(Refusal):
    """Not a kind of file that is taken: 415."""

    code = "file_type"
    status = 415
    said = Said(
        "不支持这种文件，可发送 JPG、PNG、WebP、PDF 或纯文本。",
        "This kind of file is not taken. JPG, PNG, WebP, PDF and plain text are.",
    )


class BadPicture(WrongKind):
    """A picture that cannot be read, or has more than 25 megapixels."""

    code = "bad_picture"
    said = Said(
        "图片无法读取，或超过 2500 万像素。请换一张或缩小后再发。",
        "This picture cannot be read, or is over 25 megapixels. Please send another or a smaller one.",
    )


class Infected(WrongKind):
    """The virus scanner found something in it."""

    code = "infected"
    said = Said("病毒扫描发现问题，文件未保存。", "The virus scanner found something; the file was not kept.")


class DaysBudget(TooMany):
    """More uploads than one person may send in 24 hours: 429."""

    code = "upload_budget"
    said = Said("24 小时内上传的文件已达上限，请明天再发。", "You have uploaded as much as 24 hours allow.")


def media_type_of(name: str, head: bytes) -> str:
    """Return the media type that both the name's ending and the first bytes tell of.

    Raises:
        WrongKind: they tell different stories, or of a kind that is not taken.
    """
    found = _SIGNATURES.get(PurePosixPath(name).suffix.removeprefix(".").lower())
    if found is None:
        raise WrongKind("an ending that is not taken")
    media_type, starts = found
    fits = head.startswith(starts) if starts else _is_text(head)
    if media_type == "image/webp":
        fits = fits and head[8:12] == b"WEBP"
    if not fits:
        raise WrongKind("the content is not what the name says")
    return media_type


def shown_name(name: str) -> str:
    """Return a sender's file name made fit to be shown: no folders, no invisible marks, at most 120 characters."""
    base = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    seen = "".join(ch for ch in base if unicodedata.category(ch)[0] != "C")
    clean = _FORBIDDEN.sub("_", seen).strip(". ") or "file"
    stem, dot, ending = clean.rpartition(".")
    return f"{stem[: 119 - len(ending)]}.{ending}" if dot and len(ending) <= 20 else clean[:120]


def _is_text(head: bytes) -> bool:
    # Markup that calls itself text is not taken, whatever it would be served as.
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return start != b"<" and not any(byte < 9 or 13 < byte < 32 for byte in head)


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The desk's side of the blob store."""

    database: Database
    blobs: Blobs
    clock: Clock
    uploads: Uploads = field(default_factory=Uploads)

    async def keep(self, who: Who, name: str, chunks: AsyncIterator[bytes]) -> FileRow:
        """Store an upload; it is the agent's alone until a reply takes it along.

        Raises:
            TooLarge: over ten MiB. WrongKind: not of a kind that is taken, or no readable picture.
            Infected: a scanner found something. DaysBudget: too much for one day. Nothing is kept then.
        """
        assert who.agent_id is not None
        name, agent_id, now = shown_name(name), who.agent_id, self.clock.now()
        used = await self.database.read(lambda tx: used_by_agent(tx, agent_id, now))
        checked = await checked_start(name, chunks)
        passing = self.uploads.passing(checked.run(), checked.media_type, used)
        try:
            blob, size = await self.blobs.put_chunks(passing.run())
        except NotTaken as error:
            raise _REFUSALS[error.code](str(error)) from error
        row = FileRow(
            id=self.clock.chance(16).hex(),
            name=name,
            media_type=checked.media_type,
            size=size,
            blob=blob,
            scanned=passing.is_scanned,
        )
        await self.database.write(lambda tx: add_upload(tx, row, agent_id=agent_id, now=now))
        return row

    async def find(self, who: Who, id: str) -> FileRow:
        """Return a file this person may open.

        Raises:
            NotFound: there is none, or it is not for them.
        """
        sight = sight_of(who)
        found = await self.database.read(lambda tx: file_for_agent(tx, sight, id))
        if found is None:
            raise NotFound(f"no file {id}")
        return found


async def checked_start(name: str, chunks: AsyncIterator[bytes]) -> "_Checked":
    """Return the upload, its beginning read and found to be what the name says.

    Raises:
        WrongKind: it is something else.
    """
    head = b""
    while len(head) < _HEAD and (chunk := await anext(chunks, b"")):
        head += chunk
    return _Checked(media_type_of(name, head[:_HEAD]), head, chunks)


class _Checked:
    """Passes chunks on while they are few enough."""

    def __init__(self, media_type: str, head: bytes, chunks: AsyncIterator[bytes]) -> None:
        self.media_type, self._head, self._chunks = media_type, head, chunks

    async def run(self) -> AsyncIterator[bytes]:
        yield self._head
        size = len(self._head)
        async for chunk in self._chunks:
            size += len(chunk)
            if size > LARGEST:
                raise TooLarge(f"more than {LARGEST} bytes")
            yield chunk


_REFUSALS: dict[str, type[Refusal]] = {"picture": BadPicture, "infected": Infected, "budget": DaysBudget}
