"""The fields of a triage and their values, in the order in which scores stand in a vector."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

TYPES = ("presale", "aftersale", "complaint", "change", "suggestion", "none", "human")
URGENCIES = ("normal", "urgent", "critical")
ANOMALIES = ("none", "complaint", "serious", "outage", "media")
DEPARTMENTS = ("support", "tech", "logistics", "aftersales", "finance", "pr")
IDENTITY = "needs_identity"

FIELDS: Mapping[str, tuple[str, ...]] = {
    "type": TYPES,
    "urgency": URGENCIES,
    "anomaly": ANOMALIES,
    "department": DEPARTMENTS,
    IDENTITY: ("no", "yes"),
}
"""Each field with its values; every one is decided among its values by a softmax over scores."""

WIDTH = sum(len(values) for values in FIELDS.values())
"""How long a vector of scores is."""

Scores = NDArray[np.float64]


def _slices() -> Mapping[str, slice]:
    begin, found = 0, {}
    for field, values in FIELDS.items():
        found[field] = slice(begin, begin + len(values))
        begin += len(values)
    return found


SLICES: Mapping[str, slice] = _slices()
"""Where each field stands in a vector of scores."""


def place(field: str, value: str) -> int:
    """Return where the score of ``value`` of ``field`` stands in a vector."""
    return int(SLICES[field].start) + FIELDS[field].index(value)


_STARTS = np.array([part.start for part in SLICES.values()])
_LENGTHS = np.array([part.stop - part.start for part in SLICES.values()])


def probabilities(scores: Scores) -> Scores:
    """Return the softmax of each field's scores."""
    # One exponential for all fields: they lie far less apart than a float reaches.
    powers = np.exp(np.maximum(scores - scores.max(), -600.0))
    found: Scores = powers / np.repeat(np.add.reduceat(powers, _STARTS), _LENGTHS)
    return found
