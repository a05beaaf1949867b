"""From a customer's words to the entry that answers them, as sure as the figures allow and never surer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from knowledge.because import explained
from knowledge.clauses import readable
from knowledge.entry import KnowledgeEntry
from knowledge.features import Reader
from knowledge.followup import in_context, leans, stands_alone, without_cue
from knowledge.index import Index, renewed_index
from knowledge.index_shelf import IndexShelf
from knowledge.lexicon import Lexicon
from knowledge.normalize import fold, guess_language
from knowledge.outcome import Match, Outcome, OutcomeKind, Thresholds
from knowledge.reading import Ranked, Ranking, best_reading
from knowledge.scorer import Scorer
from knowledge.semantic import Encoder
from knowledge.semantic_scorer import SemanticScorer, shipped_thresholds
from knowledge.several import questions, together
from knowledge.smalltalk import small_talk
from knowledge.units import Exact, Limits, Unit, exact_table, holders, origins, units_of
from knowledge.verdict import exactly, further, judged

__all__ = ["Match", "Matcher", "Outcome", "OutcomeKind", "Thresholds"]


WORTH_TELLING = 0.05
MOST_GAIN = 4.0


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
        encoder: Encoder | None = None,
    ) -> None:
        """Build from ``entries``; what has not changed is taken from the matcher ``before``, or from the ``shelf``.

        An ``encoder`` adds meaning to words.
        """
        self.thresholds = thresholds or shipped_thresholds(encoder)
        self._entries = {entry.id: entry for entry in entries}
        self._links = _links(entries)
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
        reader = index.reader if index else Reader(lexicon)
        self._scorer: Scorer | SemanticScorer = (
            SemanticScorer(groups, encoder, reader, index)
            if encoder
            else Scorer(groups, reader, index, before=before._scorer if before else None)
        )

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
        explain: bool = False,
    ) -> Outcome:
        """Judge one message: answer, choices or none; ``topic`` is the entry answered just before.

        With ``explain`` the outcome says more: words in common, repaired typos, unknown words.
        """
        text = readable(text)
        lang = lang or guess_language(text)
        folded = fold(text)
        limits = Limits(channel, today, folded)
        outcome = self._matched(text, folded, lang, topic, limits)
        if limits.passed:
            outcome = replace(outcome, notes=tuple(limits.passed.values()))
        index = self._scorer.index
        return explained(outcome, text, index.read_as, self.entry) if explain and index else outcome

    def _matched(self, text: str, folded: str, lang: str, topic: str | None, limits: Limits) -> Outcome:
        if held := self._held(folded, limits):
            return exactly(held, lang)
        if kind := small_talk((folded,)) or small_talk(_stops(text)):
            return Outcome(kind="none", because=f"small talk: {kind}", lang=lang, small_talk=kind)
        asked = questions(text)
        if len(asked) > 1 and (several := self._several(asked, lang, topic, limits)):
            return several
        return self._one(text, folded, lang, topic, limits)

    def search(self, text: str, k: int = 3) -> list[tuple[str, float]]:
        """Return up to ``k`` entry ids with the probability that each is meant, best first."""
        text = readable(text)
        folded = fold(text)
        held = self._held(folded, Limits())
        if len(held) == 1:
            return [(held[0].entry.id, 1.0)]
        ranked = self._best_of(folded, text, Limits(said=folded))
        return [(unit.entry.id, found.probability) for unit, found in ranked[:k]]

    def _several(self, asked: Sequence[str], lang: str, topic: str | None, limits: Limits) -> Outcome | None:
        """Judge each question by itself, a later one in the light of what the one before was about."""
        found: list[tuple[str, Outcome]] = []
        for text in asked:
            folded = fold(text)
            if held := self._held(folded, limits):
                outcome = exactly(held, lang)
            else:
                before = None if stands_alone(folded) else topic
                outcome = self._one(text, folded, lang, before, limits.saying(folded))
            found.append((text, outcome))
            topic = outcome.matches[0].id if outcome.kind == "answer" else topic
        return together(found)

    def _one(self, text: str, folded: str, lang: str, topic: str | None, limits: Limits) -> Outcome:
        if topic not in self._entries or not leans(folded):
            return judged(self._best_of(folded, text, limits), self.thresholds, lang)
        if stands_alone(folded):
            alone = judged(self._rank(folded, limits), self.thresholds, lang)
            if alone.kind == "answer":
                return alone
        return self._follow_up(self._entries[topic], folded, lang, limits)

    def _held(self, folded: str, limits: Limits) -> list[Unit]:
        return holders(self._exact, folded, limits)

    def _best_of(self, folded: str, text: str, limits: Limits) -> Ranking:
        return best_reading(
            text,
            folded,
            rank=lambda part: self._rank(part, limits),
            exact=lambda part: [unit for unit in self._held(part, limits) if unit.bars(limits.said) is None],
            sure=self.thresholds.answer,
            prepare=self._scorer.prepare,
        )

    def _rank(self, folded: str, limits: Limits) -> list[Ranked]:
        """Rank entries (the better language of each), leaving out what may not be used or says it is not meant.

        What is left out leaves its share to the others, who grow by no more than ``MOST_GAIN``: who had next to
        nothing beside a sure entry does not become sure because that entry is not for this message.
        """
        found: dict[str, Ranked] = {}
        left_out = 0.0
        for candidate in self._scorer.rank(folded):
            unit = self._units[candidate.group]
            if unit.entry.id in found:
                continue
            why = limits.refuse(unit)
            if why is None:
                found[unit.entry.id] = Ranked(unit, candidate)
                continue
            left_out += candidate.probability
            if candidate.probability >= WORTH_TELLING:
                limits.passed.setdefault(unit.entry.id, why)
        if left_out < WORTH_TELLING:
            return list(found.values())
        gain = min(1 / max(1 - left_out, 1e-9), MOST_GAIN)
        return [
            Ranked(unit, one._replace(probability=one.probability * gain)) for unit, one in found.values()
        ]

    def _follow_up(self, topic: KnowledgeEntry, folded: str, lang: str, limits: Limits) -> Outcome:
        """Judge a short message in the light of the topic; one that asks nothing new gets the topic's own choices."""
        rest = without_cue(folded)
        if not rest:
            offered = [self._entries[choice] for choice in topic.choices if choice in self._entries]
            return further(topic, [entry for entry in offered if limits.allow(entry)], lang)
        alone = self._rank(rest, limits)
        joint = self._rank(f"{rest} {fold(topic.question_in(lang))}", limits)
        by_id = {one.unit.entry.id: one for one in (*joint, *alone)}
        weighed = in_context(_shares(alone), _shares(joint), topic, self._links.get(topic.id, ()))
        ranking = [
            Ranked(by_id[one].unit, by_id[one].found._replace(probability=share)) for one, share in weighed
        ]
        return judged(ranking, self.thresholds, lang)


def _shares(ranking: Ranking) -> dict[str, float]:
    return {one.unit.entry.id: one.found.probability for one in ranking}


def _links(entries: Sequence[KnowledgeEntry]) -> dict[str, list[str]]:
    """Return for each entry those that offer it as a follow-up."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        for choice in entry.choices:
            found.setdefault(choice, []).append(entry.id)
    return found


_STOPS = str.maketrans(dict.fromkeys("。！？!?;；\n，,…~～.、", "\n"))


def _stops(text: str) -> Iterator[str]:
    """Cut at every stop and comma, however short the parts, to see whether all is small talk; yield them folded."""
    for part in text[:200].translate(_STOPS).split("\n"):
        if folded := fold(part):
            yield folded
