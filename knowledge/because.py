"""Why a message was judged as it was, in words an editor understands; worked out only for who asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from knowledge.entry import KnowledgeEntry
from knowledge.idle import matter
from knowledge.normalize import fold, is_cjk, runs
from knowledge.outcome import Match, Outcome
from knowledge.stem import stem

NEAREST = "nearest phrasing: "
MOST_WORDS = 8

ReadAs = Callable[[str], str | None]
"""Which known word a Latin word, or whether a character, is taken for; None where it is unknown."""


def explained(
    outcome: Outcome, text: str, read_as: ReadAs, entry: Callable[[str], KnowledgeEntry]
) -> Outcome:
    """Return the outcome with its evidence: words in common, the language of the phrasing, typos and unknown words."""
    matches = tuple(
        _explained_match(match, text, outcome.lang, entry(match.id), read_as) for match in outcome.matches
    )
    parts = tuple(explained(part, part.asked, read_as, entry) for part in outcome.parts)
    notes = (*outcome.notes, *_about_words(text, read_as))
    return replace(outcome, matches=matches, parts=parts, notes=notes)


def _explained_match(match: Match, text: str, lang: str, entry: KnowledgeEntry, read_as: ReadAs) -> Match:
    nearest = next((one.removeprefix(NEAREST) for one in match.because if one.startswith(NEAREST)), None)
    if nearest is None:
        return match
    because = list(match.because)
    common = _common(fold(text), fold(nearest), read_as)
    because.append(f"words in common: {_listed(common)}" if common else "only meanings or sounds in common")
    held = next((tag for tag, wording in entry.wordings.items() if nearest in wording.all_phrasings), lang)
    if held.partition("-")[0] != lang.partition("-")[0] and held != "und":
        because.append(f"the phrasing is in another language: {held}")
    return replace(match, because=tuple(because))


def _about_words(text: str, read_as: ReadAs) -> Iterable[str]:
    repaired, unknown = dict[str, str](), dict[str, None]()
    for word in matter(fold(text)):
        known = read_as(word)
        if known is None:
            unknown[word] = None
        elif not is_cjk(word) and known != stem(word):
            repaired[word] = known
    if repaired:
        yield f"typos: {_listed(f'{typed} → {known}' for typed, known in repaired.items())}"
    if unknown:
        yield f"unknown words: {_listed(unknown)}"


def _common(folded: str, nearest: str, read_as: ReadAs) -> list[str]:
    """Return what both say: Latin words by their stems, Chinese in the longest pieces of two characters or more."""
    stems = {stem(run) for run in runs(nearest) if not is_cjk(run)}
    found: list[str] = []
    for run in runs(folded):
        if is_cjk(run):
            found.extend(_pieces(run, nearest))
        elif (read_as(run) or stem(run)) in stems:
            found.append(run)
    return list(dict.fromkeys(found))


def _pieces(run: str, nearest: str) -> Iterable[str]:
    at = 0
    while at < len(run) - 1:
        size = 0
        while at + size < len(run) and run[at : at + size + 1] in nearest:
            size += 1
        if size > 1:
            yield run[at : at + size]
        at += max(size, 1)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(list(words)[:MOST_WORDS])
