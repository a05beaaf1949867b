"""Words the house does not use to customers, found in a text: banned ones (K5), and vague ones where a time belongs (I6).

A text is first brought to one script, width and case by ``folded``, sign by sign, so that places in it stay true.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeVar

from gateway.domain.policy import Words

Kind = Literal["banned", "vague"]
T = TypeVar("T")

_APOSTROPHES = str.maketrans("‘’`´", "''''")
# What the customer does not know, or what a condition supposes, the house has not said.
_OF_THE_CUSTOMER = re.compile(r"(?:(?<!请)[您你]|如果|若|要是|假如|是否|\bif|\byou)[^\s，。,.]{0,6}\s?$")
# "请您及时查收" is asked of the customer; "请稍后" lets them wait. Quoted words are names of buttons, and
# "as soon as it arrives" is a condition.
_ASKED_OF_THEM = re.compile(r"(?:请|麻烦)[您你]?(?:务必|也)?$|\bplease(?: \w+){0,3} $")
_WAITING = ("稍", "一会", "回头", "改天")
_CONJUNCTION = re.compile(r"\bas soon as\b(?!\s+(?:possible|we can|i can|practicable))")
_QUOTED = re.compile(r"“[^”\n]{0,60}”|「[^」\n]{0,60}」|\"[^\"\n]{0,60}\"|`[^`\n]{0,60}`")
_GAP = re.compile(r"\{[^{}\n]{0,40}\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundWord:
    """A phrase at ``[start, end)`` of a text, and what to say instead (empty where a time belongs)."""

    kind: Kind
    phrase: str
    start: int
    end: int
    better: str = ""


def find_words(
    text: str, lang: str, words: Words, *, simplify: Callable[[str], str] | None = None
) -> tuple[FoundWord, ...]:
    """Return what a text of ours says that the house does not, in order; one finding a place.

    ``simplify`` turns one Traditional sign into its Simplified one; without it scripts are told apart.
    """
    said = folded(text, simplify)
    said = _GAP.sub(_blanked, _QUOTED.sub(_blanked, _CONJUNCTION.sub(_blanked, said)))
    found = [*_banned(said, near(words.banned, lang)), *_vague(said, near(words.vague, lang))]
    kept: list[FoundWord] = []
    for one in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)


def folded(text: str, simplify: Callable[[str], str] | None = None) -> str:
    """Return the text in one case, width and script, exactly as long as it was."""
    if text.isascii():
        return text.lower()
    return "".join(map(_folded_sign(simplify), text))


def near(tables: Mapping[str, T], lang: str) -> T | None:
    """Return what holds for ``lang``: its own, else that of another of its family; None if there is none."""
    if lang in tables:
        return tables[lang]
    family = lang.partition("-")[0]
    return next((table for tag, table in tables.items() if tag.partition("-")[0] == family), None)


def _banned(said: str, phrases: Mapping[str, str] | None) -> Iterator[FoundWord]:
    for phrase, better in (phrases or {}).items():
        for start, end in _places(said, phrase):
            if not _OF_THE_CUSTOMER.search(said[:start]):
                yield FoundWord(kind="banned", phrase=phrase, start=start, end=end, better=better)


def _vague(said: str, phrases: tuple[str, ...] | None) -> Iterator[FoundWord]:
    for phrase in phrases or ():
        for start, end in _places(said, phrase):
            if phrase.startswith(_WAITING) or not _ASKED_OF_THEM.search(said[:start]):
                yield FoundWord(kind="vague", phrase=phrase, start=start, end=end)


def _places(said: str, phrase: str) -> Iterator[tuple[int, int]]:
    for match in _pattern(phrase).finditer(said):
        yield match.start(), match.end()


@lru_cache(500)
def _pattern(phrase: str) -> re.Pattern[str]:
    """Latin phrases are whole words, with any space between them; others stand anywhere."""
    wanted = folded(phrase.strip())
    inner = r"\s+".join(map(re.escape, wanted.split()))
    return re.compile(rf"(?<![\w]){inner}(?![\w])" if wanted.isascii() else inner)


def _folded_sign(simplify: Callable[[str], str] | None) -> Callable[[str], str]:
    def one(sign: str) -> str:
        if sign.isascii():
            return sign.lower()
        plain = unicodedata.normalize("NFKC", sign).lower().translate(_APOSTROPHES)
        if simplify is not None and len(plain) == 1:
            plain = simplify(plain)
        return plain if len(plain) == 1 else sign

    return one


def _blanked(match: re.Match[str]) -> str:
    return " " * len(match[0])
