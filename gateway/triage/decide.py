"""From scores to one answer: the fields are decided together, because the guidelines tie them to each other."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gateway.triage.fields import (
    ANOMALIES,
    DEPARTMENTS,
    IDENTITY,
    SLICES,
    TYPES,
    URGENCIES,
    Scores,
    probabilities,
)

UNLIKELY = 0.02
"""What a combination against the guidelines keeps of its probability: they are written by people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One value for each field, and how sure."""

    type: str
    urgency: str
    anomaly: str
    department: str
    needs_identity: bool
    confidence: Mapping[str, float]


def _fits() -> NDArray[np.float64]:
    """Return how well type, anomaly and urgency go together: 1, or UNLIKELY.

    A grievance is a complaint; a loss or a failure is a complaint or after-sale; whatever else is told has no
    anomaly. Publicity, losses and failures are never without haste.
    """
    found = np.full((len(TYPES), len(ANOMALIES), len(URGENCIES)), UNLIKELY)
    allowed = {
        "none": [t for t in TYPES if t != "complaint"],
        "complaint": ["complaint"],
        "media": ["complaint"],
        "serious": ["complaint", "aftersale"],
        "outage": ["complaint", "aftersale"],
    }
    for anomaly, types in allowed.items():
        for type_ in types:
            least = 1 if anomaly in ("media", "serious", "outage") else 0
            found[TYPES.index(type_), ANOMALIES.index(anomaly), least:] = 1.0
    return found


_FITS = _fits()
_OWNS = np.array([[0.03 if department == "pr" else 1.0 for department in DEPARTMENTS] for _ in ANOMALIES])
_OWNS[ANOMALIES.index("media")] = [1.0 if department == "pr" else 0.02 for department in DEPARTMENTS]
_OWNS[ANOMALIES.index("outage")] = [1.0 if department == "tech" else 0.1 for department in DEPARTMENTS]
_NEVER_OWN = frozenset({"presale", "suggestion", "none", "human"})
"""Types that need nobody's identity."""


def decide(scores: Scores) -> Decision:
    """Return the answer that the scores of all fields together make most probable."""
    p = probabilities(scores)
    joint = (
        _FITS * p[SLICES["type"]][:, None, None] * p[SLICES["anomaly"]][None, :, None] * p[SLICES["urgency"]]
    )
    joint /= joint.sum()
    pairs = joint.sum(axis=2)
    at_type, at_anomaly = divmod(int(pairs.argmax()), len(ANOMALIES))
    urgency = joint[at_type, at_anomaly] / pairs[at_type, at_anomaly]
    owners = _OWNS[at_anomaly] * p[SLICES["department"]]
    owners /= owners.sum()
    type_ = TYPES[at_type]
    identity = float(p[SLICES[IDENTITY]][1]) * (0.1 if type_ in _NEVER_OWN else 1.0)
    return Decision(
        type=type_,
        anomaly=ANOMALIES[at_anomaly],
        urgency=URGENCIES[int(urgency.argmax())],
        department=DEPARTMENTS[int(owners.argmax())],
        needs_identity=identity >= 0.5,
        confidence={
            "type": float(pairs[at_type].sum()),
            "urgency": float(joint.sum(axis=(0, 1))[int(urgency.argmax())]),
            "anomaly": float(pairs[:, at_anomaly].sum()),
            "department": float(owners.max()),
            IDENTITY: max(identity, 1 - identity),
        },
    )
