"""A regular expression of many alternatives becomes many of one, so that few of them need be tried on a text.

Only alternatives at the beginning are taken apart: ``\\b(?:late|lost) bag`` is ``\\blate bag`` and ``\\blost bag``. What a rule
finds stays the same; the index (``literals.py``) then knows the letters each of them cannot match without.
"""

from collections.abc import Iterator

MOST = 400
"""Into how many a pattern is taken apart at most."""
LONGEST_REST = 24
"""Of what follows the alternatives: each of them would repeat it, and it tells enough by itself."""
_BORDERS = ("\\b", "^")
_QUANTIFIERS = ("?", "*", "+", "{")


def branches(pattern: str) -> tuple[str, ...]:
    """Return patterns that match, together, what ``pattern`` matches; capturing groups are left alone."""
    if "(?P" in pattern or "\\1" in pattern:
        return (pattern,)
    found = tuple(_apart(pattern))
    return found if len(found) <= MOST else (pattern,)


def _apart(pattern: str) -> Iterator[str]:
    alternatives = list(_split(pattern))
    if len(alternatives) > 1:
        for one in alternatives:
            yield from _apart(one)
        return
    border = next((one for one in _BORDERS if pattern.startswith(one)), "")
    rest = pattern[len(border) :]
    end = _end_of_group(rest) if rest.startswith("(?:") else 0
    after = rest[end:]
    if not end or after.startswith(_QUANTIFIERS) or len(after) > LONGEST_REST:
        yield pattern
        return
    for one in _split(rest[3 : end - 1]):
        yield from _apart(border + one + after)


def _split(pattern: str) -> Iterator[str]:
    """Yield what stands between the ``|`` that are in no group and no class."""
    begin = 0
    for at, sign, depth in _signs(pattern):
        if sign == "|" and depth == 0:
            yield pattern[begin:at]
            begin = at + 1
    yield pattern[begin:]


def _end_of_group(pattern: str) -> int:
    """Return where the group with which ``pattern`` begins has ended."""
    return next(at + 1 for at, sign, depth in _signs(pattern) if sign == ")" and depth == 0)


def _signs(pattern: str) -> Iterator[tuple[int, str, int]]:
    """Yield the signs that are neither escaped nor in a class, with how many groups are open around them."""
    at, depth, in_class = 0, 0, False
    while at < len(pattern):
        sign = pattern[at]
        if sign == "\\":
            at += 2
            continue
        if in_class:
            in_class = sign != "]"
        elif sign == "[":
            in_class = True
            at += pattern[at + 1 : at + 2] == "^"
            at += pattern[at + 1 : at + 2] == "]"  # a letter, right here
        else:
            depth -= sign == ")"
            yield at, sign, depth
            depth += sign == "("
        at += 1
