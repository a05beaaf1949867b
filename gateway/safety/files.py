"""Files that are there whole or not at all, and their hashes."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

CHUNK = 1024 * 1024


class Hashing:
    """A file being read, hashed as it goes by."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._hash, self.size = file, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        chunk = self._file.read(size)
        self._hash.update(chunk)
        self.size += len(chunk)
        return chunk

    def chunks(self) -> Iterator[bytes]:
        """Yield all that remains."""
        while chunk := self.read(CHUNK):
            yield chunk

    @property
    def digest(self) -> str:
        """The sha256 of what was read so far."""
        return self._hash.hexdigest()


def hash_of(path: Path) -> tuple[str, int]:
    """Return a file's sha256 and size."""
    with path.open("rb") as file:
        hashing = Hashing(file)
        for _ in hashing.chunks():
            pass
    return hashing.digest, hashing.size


def copy_to(source: Hashing, path: Path) -> None:
    """Write all of ``source`` to a new file, mode 0600, and have it on disk."""
    make_folders(path.parent)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        for chunk in source.chunks():
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def make_folders(folder: Path) -> None:
    """Make a folder and those above it, none of them for other eyes (``mkdir(parents=True)`` minds the last only)."""
    if not folder.exists():
        make_folders(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def sync(path: Path) -> None:
    """Have a file, or a folder's list of names, on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """Have the names in ``folder`` and below it on disk."""
    for each in sorted(path for path in folder.rglob("*") if path.is_dir()):
        sync(each)
    sync(folder)
