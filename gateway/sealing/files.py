"""Sealed files: chunks of 64 KiB in the manner of STREAM, so that order and end are bound and none is held whole.

``IGF1``, then seven bytes of nonce; then each chunk with its tag, under the nonce + its number + whether it is the
last. Every file has a key of its own: seal that as a cell of the row which names the file.
"""

import os
from collections.abc import Iterable, Iterator

from gateway.sealing.cells import Key, Unreadable

MAGIC = b"IGF1"
PREFIX, TAG = 7, 16
CHUNK = 64 * 1024
HEAD = len(MAGIC) + PREFIX


def new_file_key() -> bytes:
    """Return a key for one file."""
    return os.urandom(Key.size)


class Sealing:
    """Seals a stream whose pieces are handed in one after the other, of any size; holds no more than a chunk of it."""

    def __init__(self, secret: bytes) -> None:
        self._key, self._prefix, self._at = Key("file", secret), os.urandom(PREFIX), 0
        self._held, self._ready = bytearray(), bytearray(MAGIC + self._prefix)

    def add(self, piece: bytes) -> bytes:
        """Take a piece; return what of the sealed file is ready by now."""
        self._held += piece
        while len(self._held) > CHUNK:  # more than one: only then is it known not to be the last
            self._chunk(bytes(self._held[:CHUNK]), is_last=False)
            del self._held[:CHUNK]
        return self._taken()

    def end(self) -> bytes:
        """Return the rest of the sealed file."""
        self._chunk(bytes(self._held), is_last=True)
        return self._taken()

    def _chunk(self, chunk: bytes, *, is_last: bool) -> None:
        self._ready += self._key.encrypt(_nonce(self._prefix, self._at, is_last), chunk, MAGIC)
        self._at += 1

    def _taken(self) -> bytes:
        ready = bytes(self._ready)
        self._ready.clear()
        return ready


def seal_chunks(secret: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the sealed file of ``pieces`` (of any size), never holding more than a chunk and a piece."""
    sealing = Sealing(secret)
    for piece in pieces:
        yield sealing.add(piece)
    yield sealing.end()


def open_chunks(secret: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what was sealed; each chunk is proven before it is given out.

    Raises:
        Unreadable: it was changed, cut off, or continued; what came before is whole, what follows never comes.
    """
    key, rest = Key("file", secret), iter(pieces)
    head = b""
    while len(head) < HEAD:
        piece = next(rest, None)
        if piece is None:
            break
        head += piece
    if head[: len(MAGIC)] != MAGIC or len(head) < HEAD:
        raise Unreadable("no cell", "no sealed file")
    prefix = head[len(MAGIC) : HEAD]
    for at, (chunk, is_last) in enumerate(_regular(_after(head[HEAD:], rest), CHUNK + TAG)):
        yield key.decrypt(_nonce(prefix, at, is_last), chunk, MAGIC)


def seal_file(secret: bytes, data: bytes) -> bytes:
    """Return a sealed file of what is in memory already."""
    return b"".join(seal_chunks(secret, (data,)))


def open_file(secret: bytes, sealed: bytes) -> bytes:
    """Return the whole of a sealed file; ``Unreadable`` where ``open_chunks`` says so."""
    return b"".join(open_chunks(secret, (sealed,)))


def sealed_size(size: int) -> int:
    """Return how long a file of ``size`` bytes is once sealed."""
    return HEAD + size + TAG * max(1, -(-size // CHUNK))


def opened_size(size: int) -> int:
    """Return how long what a sealed file of ``size`` bytes holds is."""
    body = size - HEAD
    return body - TAG * max(1, -(-body // (CHUNK + TAG)))


def _nonce(prefix: bytes, at: int, is_last: bool) -> bytes:
    return prefix + at.to_bytes(4, "big") + bytes((is_last,))


def _after(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _regular(pieces: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """Yield pieces of exactly ``size`` bytes and whether each is the last; an empty whole is one empty piece."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) > size:  # more than one: only then is it known not to be the last
            yield bytes(held[:size]), False
            del held[:size]
    yield bytes(held), True
