"""How good answers are: right by the best value, right by any accepted one, and what must not be missed."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gateway.triage.corpus import Case
from gateway.triage.decide import Decision
from gateway.triage.fields import ANOMALIES, FIELDS, IDENTITY
from gateway.triage.triage import Triage

RARE = ANOMALIES[2:]
"""The anomalies that must not be missed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Shares of right answers by field, and of rare things found; NaN where there was nothing to find."""

    cases: int
    strict: Mapping[str, float]
    lenient: Mapping[str, float]
    critical_found: float
    critical_false: float
    found: Mapping[str, float]


def answer(given: Decision | Triage, field: str) -> str:
    """Return the value of ``field`` in an answer, as labels call it."""
    return ("yes" if given.needs_identity else "no") if field == IDENTITY else str(getattr(given, field))


def figures(cases: Sequence[Case], given: Sequence[Decision | Triage]) -> Figures:
    """Compare answers with labels."""
    pairs = list(zip(cases, given, strict=True))
    return Figures(
        cases=len(pairs),
        strict={f: _share(answer(one, f) == case.labels[f][0] for case, one in pairs) for f in FIELDS},
        lenient={f: _share(answer(one, f) in case.labels[f] for case, one in pairs) for f in FIELDS},
        critical_found=_share(
            one.urgency == "critical" for case, one in pairs if case.labels["urgency"][0] == "critical"
        ),
        critical_false=_share(
            one.urgency == "critical" for case, one in pairs if "critical" not in case.labels["urgency"]
        ),
        found={
            rare: _share(one.anomaly == rare for case, one in pairs if case.labels["anomaly"][0] == rare)
            for rare in RARE
        },
    )


def interval(share: float, n: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval for a share of ``n``."""
    if not n:
        return math.nan, math.nan
    z = 1.96
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return middle - half, middle + half


def _share(those: Iterable[bool]) -> float:
    said = list(those)
    return sum(said) / len(said) if said else math.nan
