"""What a ranking comes to by the thresholds: an answer, choices, or nothing sure enough."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.because import NEAREST
from knowledge.entry import KnowledgeEntry
from knowledge.outcome import Match, Outcome, Thresholds
from knowledge.reading import Ranked, Ranking
from knowledge.units import Unit

MOST_CHOICES = 3
_EXACT = "exact phrasing"


def exactly(held: Sequence[Unit], lang: str) -> Outcome:
    """Return the answer of the one unit that holds a phrasing word for word, or the choice between several."""
    score = 1.0 / len(held)
    matches = tuple(_match(unit.entry, score, lang, _EXACT) for unit in held[:MOST_CHOICES])
    if len(held) == 1:
        return Outcome(kind="answer", matches=matches, because=_EXACT, lang=lang)
    return Outcome(
        kind="choices", matches=matches, because=f"{len(held)} entries hold this phrasing", lang=lang
    )


def judged(ranking: Ranking, thresholds: Thresholds, lang: str) -> Outcome:
    """Return what a ranking comes to, with the comparison that decided."""
    matches = tuple(_ranked_match(one, lang) for one in ranking[:MOST_CHOICES])
    if not matches:
        return Outcome(kind="none", because="no words in common with any entry", lang=lang)
    best, together = matches[0].score, sum(match.score for match in matches)
    if best >= thresholds.answer:
        because = f"probability {best:.2f} >= {thresholds.answer:.2f}"
        return Outcome(kind="answer", matches=matches, because=because, lang=lang)
    if together >= thresholds.offer:
        because = f"probability {best:.2f}, {together:.2f} together >= {thresholds.offer:.2f}"
        return Outcome(kind="choices", matches=matches, because=because, lang=lang)
    because = f"{_below(together, thresholds.offer):.2f} together < {thresholds.offer:.2f}"
    return Outcome(kind="none", matches=matches, because=because, lang=lang)


def further(topic: KnowledgeEntry, offered: Sequence[KnowledgeEntry], lang: str) -> Outcome:
    """Return the follow-up choices of the entry that was answered just before."""
    if not offered:
        return Outcome(kind="none", because=f"nothing further on {topic.id}", lang=lang)
    because = f"follow-up to {topic.id}"
    shown = offered[:MOST_CHOICES]
    matches = tuple(_match(entry, 1 / len(shown), lang, because) for entry in shown)
    return Outcome(kind="choices", matches=matches, because=because, lang=lang)


def _below(probability: float, threshold: float) -> float:
    """Return a probability as it is told, never rounded up to the ``threshold`` that it does not reach."""
    return (
        min(probability, round(threshold, 2) - 0.01)
        if round(probability, 2) >= round(threshold, 2)
        else probability
    )


def _ranked_match(ranked: Ranked, lang: str) -> Match:
    unit, found = ranked
    nearest = found.phrasing
    because = (f"{NEAREST}{unit.phrasings[nearest]}",) if nearest >= 0 else ()
    return _match(unit.entry, found.probability, lang, *because)


def _match(entry: KnowledgeEntry, score: float, lang: str, *because: str) -> Match:
    return Match(id=entry.id, question=entry.question_in(lang), score=score, because=because)
