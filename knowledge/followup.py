"""Short messages that lean on what was said before: "那退货呢", "还有呢", "what about refunds"."""

from __future__ import annotations

import re

_LONGEST = 24
_NOTHING_NEW = frozenset(
    (
        *("还有呢", "还有吗", "还有别的吗", "然后呢", "接着呢", "别的呢", "其他呢", "后来呢", "继续"),
        *("what else", "anything else", "and then", "then what", "more", "tell me more", "go on", "and"),
    )
)
_CHINESE = re.compile(r"^(?:那么|那|还有)?(.{2,12}?)(?:又|该)?(?:怎么样|怎样|如何)?呢$")
_ENGLISH = re.compile(r"^(?:(?:and|so|then) )?(?:what about|how about|and for|and|what if its) (.+)$")


def without_cue(folded: str) -> str | None:
    """Return what a follow-up newly asks about (``""``: nothing new), or None when it is no follow-up."""
    if len(folded) > _LONGEST * (1 if not folded.isascii() else 3):
        return None
    if folded in _NOTHING_NEW:
        return ""
    found = _CHINESE.match(folded) or _ENGLISH.match(folded)
    return found[1].strip() if found else None
