"""What we wrote ourselves, taken out of an answer that quotes it without any mark. Pure.

Quotation marks differ by program and language; what we sent we know. So lines of the answer are compared with it, and
what is surely ours is cut at the end or at the beginning, never from the middle: there the customer answers between
our lines and both are needed. The whole body is kept beside it in any case.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

LONG = 12
"""A line of so many characters is nobody's by chance."""
ALIKE = 90.0
MAX_LINES = 600
MAX_OURS = 300

_FRONT = re.compile(r"^[\s>|＞*_#-]+|[\s*_]+$")
_MARKER = re.compile(r"请在此行上方回复|請在此行上方回覆|Please reply above this line", re.IGNORECASE)
_HEADER = re.compile(r"^[\s>|*]*[^\W\d_][\w .\-]{0,24}[*]*\s{0,3}[:：]\s{0,3}\S")
_RULE = re.compile(r"^[\s>|]*[-_=*─—－]{3,}.{0,60}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One message of ours, as plain text, and who signed it."""

    text: str
    signed: tuple[str, ...] = ()
    """The agent's name and number: a line with both is ours."""


def without_ours(text: str, sent: Sequence[Sent], addresses: Sequence[str] = ()) -> str:
    """Return ``text`` without what repeats the messages we sent, at its end and at its beginning.

    All of it where nothing else would be left, where the customer's words stand between ours, or where too little
    is alike to be sure. ``addresses`` are ours: a line that announces what it quotes names one of them.
    """
    lines = text.splitlines()
    if not sent or not 1 < len(lines) <= MAX_LINES:
        return text
    ours = _known(sent)
    marks = [_is_ours(line, ours, sent) for line in lines]
    first, last = _edges(lines, marks, [re.sub(r"\+[^@]*", "", it.lower()) for it in addresses])
    kept = lines[first:last]
    if any(mark and len(_bare(line)) >= LONG for mark, line in zip(marks[first:last], kept, strict=True)):
        return text  # our words between the customer's: an answer line by line
    return "\n".join(kept).strip("\n") if any(_bare(line) for line in kept) else text


def _edges(lines: Sequence[str], marks: Sequence[bool | None], addresses: Sequence[str]) -> tuple[int, int]:
    """Return where the customer's own words begin and end."""
    tail = len(lines)
    while tail and marks[tail - 1] is not False:
        tail -= 1
    last = _without_heading(lines, tail, addresses) if _is_sure(lines[tail:], marks[tail:]) else len(lines)
    head = 0
    while head < last and (marks[head] is not False or _names_us(lines[head], addresses)):
        head += 1
    return (head if _is_sure(lines[:head], marks[:head]) else 0), last


def _is_sure(lines: Sequence[str], marks: Sequence[bool | None]) -> bool:
    """Say whether a stretch is ours: one long line at least, and not merely a formula such as a greeting."""
    same = [_bare(line) for line, mark in zip(lines, marks, strict=True) if mark is True]
    return any(len(line) >= LONG for line in same) and sum(map(len, same)) >= 2 * LONG


def _without_heading(lines: Sequence[str], end: int, addresses: Sequence[str]) -> int:
    """Return the end without the lines by which a program announces what it quotes: one of them names us.

    A line of the customer's such as “订单号：123” has the same form, and stays unless it stands among those.
    """
    at = end
    while at and (not lines[at - 1].strip() or _is_rule(lines[at - 1])):
        at -= 1
    top = at
    while top and _HEADER.match(lines[top - 1]) and len(lines[top - 1]) < 250 and at - top < 8:
        top -= 1
    named = next((i for i in range(top, at) if _names_us(lines[i], addresses)), None)
    if named is None:
        return at - 1 if at and _names_us(lines[at - 1], addresses) else at
    return named


def _names_us(line: str, addresses: Sequence[str]) -> bool:
    """Say whether a line announces a mail of ours: our address, and a colon or a rule with it."""
    if len(line) > 250 or not any(address in line.lower() for address in addresses):
        return False
    return bool(_HEADER.match(line) or line.rstrip().endswith((":", "：")) or _RULE.match(line))


def _is_rule(line: str) -> bool:
    return bool(_RULE.match(line) or _MARKER.search(line))


def _known(sent: Sequence[Sent]) -> list[str]:
    found = dict.fromkeys(bare for one in sent for line in one.text.splitlines() if (bare := _bare(line)))
    return list(found)[:MAX_OURS]


def _is_ours(line: str, ours: Sequence[str], sent: Sequence[Sent]) -> bool | None:
    """Say whether a line is ours; None of an empty line or a marker, which are anybody's."""
    bare = _bare(line)
    if not bare or _MARKER.search(line) or _RULE.match(line):
        return None
    if bare in ours or any(one.signed and all(word in line for word in one.signed) for one in sent):
        return True
    if len(bare) < LONG:
        return False
    return process.extractOne(bare, ours, scorer=fuzz.ratio, score_cutoff=ALIKE) is not None or any(
        len(bare) >= 2 * LONG and bare in one
        for one in ours  # a long line of ours, wrapped on the way
    )


def _bare(line: str) -> str:
    return re.sub(r"\s+", "", _FRONT.sub("", line)).casefold()
