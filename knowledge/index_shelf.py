"""An index kept on disk between two starts: plain arrays, good only for the same phrasings and the same code."""

from __future__ import annotations

import hashlib
import os
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.features import Reader
from knowledge.index import Index
from knowledge.postings import Postings
from knowledge.reading_code import code_digest

Groups = Sequence[Sequence[str]]
ARRAYS = ("scales", "group_features", "group_sizes", "within", "counts", "sizes", "phrasings", "order")


_DAMAGE = (
    OSError,
    ValueError,
    LookupError,
    EOFError,
    NotImplementedError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


class ShelfRefused(Exception):
    """What lies on the shelf is damaged or foreign; it is passed over and written anew."""


@dataclass(frozen=True, slots=True)
class IndexShelf:
    """One file, replaced whole; never a pickle, so that reading it can run nothing."""

    file: Path
    key: str = ""
    """What else the index depends on: the house's synonyms."""

    def take(self, groups: Groups, reader: Reader) -> Index | None:
        """Return the index of exactly these groups; None where another one, or none that can be read, lies here."""
        try:
            kept = self._read(self._digest(groups))
            return None if kept is None else _index(kept, groups, reader)
        except FileNotFoundError:
            return None
        except _DAMAGE as error:
            raise ShelfRefused(f"{self.file}: {error}") from error

    def put(self, groups: Groups, index: Index) -> None:
        """Keep an index; a crash meanwhile leaves the old file.

        Raises:
            OSError: the file cannot be written.
        """
        kept = {name: getattr(index.postings, name) for name in ARRAYS}
        kept["names"] = _bytes("\n".join(index.postings.vocabulary))
        kept["numbers"] = np.fromiter(index.postings.vocabulary.values(), dtype=np.int32)
        kept["digest"] = _bytes(self._digest(groups))
        if index.head is not None:
            kept["head"] = index.head
        self.file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.file.with_suffix(f".{os.getpid()}.new")
        try:
            with fresh.open("wb") as out:
                np.savez(out, allow_pickle=False, **kept)
            fresh.replace(self.file)
        finally:
            fresh.unlink(missing_ok=True)

    def _read(self, digest: str) -> Mapping[str, NDArray[Any]] | None:
        with np.load(self.file, allow_pickle=False) as kept:
            if bytes(kept["digest"]).decode("ascii") != digest:
                return None
            return {name: kept[name] for name in kept.files}

    def _digest(self, groups: Groups) -> str:
        text = "\x1e".join("\x1f".join(group) for group in groups)
        digest = hashlib.blake2b(text.encode(), digest_size=16)
        digest.update(f"\x1d{code_digest()}\x1d{self.key}".encode())
        return digest.hexdigest()


def _index(kept: Mapping[str, NDArray[Any]], groups: Groups, reader: Reader) -> Index:
    names = bytes(kept["names"]).decode().split("\n")
    vocabulary = dict(zip(names, kept["numbers"].tolist(), strict=True))
    postings = Postings(vocabulary=vocabulary, **{name: kept[name] for name in ARRAYS})
    _prove(postings, groups)
    return Index(groups, reader, postings=postings, head=kept.get("head"))


def _prove(postings: Postings, groups: Groups) -> None:
    """Check what a damaged file could otherwise turn into wrong answers or an error far from here."""
    held, features = len(postings.within), len(postings.group_features)
    is_whole = (
        postings.phrasings.tolist() == [len(group) for group in groups]
        and len(postings.group_sizes) == len(groups)
        and int(postings.group_sizes.sum()) == features
        and len(postings.sizes) == int(postings.phrasings.sum())
        and int(postings.sizes.sum()) == held == len(postings.counts)
        and len(postings.order) == held
        and max(postings.vocabulary.values(), default=0) < len(postings.scales)
    )
    if not is_whole:
        raise ValueError("the arrays do not fit together")


def _bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)
