"""What an agent is about to tell a customer: promises found in the draft, and words the house does not use (K5, L3). Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Literal

from gateway.domain.calendar import next_opening
from gateway.domain.free_promises import FoundPromise, find_promises
from gateway.domain.policy import Policy, Words
from gateway.domain.promise import Promise, Stage
from gateway.domain.promise_rules import reminded
from gateway.domain.spoken_time import HouseDay
from gateway.domain.wording import Texts
from gateway.domain.wording_rules import FoundWord, find_words
from gateway.errors import Refusal, Said
from gateway.pipeline.language import detect
from knowledge.lint.words import hollow
from knowledge.normalize import simplify

Trouble = Literal["vague", "banned", "unkeepable"]
MOST = 20
"""So many findings of each sort are shown for one draft."""
LEAST = timedelta(minutes=30)
"""A time offered in place of a vague word leaves at least so long."""
FARTHEST = timedelta(days=400)
_SENTENCE_END = re.compile(r"[。！!？?；;\n]")


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftProblem:
    """Words of a draft, why they will not do, and what would."""

    kind: Trouble
    text: str
    better: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPromise:
    """A promise to be confirmed with one click: ``label`` is its time as one says it."""

    text: str
    due_at: datetime
    label: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedDraft:
    """All that was found in a draft."""

    promises: tuple[DraftPromise, ...] = ()
    problems: tuple[DraftProblem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A promise as the agent confirmed it."""

    text: str
    due_at: datetime


class BannedWords(Refusal):
    """The house sends no such words: ``words.enforce`` is ``block``."""

    code: ClassVar[str] = "banned_words"
    status: ClassVar[int] = 422
    said = Said(
        "回复里有不能使用的说法，请改用建议的说法。",
        "The reply says what the house does not. Use the better phrase.",
    )


class BadPromise(Refusal):
    """A promise that cannot be kept as it stands."""

    code: ClassVar[str] = "bad_promise"
    status: ClassVar[int] = 422
    said = Said(
        "承诺的时间已经过去或太远，请写一个还没有到的时间。",
        "The promised time has passed or is too far off. Name one still to come.",
    )


def check_draft(
    text: str, now: datetime, policy: Policy, texts: Texts, *, lang: str, shown: str
) -> CheckedDraft:
    """Return what a draft to a customer of ``lang`` promises and says amiss; times are said in ``shown``, the agent's."""
    found = find_promises(text, now, policy.hours, lang, policy.words)
    timed = [one for one in found if one.due_at is not None]
    kept = [one for one in timed if is_keepable(one.due_at, now)]
    promises = tuple(_shown(one, now, policy, texts, shown) for one in kept[:MOST])
    said_with_a_time = [(one.start, one.end) for one in kept]
    problems = [
        *_words(text, said_with_a_time, now, policy, texts, lang),
        *_past(timed, now, policy, texts, lang),
        *_hollow(text, texts, lang),
    ]
    return CheckedDraft(promises=promises, problems=tuple(problems[:MOST]))


def is_keepable(due_at: datetime | None, now: datetime) -> bool:
    """Return whether somebody can still keep it."""
    return due_at is not None and now < due_at <= now + FARTHEST


def must_be_sayable(text: str, words: Words) -> None:
    """Let a reply pass unless the house blocks a phrase of it.

    Raises:
        BannedWords: it says one; the problem names the first, and the better phrase.
    """
    if not words.blocks:
        return
    one = next((found for found in _all_words(text, words) if found.kind == "banned"), None)
    if one is not None:
        raise BannedWords(
            f"a reply says {one.phrase!r}",
            public=Said(
                f"请不要说“{one.phrase}”，可以改为“{one.better}”。",
                f"Please do not say “{one.phrase}”. Say “{one.better}” instead.",
            ),
            field="text",
        )


def promised(given: Given, policy: Policy, *, now: datetime, number: str, agent_id: int) -> Promise:
    """Return what an agent owes from now on, with its reminder.

    Raises:
        BadPromise: its time has passed, or is more than a year off.
    """
    if not is_keepable(given.due_at, now):
        raise BadPromise(
            f"promised for {given.due_at.isoformat()}, and it is {now.isoformat()}", field="promises"
        )
    promise = Promise(
        kind=Stage.PROMISED,
        owner=f"agent:{number}",
        agent_id=agent_id,
        due_at=given.due_at,
        told=True,
        text=given.text.strip(),
        because=f"agent {number} promised it",
    )
    return reminded(promise, policy, now)


def _shown(one: FoundPromise, now: datetime, policy: Policy, texts: Texts, shown: str) -> DraftPromise:
    assert one.due_at is not None
    label = texts.time(one.due_at, now, policy.hours.zone, shown)
    return DraftPromise(text=one.text, due_at=one.due_at, label=label, confidence=one.confidence)


def _words(
    text: str, timed: list[tuple[int, int]], now: datetime, policy: Policy, texts: Texts, lang: str
) -> Iterator[DraftProblem]:
    for one in _all_words(text, policy.words):
        has_time = any(_is_one_sentence(text, one.start, start, end) for start, end in timed)
        if one.kind == "vague" and not has_time:
            yield DraftProblem(
                kind="vague", text=text[one.start : one.end], better=_by(now, policy, texts, lang)
            )
        elif one.kind == "banned":
            better = texts.adapt(one.better, lang)
            yield DraftProblem(kind="banned", text=text[one.start : one.end], better=better)


def _is_one_sentence(text: str, place: int, start: int, end: int) -> bool:
    return _SENTENCE_END.search(text, min(place, start), max(place, end)) is None


def _past(
    timed: list[FoundPromise], now: datetime, policy: Policy, texts: Texts, lang: str
) -> Iterator[DraftProblem]:
    zone = policy.hours.zone
    for one in timed:
        if not is_keepable(one.due_at, now):
            assert one.due_at is not None
            at, other = (
                texts.time(one.due_at, now, zone, lang),
                texts.time(_time_to_name(now, policy), now, zone, lang),
            )
            better = texts.say("draft.past", lang, at=at, next=other)
            yield DraftProblem(kind="unkeepable", text=one.text, better=better)


def _hollow(text: str, texts: Texts, lang: str) -> Iterator[DraftProblem]:
    for said in hollow(text):
        yield DraftProblem(kind="unkeepable", text=said, better=texts.say("draft.hollow", lang))


def _by(now: datetime, policy: Policy, texts: Texts, lang: str) -> str:
    at = texts.time(_time_to_name(now, policy), now, policy.hours.zone, lang)
    return texts.say("draft.by", lang, at=at)


def _time_to_name(now: datetime, policy: Policy) -> datetime:
    """Return a time that can be offered in place of a vague word: this day's closing, else the next working day's."""
    house = HouseDay(now=now, hours=policy.hours)
    closing = house.closing(house.today)
    if house.is_worked(house.today) and closing - now >= LEAST:
        return closing
    try:
        opens = next_opening(max(closing, now), policy.hours)
    except ValueError:  # a house that never opens: a day is as good as any
        return now + timedelta(days=1)
    return house.closing(opens.astimezone(policy.hours.zone).date())


def _all_words(text: str, words: Words) -> tuple[FoundWord, ...]:
    """Drafts mix languages: each list of words holds for the whole of it."""
    tags = dict.fromkeys((*words.banned, *words.vague))
    found = (one for tag in tags for one in find_words(text, tag, words, simplify=_simplify))
    return tuple(sorted({(one.start, one.end): one for one in found}.values(), key=lambda one: one.start))


def _simplify(sign: str) -> str:
    return simplify(sign) or sign


def language_of(text: str, default: str) -> str:
    """Return the language a draft is written in."""
    return detect(text, default=default)
