"""Whether a pattern an operator wrote can be matched in time linear enough for hostile text. Pure.

Python's matcher cannot be stopped from outside, so patterns that may take exponential time are refused when they are
read: a repetition inside a repetition, or alternatives inside one that begin alike.
"""

import re
from re import _constants as op  # type: ignore[attr-defined]  # the parser's own names; there is no public one
from re import _parser as parser  # type: ignore[attr-defined]  # likewise
from typing import Any

LONGEST = 500
FEW = 20
"""So often at most something may repeat that is itself repeated."""


def check_pattern(pattern: str) -> None:
    """Return if the pattern is sound.

    Raises:
        ValueError: it is no pattern, too long, or may take for ever; the message says which.
    """
    if len(pattern) > LONGEST:
        raise ValueError(f"a pattern of at most {LONGEST} characters")
    try:
        tree = parser.parse(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"a regular expression ({error})") from error
    if _is_explosive(tree, inside=False):
        raise ValueError(
            "a pattern without a repetition inside a repetition: hostile text would make it run for ever"
        )


def _is_explosive(tree: Any, *, inside: bool) -> bool:
    return any(_explodes(code, value, inside) for code, value in tree)


def _explodes(code: Any, value: Any, inside: bool) -> bool:
    if code in (op.MAX_REPEAT, op.MIN_REPEAT):
        least, most, held = value
        repeats = least != most and most > FEW
        return (inside and repeats) or _is_explosive(held, inside=inside or most > FEW)
    if code is op.BRANCH:
        branches = value[1]
        firsts = {_first(one) for one in branches}
        alike = inside and (len(firsts) < len(branches) or not all(map(len, branches)))
        return alike or any(_is_explosive(one, inside=inside) for one in branches)
    if code is op.SUBPATTERN:
        return _is_explosive(value[-1], inside=inside)
    if code in (op.ASSERT, op.ASSERT_NOT):
        return _is_explosive(value[1], inside=inside)
    return False


def _first(tree: Any) -> object:
    """Return what a branch begins with, as something to compare; anything but a plain character is alike."""
    if len(tree) and tree[0][0] is op.LITERAL:
        return tree[0][1]
    return None
