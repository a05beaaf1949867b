"""An encoder for tools that build many matchers of nearly the same texts: each text is encoded once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from knowledge.semantic import Encoder, Vectors


class MemoEncoder:
    """Keeps the vector of every text it was ever asked for: 2 kB each, so not for a server."""

    def __init__(self, encoder: Encoder) -> None:
        self.name = encoder.name
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row of length 1 for each text."""
        if new := [text for text in dict.fromkeys(texts) if text not in self._known]:
            self._known.update(zip(new, self._encoder.encode(new), strict=True))
        return np.stack([self._known[text] for text in texts]) if texts else self._encoder.encode(texts)
