"""The fitted weights of the evidence: what speaks for an entry, and what for "none of these"."""

from __future__ import annotations

from typing import NamedTuple


class Evidence(NamedTuple):
    """What was found for one entry, each number at most about 1; 0 also where it was not looked for."""

    best: float
    """The cosine, by letters and words, to its nearest phrasing."""
    centroid: float
    """The cosine to the middle of its phrasings."""
    coverage: float
    """How much of the message stands in any of its phrasings."""
    head: float
    """The vote of the head, which knows what tells the entries apart."""
    meaning: float
    """The cosine of the words' meanings to the middle of its phrasings' meanings."""


class Weights(NamedTuple):
    """One weight for each kind of evidence, for an entry and, by the highest found, for none; ``none`` in any case."""

    entry: Evidence
    none: float
    highest: Evidence


ROUGH = Evidence(best=8.4, centroid=16.1, coverage=0.0, head=0.0, meaning=8.0)
"""What a group needs to be weighed at all."""

FITTED: dict[tuple[bool, bool], Weights] = {
    (True, True): Weights(
        Evidence(best=2.143, centroid=1.181, coverage=4.396, head=6.598, meaning=8.094),
        3.987,
        Evidence(best=-3.358, centroid=1.279, coverage=2.506, head=2.088, meaning=5.361),
    ),
    (True, False): Weights(
        Evidence(best=2.648, centroid=9.275, coverage=4.779, head=5.201, meaning=0),
        4.441,
        Evidence(best=-2.712, centroid=2.681, coverage=3.108, head=1.021, meaning=0),
    ),
    (False, True): Weights(
        Evidence(best=4.007, centroid=7.185, coverage=5.247, head=0, meaning=8.167),
        3.926,
        Evidence(best=-2.668, centroid=3.876, coverage=2.819, head=0, meaning=5.933),
    ),
    (False, False): Weights(
        Evidence(best=4.207, centroid=14.502, coverage=5.216, head=0, meaning=0),
        4.118,
        Evidence(best=-2.030, centroid=8.240, coverage=2.558, head=0, meaning=0),
    ),
}
"""By whether there is a head, and whether the message has a meaning; printed by benchmarks/faq_fit.py."""
