"""How a model would do on messages it has not seen: learn from most cases, try on the rest, in turn."""

from collections.abc import Sequence
from zlib import crc32

from gateway.triage.decide import Decision, decide
from gateway.triage.figures import Figures, figures
from gateway.triage.train import How, Learned, Seen, train

FOLDS = 5


def fold_of(one: Seen, folds: int = FOLDS) -> int:
    """Return in which part a case is tried: by its words, so that the same words are never on both sides."""
    return crc32(one.vector.buckets.tobytes()) % folds


def cross_validated(
    seen: Sequence[Seen], how: How, *, also: Sequence[Seen] = (), folds: int = FOLDS, weight: float = 1.0
) -> Figures:
    """Return the figures of models on ``seen``, each case judged by one that had not seen it.

    ``also`` are cases to learn from that are not tried; each of ``seen`` counts like ``weight`` of them.
    """
    cases, given = [], []
    for fold in range(folds):
        tried = [one for one in seen if fold_of(one, folds) == fold]
        taught = [one for one in seen if fold_of(one, folds) != fold]
        learned = train([*taught, *also], how, [weight] * len(taught) + [1.0] * len(also))
        cases += [one.case for one in tried]
        given += answers(learned, tried)
    return figures(cases, given)


def answers(learned: Learned | None, seen: Sequence[Seen]) -> list[Decision]:
    """Return what is answered with what was learned; without it, what the rules alone say."""
    return [decide(learned.scores(one.vector, one.given) if learned else one.given) for one in seen]
