"""One question in two entries: then the bot can only ask back, however sure the customer was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from knowledge.entry import KnowledgeEntry, Wording
from knowledge.lint.finding import Finding
from knowledge.lint.house import Case, at
from knowledge.normalize import exact_key, fold, is_cjk, runs
from knowledge.pinyin import sound
from knowledge.politeness import without_courtesy
from knowledge.stem import stem

Held = tuple[KnowledgeEntry, Wording, str]

_FILLERS = frozenset(
    (
        *(
            "a",
            "an",
            "the",
            "my",
            "your",
            "our",
            "their",
            "this",
            "that",
            "to",
            "of",
            "for",
            "in",
            "on",
            "at",
        ),
        *(
            "do",
            "does",
            "did",
            "is",
            "are",
            "was",
            "be",
            "i",
            "you",
            "me",
            "we",
            "it",
            "s",
            "and",
            "just",
            "please",
        ),
    )
)
_PARTICLES = str.maketrans("", "", "吗呢啊呀吧嘛的了么请您你我们")
SHORTEST_SOUND = 4
"""Below four syllables too many words sound alike."""


def exact(case: Case) -> Iterator[Finding]:
    """``duplicate``: two entries hold one phrasing, also in other width, case or script."""
    for key, held in _groups(case, lambda text: exact_key(fold(text))).items():
        first, *others = _one_each(held)
        for entry, wording, text in others if key else ():
            yield at(
                wording, _line(case, wording, text), "duplicate", "error",
                zh=f"“{text}”也写在条目“{first[0].id}”里，机器人无法判断该答哪一条。",
                en=f"{text!r} stands in the entry {first[0].id!r} too: the bot cannot tell which is meant.",
                remedy_zh=f"请只留在“{first[0].id}”或“{entry.id}”其中一个条目里。",
                remedy_en=f"Keep it in one of {first[0].id!r} and {entry.id!r}.",
            )  # fmt: skip


def near(case: Case) -> Iterator[Finding]:
    """``near-duplicate``: phrasings of two entries that differ only in sound-alikes, order or filling words."""
    told = set[tuple[str, str]]()
    for keyed in (_gist, _heard):
        for key, held in _groups(case, keyed).items():
            first, *others = _one_each(held)
            for entry, wording, text in others if key else ():
                pair = (first[2], text)
                if pair in told or exact_key(fold(first[2])) == exact_key(fold(text)):
                    continue
                told.add(pair)
                yield at(
                    wording, _line(case, wording, text), "near-duplicate", "warning",
                    zh=f"“{text}”与条目“{first[0].id}”的“{first[2]}”几乎相同。",
                    en=f"{text!r} is nearly {first[2]!r} of the entry {first[0].id!r}.",
                    remedy_zh=f"请只留一处；如果意思不同，请写出“{entry.id}”与“{first[0].id}”不同在哪里。",
                    remedy_en=f"Keep one of them, or word what sets {entry.id!r} and {first[0].id!r} apart.",
                )  # fmt: skip


def repeated(case: Case) -> Iterator[Finding]:
    """``repeated``: one entry says the same twice; the second adds nothing."""
    for _, wording in case.wordings():
        first: dict[str, str] = {}
        for text in wording.all_phrasings:
            earlier = first.setdefault(exact_key(fold(text)), text)
            if earlier != text:
                yield at(
                    wording, _line(case, wording, text), "repeated", "note",
                    zh=f"“{text}”与“{earlier}”对机器人来说是同一句。", en=f"{text!r} is {earlier!r} to the bot.",
                    remedy_zh="请换成客户的另一种说法。", remedy_en="Put another way of asking in its place.",
                )  # fmt: skip


def _groups(case: Case, keyed: Callable[[str], str]) -> Mapping[str, Sequence[Held]]:
    """Return the phrasings by key, for keys that more than one entry has."""
    groups: dict[str, list[Held]] = defaultdict(list)
    for entry, wording in case.wordings():
        for text in wording.all_phrasings:
            groups[keyed(text)].append((entry, wording, text))
    return {key: held for key, held in groups.items() if key and len({entry.id for entry, _, _ in held}) > 1}


def _one_each(held: Sequence[Held]) -> list[Held]:
    return list({entry.id: (entry, wording, text) for entry, wording, text in reversed(held)}.values())[::-1]


def _line(case: Case, wording: Wording, text: str) -> int:
    if text == wording.question:
        return case.places.of_field(wording, "question")
    return case.places.of_field(wording, "phrasings", text)


def _plain(text: str) -> str:
    return without_courtesy(fold(text)).translate(_PARTICLES)


@lru_cache(maxsize=50_000)
def _gist(text: str) -> str:
    """Return the words that carry meaning, in no order; Chinese in order. Figures stay: model 14 is not model 15."""
    found = runs(_plain(text))
    words = sorted(stem(run) for run in found if not is_cjk(run) and run not in _FILLERS)
    chinese = [run for run in found if is_cjk(run)]
    gist = " ".join([*chinese, *words])
    return gist if len(words) + sum(map(len, chinese)) > 2 else ""


@lru_cache(maxsize=50_000)
def _heard(text: str) -> str:
    """Return how a Chinese phrasing sounds, its other words beside it; empty for a short or a foreign one."""
    found = runs(_plain(text))
    if sum(len(run) for run in found if is_cjk(run)) < SHORTEST_SOUND:
        return ""
    return " ".join("|".join(map(sound, run)) if is_cjk(run) else run for run in found)
