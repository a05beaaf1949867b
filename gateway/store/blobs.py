"""Sealed files by the hash of what lies on disk: ``aa/<sha256>``, written once, never under a name a sender chose.

Each file has a key of its own. In memory the two go together as ``<sha256>.<key>``; in the database the key is a
sealed cell of the row that names the file (``files.seal_file_row``). A name without a key is a file from before, in
the clear. Whoever holds no key can still tell from the name that the bytes are whole.
"""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import orjson

from gateway.sealing.cells import from_text, to_text
from gateway.sealing.files import Sealing, new_file_key, open_chunks, opened_size, seal_chunks
from gateway.store.database import StoreUnavailable

CHUNK = 256 * 1024
RAW_KEY_FIELD = "raw_secret"
"""Where a stored Inbound's JSON holds the key of the file with its raw form."""


class Blobs:
    """A folder of content-addressed files, mode 0600; the bytes are on disk before a name for them is known."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def put(self, content: bytes) -> str:
        """Seal and store bytes; return their name with the key. The same bytes twice are two files."""
        return await asyncio.to_thread(self._seal_now, [content])

    async def put_chunks(self, chunks: AsyncIterator[bytes]) -> tuple[str, int]:
        """Seal and store a stream without holding it in memory; return its name with the key, and its own size."""
        writing = await asyncio.to_thread(_Writing, self.folder)
        secret, size = new_file_key(), 0
        sealing = Sealing(secret)
        try:
            async for chunk in chunks:
                size += len(chunk)
                await asyncio.to_thread(_pass_on, sealing, writing, chunk)
            await asyncio.to_thread(_pass_on, sealing, writing, None)
            return named(await asyncio.to_thread(writing.keep), secret), size
        except BaseException:
            writing.drop()
            raise

    def put_now(self, chunks: Iterable[bytes]) -> str:
        """Store bytes as they are, from a thread: files of a backup are sealed already.

        Raises:
            StoreUnavailable: the disk will not have it; nothing was kept.
        """
        writing = _Writing(self.folder)
        try:
            for chunk in chunks:
                writing.add(chunk)
            return writing.keep()
        except BaseException:
            writing.drop()
            raise

    def _seal_now(self, chunks: Iterable[bytes]) -> str:
        secret = new_file_key()
        return named(self.put_now(seal_chunks(secret, chunks)), secret)

    def path(self, name: str) -> Path:
        """Return where the bytes of a name lie."""
        digest = digest_of(name)
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise ValueError("not a sha256")
        return self.folder / digest[:2] / digest

    def size(self, name: str) -> int:
        """Return how many bytes ``read`` would give."""
        on_disk = self.path(name).stat().st_size
        return on_disk if secret_of(name) is None else opened_size(on_disk)

    def read_now(self, name: str) -> Iterator[bytes]:
        """Yield the opened bytes in chunks, from a thread.

        Raises:
            Unreadable: the file was changed; what came before is whole.
        """
        secret = secret_of(name)
        pieces = self._pieces(name)
        return pieces if secret is None else open_chunks(secret, pieces)

    async def read(self, name: str) -> bytes:
        """Return all the opened bytes of a name."""
        return await asyncio.to_thread(lambda: b"".join(self.read_now(name)))

    async def chunks(self, name: str) -> AsyncIterator[bytes]:
        """Yield the opened bytes without holding them all."""
        pieces = self.read_now(name)
        while True:
            piece = await asyncio.to_thread(next, pieces, None)
            if piece is None:
                return
            if piece:
                yield piece

    def _pieces(self, name: str) -> Iterator[bytes]:
        with self.path(name).open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


def _pass_on(sealing: Sealing, writing: "_Writing", piece: bytes | None) -> None:
    writing.add(sealing.end() if piece is None else sealing.add(piece))


def named(digest: str, secret: bytes | None) -> str:
    """Return a file's name with its key, as it goes about in memory; never write it down or log it."""
    return digest if secret is None else f"{digest}.{to_text(secret)}"


def digest_of(name: str) -> str:
    """Return the part of a name that may be written down."""
    return name.partition(".")[0]


def raw_name(raw_blob: str | None, body: str) -> str | None:
    """Return the name of a raw form's file with the key that its body holds; None where there is no file."""
    if raw_blob is None:
        return None
    try:
        secret = orjson.loads(body).get(RAW_KEY_FIELD)
    except (orjson.JSONDecodeError, AttributeError):  # a damaged row stops nobody; its file stays shut
        secret = None
    return named(raw_blob, from_text(secret) if secret else None)


def secret_of(name: str) -> bytes | None:
    """Return the key that goes with a name; None for a file in the clear."""
    secret = name.partition(".")[2]
    return from_text(secret) if secret else None


class _Writing:
    def __init__(self, folder: Path) -> None:
        self.folder, self.size, self._hash = folder, 0, hashlib.sha256()
        try:
            (folder / "tmp").mkdir(parents=True, exist_ok=True, mode=0o700)
            self._temporary = folder / "tmp" / os.urandom(16).hex()
            self._file = os.open(self._temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise StoreUnavailable(f"the file cannot be stored: {error}") from error

    def add(self, chunk: bytes) -> None:
        self._hash.update(chunk)
        self.size += len(chunk)
        view = memoryview(chunk)
        try:
            while view:
                view = view[os.write(self._file, view) :]
        except OSError as error:
            raise StoreUnavailable(f"the file cannot be stored: {error}") from error

    def keep(self) -> str:
        digest = self._hash.hexdigest()
        try:
            os.fsync(self._file)
            os.close(self._file)
            home = self.folder / digest[:2]
            home.mkdir(mode=0o700, exist_ok=True)
            os.replace(self._temporary, home / digest)
            handle = os.open(home, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)
        except OSError as error:
            raise StoreUnavailable(f"the file cannot be stored: {error}") from error
        return digest

    def drop(self) -> None:
        with suppress(OSError):  # closed already: keep() had got that far
            os.close(self._file)
        self._temporary.unlink(missing_ok=True)
