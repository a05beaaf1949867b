"""The scorer of the extra ``semantic``: cosines by words and by meaning, and a head that was trained on both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np

from knowledge.features import Reader
from knowledge.index import Index
from knowledge.outcome import Thresholds
from knowledge.scorer import Candidate
from knowledge.semantic import Encoder
from knowledge.words_and_meaning import WordsAndMeaning

THRESHOLDS = Thresholds(answer=0.82, offer=0.50)
"""Where 95 of 100 answers are right on the bench's FAQs, each judged by the others (benchmarks/faq_plug.py)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SemanticConstants:
    """The fitted weights: what speaks for a group, then what speaks for "none of these"."""

    best: float
    centroid: float
    near_best: float
    near_centroid: float
    head: float
    none: float
    none_best: float
    none_centroid: float
    none_near_best: float
    none_near_centroid: float
    none_head: float


# Fitted by benchmarks/faq_fit_semantic.py; the second set is for FAQs too large for a head.
WITH_HEAD = SemanticConstants(
    best=4.476,
    centroid=0.138,
    near_best=-0.631,
    near_centroid=12.614,
    head=7.110,
    none=5.294,
    none_best=-0.269,
    none_centroid=4.098,
    none_near_best=2.780,
    none_near_centroid=4.588,
    none_head=-3.711,
)
WITHOUT_HEAD = SemanticConstants(
    best=6.597,
    centroid=5.457,
    near_best=2.321,
    near_centroid=16.822,
    head=0.0,
    none=4.841,
    none_best=-1.191,
    none_centroid=7.053,
    none_near_best=3.999,
    none_near_centroid=8.337,
    none_head=0.0,
)


def shipped_thresholds(encoder: Encoder | None) -> Thresholds:
    """Return the thresholds found to hold on FAQs in general, with an encoder or by words alone."""
    return Thresholds() if encoder is None else THRESHOLDS


class SemanticScorer:
    """Groups of folded phrasings, as ``knowledge.scorer.Scorer`` reads them; read-only once built."""

    def __init__(
        self,
        groups: Sequence[Sequence[str]],
        encoder: Encoder,
        reader: Reader | None = None,
        index: Index | None = None,
    ) -> None:
        """Take the ``index`` of these groups where there is one already; every phrasing is encoded."""
        reader = reader or Reader()
        self._both = WordsAndMeaning(groups, index or Index(groups, reader), encoder) if groups else None

    @property
    def index(self) -> Index | None:
        """The index; None without groups."""
        return self._both.index if self._both else None

    def prepare(self, folded: Sequence[str]) -> None:
        """Read several texts that will be ranked: all at once they take less time."""
        if self._both is not None:
            self._both.prepare(folded)

    def rank(self, folded: str) -> list[Candidate]:
        """Return the likeliest groups, best first; their probabilities leave room for "none of these"."""
        found = self._both.weighed(folded) if self._both else None
        if found is None:
            return []
        weights = np.array(astuple(WITH_HEAD if found.has_head else WITHOUT_HEAD))
        value = np.append(found.rows @ weights[:5], weights[5] + found.highest @ weights[6:])
        share = np.exp(value - value.max())
        share /= share.sum()
        return [
            Candidate(int(found.chosen[n]), float(share[n]), found.phrasings[n])
            for n in np.argsort(-share[:-1], kind="stable")
        ]
