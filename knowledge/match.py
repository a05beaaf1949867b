"""From a customer's words to the entry that answers them, as sure as the figures allow and never surer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.clauses import clauses, readable
from knowledge.entry import KnowledgeEntry, Wording
from knowledge.features import Reader
from knowledge.followup import without_cue
from knowledge.lexicon import Lexicon
from knowledge.normalize import exact_key, fold, guess_language
from knowledge.outcome import Match, Outcome, OutcomeKind, Thresholds
from knowledge.politeness import without_courtesy
from knowledge.scorer import Candidate, Scorer
from knowledge.smalltalk import small_talk

__all__ = ["Match", "Matcher", "Outcome", "OutcomeKind", "Thresholds"]

MOST_CHOICES = 3
IDLE, IDLE_SHARE = 0.02, 0.4
_EXACT = "exact phrasing"


@dataclass(frozen=True, slots=True, eq=False)
class _Unit:
    """One entry in one language, as it is searched."""

    entry: KnowledgeEntry
    wording: Wording
    phrasings: tuple[str, ...]
    folded: tuple[str, ...]
    barred: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Limits:
    """Which entries may be used for this message."""

    channel: str | None
    today: date | None


class Matcher:
    """Built once from a version of the entries; every method may be called from many threads."""

    def __init__(
        self,
        entries: Sequence[KnowledgeEntry],
        *,
        thresholds: Thresholds | None = None,
        lexicon: Lexicon | None = None,
    ) -> None:
        self.thresholds = thresholds or Thresholds()
        self._entries = {entry.id: entry for entry in entries}
        self._units = [unit for entry in entries for unit in _units(entry)]
        self._exact = _exact_table(self._units)
        self._scorer = Scorer([unit.folded for unit in self._units], Reader(lexicon))

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
        limits = _Limits(channel, today)
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
        held = self._held(folded, _Limits(None, None))
        if len(held) == 1:
            return [(held[0].entry.id, 1.0)]
        ranked = self._best_of(folded, text, _Limits(None, None))
        return [(unit.entry.id, found.probability) for unit, found in ranked[:k]]

    def _held(self, folded: str, limits: _Limits) -> list[_Unit]:
        """Return the units that hold this very phrasing, one for each entry, also under words of courtesy."""
        held = (
            self._exact.get(exact_key(folded)) or self._exact.get(exact_key(without_courtesy(folded))) or ()
        )
        return [unit for unit in held if unit.entry.is_valid(limits.today, limits.channel)]

    def _exactly(self, held: Sequence[_Unit], lang: str) -> Outcome:
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

    def _best_of(self, folded: str, text: str, limits: _Limits) -> list[tuple[_Unit, Candidate]]:
        """Rank the whole message; where that is not sure enough, rank what is left without its idle clauses.

        A clause is idle when it means far less to the matcher than the best one: a preamble, an outburst, a
        signature. A clause that is word for word a phrasing needs no weighing. Clauses that all carry meaning stay together, so that a story is not judged by one half of it.
        """
        whole = self._rank(folded, limits)
        sure = _surest(whole)
        if sure >= self.thresholds.answer:
            return whole
        parts = [fold(part) for part in clauses(text)]
        if len(parts) < 2:
            return whole
        exact = {unit.entry.id: unit for part in parts for unit in self._held(part, limits)}
        meaning = [_surest(self._rank(part, limits)) for part in parts]
        if len(exact) == 1 and sum(sense >= self.thresholds.answer for sense in meaning) <= 1:
            unit = next(iter(exact.values()))
            return [(unit, Candidate(self._units.index(unit), 1.0))]
        least = max(IDLE_SHARE * max(meaning), IDLE)
        kept = [part for part, sense in zip(parts, meaning, strict=True) if sense >= least]
        if not kept or len(kept) == len(parts):
            return whole
        rest = self._rank(" ".join(kept), limits)
        return rest if _surest(rest) > sure else whole

    def _rank(self, folded: str, limits: _Limits) -> list[tuple[_Unit, Candidate]]:
        """Rank entries (the better language of each), leaving out what may not be used or says it is not meant."""
        found: dict[str, tuple[_Unit, Candidate]] = {}
        padded = f" {folded} "
        for candidate in self._scorer.rank(folded):
            unit = self._units[candidate.group]
            if unit.entry.id in found or not unit.entry.is_valid(limits.today, limits.channel):
                continue
            if not (unit.barred and any(word in padded for word in unit.barred)):
                found[unit.entry.id] = (unit, candidate)
        return list(found.values())

    def _judge(self, ranked: Sequence[tuple[_Unit, Candidate]], lang: str) -> Outcome:
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

    def _follow_up(self, topic: KnowledgeEntry, rest: str, lang: str, limits: _Limits) -> Outcome:
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


def _surest(ranked: Sequence[tuple[_Unit, Candidate]]) -> float:
    return ranked[0][1].probability if ranked else 0.0


def _units(entry: KnowledgeEntry) -> Iterable[_Unit]:
    for wording in entry.wordings.values():
        pairs = [(text, folded) for text in wording.all_phrasings if (folded := fold(text))]
        if pairs:
            texts, folded_texts = zip(*pairs, strict=True)
            yield _Unit(entry, wording, texts, folded_texts, _bars(wording.not_for))


def _bars(words: Iterable[str]) -> tuple[str, ...]:
    """Fold forbidden words; a Latin one must stand as a whole word (plain text, so no pattern can explode)."""
    folded = (fold(word) for word in words)
    return tuple(f" {word} " if word.isascii() else word for word in folded if word)


def _exact_table(units: Iterable[_Unit]) -> dict[str, tuple[_Unit, ...]]:
    table: dict[str, tuple[_Unit, ...]] = {}
    for unit in units:
        for folded in unit.folded:
            key = exact_key(folded)
            held = table.get(key, ())
            if all(other.entry.id != unit.entry.id for other in held):
                table[key] = (*held, unit)
    return table


_STOPS = str.maketrans(dict.fromkeys("。！？!?;；\n，,…~～.、", "\n"))


def _stops(text: str) -> Iterator[str]:
    """Cut at every stop and comma, however short the parts, to see whether all is small talk; yield them folded."""
    for part in text[:200].translate(_STOPS).split("\n"):
        if folded := fold(part):
            yield folded


def _match(unit: _Unit, candidate: Candidate, lang: str) -> Match:
    nearest = candidate.phrasing
    return Match(
        id=unit.entry.id,
        question=unit.entry.question_in(lang),
        score=candidate.probability,
        because=(f"nearest phrasing: {unit.phrasings[nearest]}",) if nearest >= 0 else (),
    )
