"""Files by the hash of their content: ``aa/<sha256>``, written once, never under a name a sender chose."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from gateway.store.database import StoreUnavailable

CHUNK = 256 * 1024


class Blobs:
    """A folder of content-addressed files, mode 0600; the bytes are on disk before a name for them is known."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def put(self, content: bytes) -> str:
        """Store bytes and return their hash; the same bytes twice are one file."""
        return await asyncio.to_thread(self.put_now, [content])

    async def put_chunks(self, chunks: AsyncIterator[bytes]) -> tuple[str, int]:
        """Store a stream without holding it in memory; return hash and size."""
        writing = await asyncio.to_thread(_Writing, self.folder)
        try:
            async for chunk in chunks:
                await asyncio.to_thread(writing.add, chunk)
            return await asyncio.to_thread(writing.keep), writing.size
        except BaseException:
            writing.drop()
            raise

    def put_now(self, chunks: Iterable[bytes]) -> str:
        """Store bytes from a thread.

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

    def path(self, digest: str) -> Path:
        """Return where the bytes of a hash lie."""
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise ValueError("not a sha256")
        return self.folder / digest[:2] / digest

    def read_now(self, digest: str) -> Iterator[bytes]:
        """Yield the bytes in chunks, from a thread."""
        with self.path(digest).open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk

    async def read(self, digest: str) -> bytes:
        """Return all the bytes of a hash."""
        return await asyncio.to_thread(lambda: self.path(digest).read_bytes())

    async def chunks(self, digest: str) -> AsyncIterator[bytes]:
        """Yield the bytes without holding them all."""
        file = await asyncio.to_thread(self.path(digest).open, "rb")
        try:
            while chunk := await asyncio.to_thread(file.read, CHUNK):
                yield chunk
        finally:
            file.close()


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
