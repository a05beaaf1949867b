"""Questions put to the matcher as evidence: what each weighs, and what a pair of thresholds comes to on them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge.evidence import Asked
from knowledge.outcome import Thresholds

Scope = Literal["ours", "near", "far"]
TRAFFIC: dict[Scope, float] = {"ours": 0.8, "near": 0.1, "far": 0.1}
"""Of a hundred messages eighty are ours, ten about a neighbour's matter, ten about anything."""
WRITTEN_TOGETHER = ("phrasing", "left out")
CONFIDENCE = 1.96


@dataclass(frozen=True, slots=True)
class Case:
    """One question: whose it is, what came of it, how much it weighs (in cases), and as what share of the traffic."""

    scope: Scope
    probability: float
    together: float
    right: bool
    among: bool
    weight: float
    share: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What a pair of thresholds comes to on the evidence; shares of 1, ``low`` and ``high`` the 95 % interval."""

    precision: float
    low: float
    high: float
    answered: float
    """Of the questions that are ours, how many are answered right."""
    offered: float
    """… and how many more find the right entry among the choices."""
    near_answered: float
    """Of the questions about a neighbour's matter, how many are answered all the same."""
    far_answered: float


def weighed(ours: Sequence[Asked], near: Sequence[Asked], far: Sequence[Asked]) -> list[Case]:
    """Return the cases, mixed as traffic is.

    A test counts as one case. The phrasings of one wording count as one together: one editor wrote them in
    one go, to be unlike each other, which customers do not do.
    """
    found: list[Case] = []
    groups: tuple[tuple[Scope, Sequence[Asked]], ...] = (("ours", ours), ("near", near), ("far", far))
    for scope, asked in groups:
        siblings = Counter((one.entry, one.lang) for one in asked if one.kind in WRITTEN_TOGETHER)
        cases = [
            _case(scope, one, siblings[one.entry, one.lang] if one.kind in WRITTEN_TOGETHER else 1)
            for one in asked
        ]
        total = sum(case.weight for case in cases)
        found += [_with_share(case, case.weight / total * TRAFFIC[scope]) for case in cases]
    return found


def judge(cases: Sequence[Case], at: Thresholds) -> Reached:
    """Say what a pair of thresholds comes to."""
    answered = [case for case in cases if case.probability >= at.answer]
    right, total = sum(case.share for case in answered if case.right), sum(case.share for case in answered)
    squares = sum(case.share**2 for case in answered)
    precision = right / total if total else 0.0
    # Kish: so many equal cases would tell as much as these unequal ones.
    low, high = interval(precision, total**2 / squares) if squares else (0.0, 1.0)
    offered = sum(
        case.share
        for case in cases
        if case.probability < at.answer and case.together >= at.offer and case.among
    )
    of: dict[Scope, float] = {
        scope: sum(case.share for case in answered if case.scope == scope) / share
        for scope, share in TRAFFIC.items()
    }
    return Reached(
        precision=round(precision, 3),
        low=round(low, 3),
        high=round(high, 3),
        answered=round(right / TRAFFIC["ours"], 3),
        offered=round(offered / TRAFFIC["ours"], 3),
        near_answered=round(of["near"], 3),
        far_answered=round(of["far"], 3),
    )


def interval(share: float, count: float) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share seen in ``count`` cases."""
    square = CONFIDENCE**2
    middle = share + square / (2 * count)
    wide = CONFIDENCE * math.sqrt(share * (1 - share) / count + square / (4 * count**2))
    below = 1 + square / count
    return max(0.0, (middle - wide) / below), min(1.0, (middle + wide) / below)


def _case(scope: Scope, one: Asked, siblings: int) -> Case:
    ours = scope == "ours"
    return Case(
        scope=scope,
        probability=one.best[1],
        together=sum(probability for _, probability in one.found),
        right=ours and one.best[0] == one.entry,
        among=ours and any(name == one.entry for name, _ in one.found),
        weight=1 / siblings,
    )


def _with_share(case: Case, share: float) -> Case:
    return Case(case.scope, case.probability, case.together, case.right, case.among, case.weight, share)
