"""Promises a person makes in passing, found in a draft (rulebook L3): "明天上午10点前给您答复", "we'll call you by Friday noon".

Only what the house promises is found: not what it asks of the customer, reports of the past, denies, or asks.
Own rules and no general reader of dates: what must be known is whose promise it is, what "before closing" and
"three working days" mean on this house's calendar, and which half of the day "at three" is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.domain.calendar import BusinessHours
from gateway.domain.policy import Words
from gateway.domain.promised import Clause, Stance
from gateway.domain.promised_en import clauses_en
from gateway.domain.promised_zh import clauses_zh
from gateway.domain.script import simplified
from gateway.domain.spoken_en import times_en
from gateway.domain.spoken_time import HouseDay, SpokenTime
from gateway.domain.spoken_zh import times_zh
from gateway.domain.wording_rules import find_words, folded

LONGEST = 10_000
"""Characters of a draft that are read: as many as a reply may have."""
SURE, LIKELY, DOUBTFUL = 0.95, 0.8, 0.6
_SENTENCE = re.compile(r"(?:[^。！!？?；;\n.]|\.(?=\S))+[。！!？?；;\n.]*")
_AROUND = " \u3000，,。.;；！!\n\t"
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_FILLING = re.compile(
    r"最迟|最晚|最慢|预计|大概|大约|左右|争取|就|也|会|应该|之内|以内|at the latest|latest|at most|probably|most likely|[\W_]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPromise:
    """A promise in the words at ``[start, end)``: ``due_at`` is None where no time is told (一会儿, soon)."""

    start: int
    end: int
    due_at: datetime | None
    text: str
    confidence: float


def find_promises(
    text: str, now: datetime, hours: BusinessHours, lang: str, words: Words | None = None
) -> tuple[FoundPromise, ...]:
    """Return the promises of ours in a draft, in order; each sentence is read in the language it is written in.

    ``words.vague`` are what makes a promise without a time one. A time in the past is returned as it is said.
    """
    house = HouseDay(now=now, hours=hours)
    said = folded(text[:LONGEST], simplified)
    found: list[FoundPromise] = []
    for match in _SENTENCE.finditer(said):
        is_chinese = _CHINESE.search(match[0]) is not None
        read, part = (times_zh, clauses_zh) if is_chinese else (times_en, clauses_en)
        clauses = list(part(match[0], match.start()))
        times = [_moved(one, match.start()) for one in read(match[0], house)]
        timed = list(_timed(text, said, times, clauses))
        found += timed or _vague(text, match, clauses, "zh-CN" if is_chinese else "en", words)
    return tuple(found)


def _timed(
    text: str, said: str, times: Sequence[SpokenTime], clauses: Sequence[Clause]
) -> Iterator[FoundPromise]:
    for one in times:
        place = next((n for n, clause in enumerate(clauses) if clause.start <= one.start < clause.end), None)
        if place is None:
            continue
        owner, is_near = _owner(said, times, clauses, place)
        if owner is not None:
            start, end = min(owner.start, one.start), max(owner.end, one.end)
            confidence = LIKELY if is_near else SURE
            yield _found(text, start, end, one.due_at, confidence if one.sure else DOUBTFUL)


def _owner(
    said: str, times: Sequence[SpokenTime], clauses: Sequence[Clause], place: int
) -> tuple[Clause | None, bool]:
    """Return the clause of ours that a time belongs to, and whether it is a neighbour's."""
    clause = clauses[place]
    if clause.stance is Stance.OURS:
        return clause, False
    if clause.stance is Stance.OPEN and _is_bare(said, clause, times):
        for near in (place + 1, place - 1):
            if 0 <= near < len(clauses) and clauses[near].stance is Stance.OURS:
                return clauses[near], True
    return None, False


def _is_bare(said: str, clause: Clause, times: Sequence[SpokenTime]) -> bool:
    rest = said[clause.start : clause.end]
    for one in times:
        if clause.start <= one.start < clause.end:
            rest = rest.replace(said[one.start : one.end], " ")
    return len(_FILLING.sub("", rest)) <= 1


def _vague(
    text: str, match: re.Match[str], clauses: Sequence[Clause], lang: str, words: Words | None
) -> list[FoundPromise]:
    if words is None:
        return []
    vague = find_words(match[0], lang, Words(vague=words.vague))
    ours = [clause for clause in clauses if clause.stance is Stance.OURS]
    places = [one.start + match.start() for one in vague]
    held = (clause for clause in ours if any(clause.start <= place < clause.end for place in places))
    return [_found(text, clause.start, clause.end, None, LIKELY) for clause in list(held)[:1]]


def _found(text: str, start: int, end: int, due_at: datetime | None, confidence: float) -> FoundPromise:
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip(_AROUND))
    inner = inner.strip(_AROUND)
    return FoundPromise(start=start, end=start + len(inner), due_at=due_at, text=inner, confidence=confidence)


def _moved(one: SpokenTime, by: int) -> SpokenTime:
    return SpokenTime(start=one.start + by, end=one.end + by, due_at=one.due_at, sure=one.sure)
