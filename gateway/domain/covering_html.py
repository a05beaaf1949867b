"""HTML of a message with the personal data in it covered, or none at all where that cannot be done surely. Pure."""

import re
from functools import lru_cache

from gateway.domain.covering import EVERYTHING, CoverRules, cover

LONGEST = 500_000
_TAG = re.compile(r"<[^>]*>")
_TOLD_IN_TAG = re.compile(r"mailto:|tel:|@|[0-9]{6}", re.IGNORECASE)
_INLINE = re.compile(
    r"</?(?:a|abbr|b|big|em|font|i|ins|mark|s|small|span|strong|sub|sup|tt|u|wbr)\b", re.IGNORECASE
)
_CELL = re.compile(r"</?t[dh]\b", re.IGNORECASE)


def cover_html(html: str, rules: CoverRules = EVERYTHING) -> str | None:
    """Return cleaned HTML with its words and links covered; None where a value is spread over several tags."""
    return _covered(html, rules) if len(html) <= LONGEST else None


@lru_cache(maxsize=8)
def _covered(html: str, rules: CoverRules) -> str | None:
    kept, words, reached = [], [], 0
    for tag in _TAG.finditer(html):
        text = cover(html[reached : tag.start()], rules)
        kept += [text, cover(tag.group(), rules) if _TOLD_IN_TAG.search(tag.group()) else tag.group()]
        words += [text, _gap(tag.group())]
        reached = tag.end()
    rest = cover(html[reached:], rules)
    shown = "".join((*words, rest))
    # A number in several tags, or named by the cell before it, is seen only in the whole.
    return "".join((*kept, rest)) if cover(shown, rules) == shown else None


def _gap(tag: str) -> str:
    if _INLINE.match(tag):
        return ""
    return " " if _CELL.match(tag) else "\n"
