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

LEAN = {
    "urgency": {"critical": 1.3},
    "anomaly": {"serious": 1.0, "outage": 1.0, "media": 1.0},
}
"""Log-odds by which rare things are preferred: to miss one costs more than to look once for nothing. Chosen by cross-validation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One value for each field, and how sure."""

    type: str
    urgency: str
    anomaly: str
    department: str
    needs_identity: bool
    confidence: Mapping[str, float]
    alarm: float
    """How probable it is that there is an anomaly or critical urgency."""


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


def _leaning() -> NDArray[np.float64]:
    """Return by how much each combination of type, anomaly and urgency is preferred."""
    anomalies = [LEAN["anomaly"].get(value, 0.0) for value in ANOMALIES]
    urgencies = [LEAN["urgency"].get(value, 0.0) for value in URGENCIES]
    found: NDArray[np.float64] = np.exp(np.add.outer(anomalies, urgencies))[None, :, :]
    return found


_FITS = _fits()
_LEANING = _leaning()
_OWNS = np.array([[0.03 if department == "pr" else 1.0 for department in DEPARTMENTS] for _ in ANOMALIES])
_OWNS[ANOMALIES.index("media")] = [1.0 if department == "pr" else 0.02 for department in DEPARTMENTS]
_OWNS[ANOMALIES.index("outage")] = [1.0 if department == "tech" else 0.1 for department in DEPARTMENTS]
_NEVER_OWN = frozenset({"presale", "suggestion", "none", "human"})
"""Types that need nobody's identity."""


def decide(scores: Scores) -> Decision:
    """Return the answer that the scores of all fields together make most probable, leaning to what must not be missed."""
    plain = probabilities(scores)
    believed = _joint(plain)
    joint = believed * _LEANING
    at_type, at_anomaly = divmod(int(joint.sum(axis=2).argmax()), len(ANOMALIES))
    at_urgency = int(joint[at_type, at_anomaly].argmax())
    owners = _OWNS[at_anomaly] * plain[SLICES["department"]]
    owners /= owners.sum()
    type_ = TYPES[at_type]
    identity = float(plain[SLICES[IDENTITY]][1]) * (0.1 if type_ in _NEVER_OWN else 1.0)
    return Decision(
        type=type_,
        anomaly=ANOMALIES[at_anomaly],
        urgency=URGENCIES[at_urgency],
        department=DEPARTMENTS[int(owners.argmax())],
        needs_identity=identity >= 0.5,
        confidence={
            "type": float(believed[at_type].sum()),
            "urgency": float(believed[:, :, at_urgency].sum()),
            "anomaly": float(believed[:, at_anomaly].sum()),
            "department": float(owners.max()),
            IDENTITY: max(identity, 1 - identity),
        },
        alarm=1.0 - float(believed[:, ANOMALIES.index("none"), : URGENCIES.index("critical")].sum()),
    )


def _joint(p: Scores) -> NDArray[np.float64]:
    joint: NDArray[np.float64] = (
        _FITS * p[SLICES["type"]][:, None, None] * p[SLICES["anomaly"]][None, :, None] * p[SLICES["urgency"]]
    )
    joint /= joint.sum()
    return joint
