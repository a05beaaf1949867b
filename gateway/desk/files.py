"""Files that agents send: which are taken, and where they are kept."""

import re
import unicodedata
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from gateway.desk.accounts import Clock
from gateway.desk.rights import Who, sight_of
from gateway.errors import NotFound, Refusal, Said
from gateway.store.attachments import FileRow, add_upload, file_for_agent
from gateway.store.blobs import Blobs
from gateway.store.database import Database

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

    async def keep(self, who: Who, name: str, chunks: AsyncIterator[bytes]) -> FileRow:
        """Store an upload; it is the agent's alone until a reply takes it along.

        Raises:
            TooLarge: over ten MiB. WrongKind: not of a kind that is taken. Nothing is kept then.
        """
        assert who.agent_id is not None
        name, agent_id, now = shown_name(name), who.agent_id, self.clock.now()
        checked = _Checked(name, chunks)
        blob, size = await self.blobs.put_chunks(checked.run())
        row = FileRow(
            id=self.clock.chance(16).hex(), name=name, media_type=checked.media_type, size=size, blob=blob
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


class _Checked:
    """Passes chunks on while they are few enough and begin as the name says."""

    def __init__(self, name: str, chunks: AsyncIterator[bytes]) -> None:
        self._name, self._chunks = name, chunks
        self.media_type = ""

    async def run(self) -> AsyncIterator[bytes]:
        head, size = b"", 0
        async for chunk in self._chunks:
            size += len(chunk)
            if size > LARGEST:
                raise TooLarge(f"more than {LARGEST} bytes")
            if self.media_type:
                yield chunk
                continue
            head += chunk
            if len(head) >= _HEAD:
                self.media_type = media_type_of(self._name, head[:_HEAD])
                yield head
        if not self.media_type:
            self.media_type = media_type_of(self._name, head[:_HEAD])
            yield head
