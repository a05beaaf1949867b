"""The two thresholds a folder's own evidence asks for, drawn towards the shipped ones while the evidence is thin."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.entry import KnowledgeEntry
from knowledge.evidence import Asked, Build, elsewhere, held_out, left_out, own_tests
from knowledge.lexicon import WORDS
from knowledge.match import Matcher
from knowledge.outcome import Thresholds
from knowledge.weighing import Case, Reached, judge, weighed

PRIOR_CASES = 300.0
"""The shipped thresholds, learnt on eight FAQs, weigh as much as so many cases of this one."""
FOLDS = 10
LOWEST, HIGHEST = 0.5, 0.99
ENOUGH_ANSWERED = 0.02
"""A threshold that less of the traffic passes is judged on too few cases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The thresholds, what the evidence alone would have chosen, and what stands behind them."""

    thresholds: Thresholds
    evident: Thresholds
    wanted: float
    attainable: bool
    """Whether any threshold reaches the wanted precision on the evidence."""
    weight: float
    """How much the evidence counted against the shipped thresholds, 0 to 1."""
    cases: float
    tests: int
    phrasings: int
    left_out: int
    reached: Reached
    shipped: Reached


def calibrate(
    entries: Sequence[KnowledgeEntry], wanted: float, build: Build = Matcher, folds: int = FOLDS
) -> Chosen:
    """Ask the entries everything they can prove, and choose; about seventeen builds of the matcher."""
    return choose(
        [one for one in own_tests(entries, build) if one.kind == "must"],
        list(held_out(entries, build, folds)),
        list(left_out(entries, build)),
        list(elsewhere(entries, far_questions(), build)),
        wanted,
        build(()).thresholds,
    )


def choose(
    tests: Sequence[Asked],
    phrasings: Sequence[Asked],
    near: Sequence[Asked],
    far: Sequence[Asked],
    wanted: float,
    shipped: Thresholds | None = None,
) -> Chosen:
    """Choose from what was asked: the lowest threshold that keeps the wanted precision, where there is one."""
    shipped = shipped or Thresholds()
    cases = weighed((*tests, *phrasings), near, far)
    counted = sum(case.weight for case in cases if case.scope == "ours")
    weight = counted / (counted + PRIOR_CASES)
    sure = _surest(cases, wanted)
    evident = HIGHEST if sure is None else sure
    answer = _between(shipped.answer, evident, weight)
    evident_offer = _offer(cases, answer, shipped.offer)
    offer = min(answer, _between(shipped.offer, evident_offer, weight))
    thresholds = Thresholds(answer=round(answer, 3), offer=round(offer, 3))
    return Chosen(
        thresholds=thresholds,
        evident=Thresholds(answer=round(evident, 3), offer=round(evident_offer, 3)),
        wanted=wanted,
        attainable=sure is not None,
        weight=round(weight, 3),
        cases=round(counted, 1),
        tests=len(tests),
        phrasings=len(phrasings),
        left_out=len(near),
        reached=judge(cases, thresholds),
        shipped=judge(cases, shipped),
    )


@lru_cache(maxsize=1)
def far_questions() -> tuple[str, ...]:
    """Return the shipped questions that no shop's knowledge answers."""
    lines = (WORDS / "elsewhere.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def _surest(cases: Sequence[Case], wanted: float) -> float | None:
    """Return the lowest probability from which on the answers are right often enough; None if there is none."""
    right = total = 0.0
    found: float | None = None
    ranked = sorted(cases, key=lambda case: case.probability, reverse=True)
    for n, case in enumerate(ranked):
        if case.probability < LOWEST:
            break
        total += case.share
        right += case.share if case.right else 0.0
        tied = n + 1 < len(ranked) and ranked[n + 1].probability == case.probability
        if not tied and total >= ENOUGH_ANSWERED and right >= wanted * total:
            found = min(case.probability, HIGHEST)
    return found


def _offer(cases: Sequence[Case], answer: float, otherwise: float) -> float:
    """Return the sum from which on choices rather hold the right entry than not."""
    gained = best = 0.0
    found = otherwise
    asked = (case for case in cases if case.probability < answer)
    for case in sorted(asked, key=lambda case: case.together, reverse=True):
        gained += case.share if case.among else -case.share
        if gained > best:
            best, found = gained, case.together
    return found


def _between(shipped: float, evident: float, weight: float) -> float:
    """Return the mean of two probabilities as odds, the evident one weighing ``weight``."""
    low, high = (math.log(p / (1 - p)) for p in (shipped, min(max(evident, 0.01), HIGHEST)))
    return 1 / (1 + math.exp(-(low + weight * (high - low))))
