"""Messages that lean on what was said before: "那退货呢", "还有呢", "how much is it", "要多久"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from knowledge.entry import KnowledgeEntry
from knowledge.idle import content

_LONGEST, _LONGEST_LATIN = 14, 40
_NOTHING_NEW = frozenset(
    (
        *("还有呢", "还有吗", "还有别的吗", "然后呢", "接着呢", "别的呢", "其他呢", "后来呢", "继续"),
        *("what else", "anything else", "and then", "then what", "more", "tell me more", "go on", "and"),
    )
)
_CHINESE = re.compile(r"^(?:那么|那|还有)?(.{2,12}?)(?:又|该)?(?:怎么样|怎样|如何)?呢$")
_ENGLISH = re.compile(r"^(?:(?:and|so|then) )?(?:what about|how about|and for|and|what if its) (.+)$")

_POINTS = re.compile(
    r"它|这个|那个|这样|那样|这些|那些|\b(?:it|its|this|that|these|those|they|them|one|there|instead)\b"
)
_OWN_MATTER = 2
"""So many characters of content (a Latin word counts two) name a matter."""

# How much likelier an entry is meant that belongs to the topic; the topic's words themselves count for a tenth.
CHOSEN, SAME, BACK = 20.0, 4.0, 6.0
WITH_TOPIC, ITSELF = 0.1, 0.3


def leans(folded: str) -> bool:
    """Say whether a message is short enough to lean on the one before it."""
    return len(folded) <= (_LONGEST_LATIN if folded.isascii() else _LONGEST)


def stands_alone(folded: str) -> bool:
    """Say whether a message names its own matter and points at nothing said before."""
    return content(folded) >= _OWN_MATTER and _POINTS.search(folded) is None and without_cue(folded) == folded


def without_cue(folded: str) -> str:
    """Return what a follow-up newly asks about (``""``: nothing new), without the words that make it one."""
    if folded in _NOTHING_NEW:
        return ""
    found = _CHINESE.match(folded) or _ENGLISH.match(folded)
    return found[1].strip() if found else folded


def in_context(
    alone: Mapping[str, float],
    with_topic: Mapping[str, float],
    topic: KnowledgeEntry,
    links: Iterable[str],
) -> list[tuple[str, float]]:
    """Return entry ids with their probability of being meant after ``topic`` was answered, best first.

    ``alone`` holds the probabilities by the words themselves, ``with_topic`` those by the words and the topic's question
    together, ``links`` the entries whose follow-up choices lead to the topic. What stands on its own stays what it
    is: the others have next to nothing to multiply.
    """
    weight = dict.fromkeys(links, BACK) | {topic.id: SAME} | dict.fromkeys(topic.choices, CHOSEN)
    value: dict[str, float] = {}
    for one in {*alone, *with_topic}:
        joint = with_topic.get(one, 0.0) * (ITSELF if one == topic.id else 1.0)
        value[one] = weight.get(one, 1.0) * ((1 - WITH_TOPIC) * alone.get(one, 0.0) + WITH_TOPIC * joint)
    none = (1 - WITH_TOPIC) * (1 - sum(alone.values())) + WITH_TOPIC * (1 - sum(with_topic.values()))
    whole = sum(value.values()) + max(none, 0.0)
    ranked = sorted(value.items(), key=lambda pair: -pair[1])
    return [(one, each / whole) for one, each in ranked if each] if whole else []
