"""From cases to a model; and how well such a model does on cases it has not seen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gateway.triage.corpus import Case
from gateway.triage.evidence import gather
from gateway.triage.fields import FIELDS, SLICES, WIDTH, Scores, place
from gateway.triage.learn import Matrix, learn, rows_of
from gateway.triage.lexicon import Lexicon
from gateway.triage.triage import rule_scores
from gateway.triage.vectors import BUCKETS, Vector, vector

_FROM_RULES = ("rule:", "fact:", "topic:")


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How to learn. The figures were chosen by cross-validation (docs/explanation/how-triage-works.md)."""

    named: float = 0.6
    """How freely what the rules found is weighed anew: the prior's standard deviation, in log-odds."""
    pieces: float = 3.0
    """The same for pieces of text."""
    also: float = 0.25
    """What of a case goes to the values that would be accepted too, all together."""
    silence: float = 0.2
    """Each case is learned a second time, counting so much, as if no rule had fired: rules are written by people who
    have seen the cases, so on cases they look surer than on messages to come."""
    least: int = 2
    """How often a named feature must be seen."""
    steps: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A case as the learner sees it."""

    vector: Vector
    given: Scores
    base: Scores
    """What the rules give where none fires."""
    case: Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """Weights in full precision."""

    names: tuple[str, ...]
    named: Matrix
    pieces: Matrix

    def scores(self, seen: Vector, given: Scores) -> Scores:
        """Return the scores of the rules and what was learned, together."""
        found: Scores = given + seen.each * self.pieces[seen.buckets].sum(axis=0)
        at = {name: number for number, name in enumerate(self.names)}
        for name, value in seen.named.items():
            if name in at:
                found = found + value * self.named[at[name]]
        return found


def see(cases: Sequence[Case], lexicon: Lexicon) -> list[Seen]:
    """Return the cases with what the rules find in them."""
    found = []
    for case in cases:
        evidence = gather(case.message, lexicon)
        found.append(
            Seen(
                vector=vector(case.message, evidence),
                given=rule_scores(evidence, lexicon),
                base=lexicon.base,
                case=case,
            )
        )
    return found


def train(seen: Sequence[Seen], how: How, counts: Sequence[float] | None = None) -> Learned:
    """Return the weights learned from these cases; ``counts`` says how often each counts."""
    counts = [1.0] * len(seen) if counts is None else list(counts)
    if how.silence:
        seen, counts = [*seen, *map(_silenced, seen)], counts + [how.silence * count for count in counts]
    times: dict[str, int] = {}
    for one in seen:
        for name in one.vector.named:
            times[name] = times.get(name, 0) + 1
    names = tuple(sorted(name for name, count in times.items() if count >= how.least))
    at = {name: number for number, name in enumerate(names)}
    parts = []
    for one in seen:
        known = [(at[name], value * how.named) for name, value in one.vector.named.items() if name in at]
        columns = [column for column, _ in known] + (len(names) + one.vector.buckets).tolist()
        values = [value for _, value in known] + [one.vector.each * how.pieces] * len(one.vector.buckets)
        parts.append((columns, values))
    rows = rows_of(parts, len(names) + BUCKETS)
    given = np.array([one.given for one in seen])
    wanted = np.array([soft_labels(one.case, how) for one in seen])
    weight = np.ones_like(wanted) * np.array(counts)[:, None]
    weights = learn(rows, given, wanted, weight, steps=how.steps)
    return Learned(
        names=names, named=weights[: len(names)] * how.named, pieces=weights[len(names) :] * how.pieces
    )


def _silenced(one: Seen) -> Seen:
    named = {name: value for name, value in one.vector.named.items() if not name.startswith(_FROM_RULES)}
    return replace(one, vector=Vector(named | {"no topic": 1.0}, one.vector.buckets), given=one.base)


def soft_labels(case: Case, how: How) -> Scores:
    """Return the probabilities that a case asks for: most for its best values, some for the others accepted."""
    found = np.zeros(WIDTH)
    for field in FIELDS:
        best, *others = case.labels[field]
        found[place(field, best)] += 1 - (how.also if others else 0)
        for other in others:
            found[place(field, other)] += how.also / len(others)
        found[SLICES[field]] /= found[SLICES[field]].sum()
    return found
