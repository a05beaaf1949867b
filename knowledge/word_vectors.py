"""What English words mean, as vectors: "money back" lies near "refund" although they share no letter.

The vectors are those that the package ``wordllama`` (extra ``words``) ships in its wheel. Its code is never imported:
a word is cut into the pieces that have a vector here, and single rows are read from the file as words come up, so
that 16 MB of weights take no memory. Nothing is fetched at run time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.normalize import is_cjk, runs

Vector = NDArray[np.float32]

DIMENSIONS = 64
"""Of the 256 a row has: they were trained so that the first ones say the most; more gains 0.1 points."""
REMEMBERED = 12_000
LONGEST_WORD = 30
_PIECE = re.compile("\u2581?[0-9a-z\u00c0-\u024f]*")
_FOLDER = "wordllama"
_ROWS, _PIECES = "weights/l2_supercat_256.safetensors", "tokenizers/l2_supercat_tokenizer_config.json"


class WordVectors:
    """Vectors of words, read from two files as they are needed; safe to use from many threads."""

    def __init__(self, rows: Path, pieces: Path) -> None:
        """Read which pieces there are; ``rows`` is a safetensors file with one matrix of float16.

        Raises:
            OSError, ValueError, LookupError: the files are not there, or not of this kind.
        """
        self._pieces = _read_pieces(pieces.read_text(encoding="utf-8"))
        self._rows = rows
        with rows.open("rb") as file:
            size = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(size))
        (matrix,) = (value for name, value in header.items() if name != "__metadata__")
        if matrix["dtype"] != "F16" or matrix["shape"][0] <= max(self._pieces.values()):
            raise ValueError(f"{rows}: not the vectors of {pieces}")
        self._start, self._width = 8 + size + matrix["data_offsets"][0], 2 * matrix["shape"][1]
        self._known: dict[str, Vector] = {}

    def of(self, folded: str, meant: Callable[[str], str | None] | None = None) -> Vector | None:
        """Return the sum of the words' vectors at length 1; None for a text without words, or with Chinese in it.

        ``meant`` says for which word an uncommon one was mistyped, if for any.
        """
        words = runs(folded)
        if not words or any(is_cjk(word) for word in words):
            return None
        if meant is not None:
            words = [word if self.is_common(word) else self._spelled(meant(word)) or word for word in words]
        total = sum((self._word(word) for word in words), np.zeros(DIMENSIONS, dtype=np.float32))
        length = float(np.sqrt(total @ total))
        return total / np.float32(length) if length else None

    def _spelled(self, root: str | None) -> str | None:
        """Return a word of this stem, which may have lost its last letter."""
        return root and next((root + end for end in ("", "e", "y") if self.is_common(root + end)), root)

    def middle(self, phrasings: Iterable[str]) -> Vector:
        """Return the direction of the phrasings' sum; zeros where none of them has a vector."""
        found = [vector for text in phrasings if (vector := self.of(text)) is not None]
        total = sum(found, np.zeros(DIMENSIONS, dtype=np.float32))
        return total / np.float32(np.sqrt(total @ total) or 1)

    def _word(self, word: str) -> Vector:
        known = self._known.get(word)
        if known is None:
            if len(self._known) >= REMEMBERED:
                self._known = {}
            known = self._known[word] = self._sum(self._cut(word[:LONGEST_WORD]))
        return known

    def is_common(self, word: str) -> bool:
        """Say whether the word is so common that it is one piece: then it is no typing mistake."""
        return "\u2581" + word in self._pieces

    def _cut(self, word: str) -> list[int]:
        """Join letters into pieces as the vectors' makers did: always the neighbours whose joint piece comes first."""
        parts = ["\u2581", *word]
        while len(parts) > 1:
            joint = [self._pieces.get(one + other, -1) for one, other in pairwise(parts)]
            best = min((number for number in joint if number >= 0), default=-1)
            if best < 0:
                break
            at = joint.index(best)
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
        return [self._pieces[part] for part in parts if part in self._pieces]

    def _sum(self, numbers: Iterable[int]) -> Vector:
        total = np.zeros(DIMENSIONS, dtype=np.float32)
        with self._rows.open("rb", buffering=0) as file:
            for number in numbers:
                file.seek(self._start + number * self._width)
                total += np.frombuffer(file.read(2 * DIMENSIONS), dtype="<f2")
        return total


@lru_cache(maxsize=1)
def word_vectors() -> WordVectors | None:
    """Return the vectors of the extra ``words``; None where it is not installed or holds other files."""
    spec = find_spec(_FOLDER)
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(next(iter(spec.submodule_search_locations)))
    try:
        return WordVectors(folder / _ROWS, folder / _PIECES)
    except (OSError, ValueError, LookupError):
        return None


def _read_pieces(text: str) -> dict[str, int]:
    """Return the pieces that folded words can have, by reading the vocabulary alone: the rest would fill memory."""
    start = text.index("{", text.index('"vocab"'))
    known, _ = json.JSONDecoder(object_pairs_hook=_foldable).raw_decode(text, start)
    if not known:
        raise ValueError("no pieces of words")
    return known  # type: ignore[no-any-return]  # raw_decode returns what the hook made


def _foldable(pairs: list[tuple[str, int]]) -> dict[str, int]:
    return {piece: number for piece, number in pairs if _PIECE.fullmatch(piece)}
