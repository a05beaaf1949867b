"""How to read a message that rambles: whole, without its idle clauses, or by the one clause that holds the question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from knowledge.clauses import clauses
from knowledge.idle import is_idle
from knowledge.normalize import fold
from knowledge.scorer import Candidate
from knowledge.units import Unit

IDLE, IDLE_SHARE = 0.02, 0.4
RAMBLING = 3
"""From so many clauses on, one clause alone may be the question."""


class Ranked(NamedTuple):
    """An entry, in the language that fits better, and how likely it is meant."""

    unit: Unit
    found: Candidate


Ranking = Sequence[Ranked]


def surest(ranking: Ranking) -> float:
    """Return the probability of the best entry; 0 where there is none."""
    return ranking[0].found.probability if ranking else 0.0


def best_reading(
    text: str,
    folded: str,
    *,
    rank: Callable[[str], Ranking],
    exact: Callable[[str], Sequence[Unit]],
    sure: float,
    prepare: Callable[[Sequence[str]], None] = lambda parts: None,
) -> Ranking:
    """Rank the whole message; where that is not ``sure`` enough, rank what is left without its idle clauses.

    A clause is idle when it tells a mood and no matter, or when it means far less to the matcher than the best one.
    A clause that is word for word a phrasing needs no weighing. Only of three clauses or more may one alone be the
    question, so that a short story is not judged by one half of it.
    """
    best = rank(folded)
    parts = [] if surest(best) >= sure else clauses(text)
    if len(parts) < 2:
        return best
    folds = [fold(part.text) for part in parts]
    told = [n for n, part in enumerate(folds) if not is_idle(part)] or list(range(len(parts)))
    if len(told) < len(parts):
        best = max(best, rank(" ".join(folds[n] for n in told)), key=surest)
        if surest(best) >= sure:
            return best
    prepare([folds[n] for n in told])
    readings = {n: rank(folds[n]) for n in told}
    worded = {unit.entry.id: unit for part in folds for unit in exact(part)}
    if len(worded) == 1 and sum(surest(one) >= sure for one in readings.values()) <= 1:
        unit = next(iter(worded.values()))
        return [Ranked(unit, Candidate(unit.number, 1.0))]
    least = max(IDLE_SHARE * max(map(surest, readings.values())), IDLE)
    kept = [folds[n] for n, one in readings.items() if surest(one) >= least]
    if kept and len(kept) < len(told):
        best = max(best, rank(" ".join(kept)), key=surest)
    if len(parts) < RAMBLING:
        return best
    asking = max((one for n, one in readings.items() if parts[n].asks), key=surest, default=())
    if surest(asking) >= sure:
        return asking  # what is asked goes before what is told
    return max(best, *readings.values(), key=surest)
