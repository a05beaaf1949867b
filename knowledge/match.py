"""From a customer's words to the entry that answers them, as sure as the figures allow and never surer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from knowledge.clauses import readable
from knowledge.entry import KnowledgeEntry
from knowledge.features import Reader
from knowledge.followup import without_cue
from knowledge.index import Index, renewed_index
from knowledge.index_shelf import IndexShelf
from knowledge.lexicon import Lexicon
from knowledge.normalize import fold, guess_language
from knowledge.outcome import Match, Outcome, OutcomeKind, Thresholds
from knowledge.reading import Ranked, Ranking, best_reading
from knowledge.scorer import Candidate, Scorer
from knowledge.smalltalk import small_talk
from knowledge.units import Exact, Limits, Unit, exact_table, holders, origins, units_of

__all__ = ["Match", "Matcher", "Outcome", "OutcomeKind", "Thresholds"]

MOST_CHOICES = 3
_EXACT = "exact phrasing"


class Matcher:
    """Built once from a version of the entries; every method may be called from many threads."""

    def __init__(
        self,
        entries: Sequence[KnowledgeEntry],
        *,
        thresholds: Thresholds | None = None,
        lexicon: Lexicon | None = None,
        before: Matcher | None = None,
        shelf: IndexShelf | None = None,
    ) -> None:
        """Build from ``entries``; what has not changed is taken from the matcher ``before``, or from the ``shelf``."""
        self.thresholds = thresholds or Thresholds()
        self._entries = {entry.id: entry for entry in entries}
        self._lexicon = lexicon
        if before is not None and before._lexicon is not lexicon:
            before = None
        known: Sequence[Unit] = before._units if before else ()
        self._units: Sequence[Unit] = units_of(entries, known)
        self._exact: Exact = exact_table(self._units, known, before._exact if before else None)
        groups = [unit.folded for unit in self._units]
        old = before._scorer.index if before else None
        if old is not None and groups:
            index: Index | None = renewed_index(old, groups, origins(self._units, known))
        else:
            index = shelf.take(groups, Reader(lexicon)) if shelf else None
        self.is_from_shelf = old is None and index is not None
        self._scorer: Scorer = Scorer(groups, index.reader if index else Reader(lexicon), index)

    def put_away(self, shelf: IndexShelf) -> None:
        """Keep the index on the ``shelf``, for a later start with the same entries."""
        if self._scorer.index is not None:
            shelf.put([unit.folded for unit in self._units], self._scorer.index)

    def entry(self, entry_id: str) -> KnowledgeEntry:
        """Return the entry with this id.

        Raises:
            KeyError: there is none in this version.
        """
        return self._entries[entry_id]

    def match(
        self,
        text: str,
        *,
        lang: str | None = None,
        topic: str | None = None,
        channel: str | None = None,
        today: date | None = None,
    ) -> Outcome:
        """Judge one message: answer, choices or none; ``topic`` is the entry answered just before."""
        text = readable(text)
        lang = lang or guess_language(text)
        limits = Limits(channel, today)
        folded = fold(text)
        if held := self._held(folded, limits):
            return self._exactly(held, lang)
        if kind := small_talk((folded,)) or small_talk(_stops(text)):
            return Outcome(kind="none", because=f"small talk: {kind}", lang=lang, small_talk=kind)
        if topic in self._entries and (rest := without_cue(folded)) is not None:
            return self._follow_up(self._entries[topic], rest, lang, limits)
        return self._judge(self._best_of(folded, text, limits), lang)

    def search(self, text: str, k: int = 3) -> list[tuple[str, float]]:
        """Return up to ``k`` entry ids with the probability that each is meant, best first."""
        text = readable(text)
        folded = fold(text)
        held = self._held(folded, Limits())
        if len(held) == 1:
            return [(held[0].entry.id, 1.0)]
        ranked = self._best_of(folded, text, Limits())
        return [(unit.entry.id, found.probability) for unit, found in ranked[:k]]

    def _held(self, folded: str, limits: Limits) -> list[Unit]:
        return holders(self._exact, folded, limits)

    def _exactly(self, held: Sequence[Unit], lang: str) -> Outcome:
        score = 1.0 / len(held)
        matches = tuple(
            Match(id=unit.entry.id, question=unit.entry.question_in(lang), score=score, because=(_EXACT,))
            for unit in held[:MOST_CHOICES]
        )
        if len(held) == 1:
            return Outcome(kind="answer", matches=matches, because=_EXACT, lang=lang)
        return Outcome(
            kind="choices", matches=matches, because=f"{len(held)} entries hold this phrasing", lang=lang
        )

    def _best_of(self, folded: str, text: str, limits: Limits) -> Ranking:
        return best_reading(
            text,
            folded,
            rank=lambda part: self._rank(part, limits),
            exact=lambda part: self._held(part, limits),
            sure=self.thresholds.answer,
        )

    def _rank(self, folded: str, limits: Limits) -> list[Ranked]:
        """Rank entries (the better language of each), leaving out what may not be used or says it is not meant."""
        found: dict[str, Ranked] = {}
        for candidate in self._scorer.rank(folded):
            unit = self._units[candidate.group]
            if unit.entry.id in found or not limits.allow(unit.entry) or unit.bars(folded) is not None:
                continue
            found[unit.entry.id] = Ranked(unit, candidate)
        return list(found.values())

    def _judge(self, ranked: Ranking, lang: str) -> Outcome:
        top = ranked[:MOST_CHOICES]
        matches = tuple(_match(unit, candidate, lang) for unit, candidate in top)
        if not matches:
            return Outcome(kind="none", because="no words in common with any entry", lang=lang)
        best, together = matches[0].score, sum(match.score for match in matches)
        if best >= self.thresholds.answer:
            return Outcome(
                kind="answer",
                matches=matches,
                because=f"probability {best:.2f} >= {self.thresholds.answer:.2f}",
                lang=lang,
            )
        if together >= self.thresholds.offer:
            return Outcome(
                kind="choices",
                matches=matches,
                because=f"probability {best:.2f}, {together:.2f} together >= {self.thresholds.offer:.2f}",
                lang=lang,
            )
        return Outcome(
            kind="none",
            matches=matches,
            because=f"{together:.2f} together < {self.thresholds.offer:.2f}",
            lang=lang,
        )

    def _follow_up(self, topic: KnowledgeEntry, rest: str, lang: str, limits: Limits) -> Outcome:
        """Read "and for X?" as a question about X, and "anything else?" as a wish for the topic's own choices."""
        outcome = self._judge(self._rank(rest, limits), lang) if rest else None
        if outcome is not None and outcome.kind != "none":
            return outcome
        offered = [self._entries[choice] for choice in topic.choices if choice in self._entries]
        offered = [entry for entry in offered if entry.is_valid(limits.today, limits.channel)][:MOST_CHOICES]
        if not offered:
            return outcome or Outcome(kind="none", because=f"nothing further on {topic.id}", lang=lang)
        because = f"follow-up to {topic.id}"
        matches = tuple(
            Match(id=entry.id, question=entry.question_in(lang), score=1 / len(offered), because=(because,))
            for entry in offered
        )
        return Outcome(kind="choices", matches=matches, because=because, lang=lang)


_STOPS = str.maketrans(dict.fromkeys("。！？!?;；\n，,…~～.、", "\n"))


def _stops(text: str) -> Iterator[str]:
    """Cut at every stop and comma, however short the parts, to see whether all is small talk; yield them folded."""
    for part in text[:200].translate(_STOPS).split("\n"):
        if folded := fold(part):
            yield folded


def _match(unit: Unit, candidate: Candidate, lang: str) -> Match:
    nearest = candidate.phrasing
    return Match(
        id=unit.entry.id,
        question=unit.entry.question_in(lang),
        score=candidate.probability,
        because=(f"nearest phrasing: {unit.phrasings[nearest]}",) if nearest >= 0 else (),
    )
