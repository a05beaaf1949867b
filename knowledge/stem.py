"""English endings, cut so that "refunds", "refunded" and "refunding" meet."""

from __future__ import annotations

_ENDINGS = ("ingly", "edly", "ings", "ing", "ied", "ies", "ed", "es", "ly", "s")
_KEPT_DOUBLE = "ls"


def stem(word: str) -> str:
    """Return the word without its commonest endings; short words stay as they are."""
    if len(word) <= 4:
        return word
    for ending in _ENDINGS:
        base = word[: -len(ending)]
        if len(base) < 3 or not word.endswith(ending):
            continue
        if ending in ("ied", "ies"):
            return base + "y"
        if (
            ending in ("ing", "ed")
            and len(base) > 3
            and base[-1] == base[-2]
            and base[-1] not in _KEPT_DOUBLE
        ):
            base = base[:-1]
        return base[:-1] if base.endswith("e") and len(base) > 4 else base
    return word.removesuffix("e")
