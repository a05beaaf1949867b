"""What agents said most often, when they meant the same and wrote nearly the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from knowledge.normalize import fold

NEARLY = 85.0
"""Of a hundred: as much of two replies must be the same."""
MOST_REPLIES = 300
SHORTEST = 6
"""Shorter ones ("好的", "OK") answer nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonReply:
    """The wording used most, and the places of all replies that nearly are it."""

    text: str | None
    places: frozenset[int]


def most_common_reply(replies: Sequence[str | None]) -> CommonReply:
    """Return the largest set of nearly identical replies; of equal sets the earlier one."""
    sets: list[tuple[str, list[int]]] = []
    for place, reply in enumerate(replies[:MOST_REPLIES]):
        folded = fold(reply or "")
        if len(folded) < SHORTEST:
            continue
        near = next((each for words, each in sets if fuzz.ratio(words, folded) >= NEARLY), None)
        if near is None:
            sets.append((folded, [place]))
        else:
            near.append(place)
    if not sets:
        return CommonReply(text=None, places=frozenset())
    places = max((each for _, each in sets), key=len)
    used = [str(replies[place]) for place in places]
    return CommonReply(text=max(used, key=used.count), places=frozenset(places))
