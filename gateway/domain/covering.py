"""What of a message is kept in the clear: everything but the personal data in it (rulebook K6, P2).

``masking`` covers for logs, where a number too many does no harm. Here people go on working with the text: what its
writer calls an order, a parcel or a ticket stays readable, whatever its digits look like. Pure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from gateway.domain.masking import mask
from gateway.domain.sensitive import find_given
from gateway.domain.sensitive_text import Found, Kind, narrow

KINDS: tuple[Kind, ...] = ("phone", "email", "id_number", "bank_card", "password", "token", "address")
UNSAFE: frozenset[Kind] = frozenset({"id_number", "bank_card", "password"})
"""What is not accepted at all where others may read along (K6)."""

_CAN_HOLD = re.compile(
    "[0-9０-９@＠]|[零〇○一二三四五六七八九十百幺]|[码碼令]|[Pp][Aa][Ss]|P[Ii][Nn]|pin|pw|earer|asic"
)
_REGION = re.compile(
    r"(?:[\u4e00-\u9fff]{1,7}(?:省|自治区|特别行政区|市|新区|区|區|县|縣|州|盟|旗|镇|鎮|乡|鄉|街道)){1,5}[\u4e00-\u9fff]{0,6}\Z"
)
_BEFORE = re.compile("[址是到在住寄往送给給为為改换換发發于於]")
_BETWEEN = re.compile(r"[\u4e00-\u9fffA-Za-z0-9 ,，·-]{0,8}\Z")
_HAN = re.compile("[\u4e00-\u9fff]")
_AFTER = re.compile(r"(?:[ ,，]?[0-9A-Za-z]{1,4} ?(?:[樓楼室層层房號号座栋幢]|F\b)){1,3}")
_IS_COVERED = re.compile(r"[^*]{0,4}\*{4,}[^*]{0,4}")
_REACH = 40
PASSES = 4
BIG, LONGEST = 4_000, 200_000
_LINES = re.compile(rf"(?s).{{1,{BIG}}}(?:\n|\Z)|.{{1,{BIG}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverRules:
    """Which kinds of value are covered on arrival, and what becomes of the original."""

    kinds: frozenset[Kind] = frozenset(KINDS)
    keeps_originals: bool = True
    """Sealed beside the covered text; otherwise dropped for good once the message is decided upon."""
    unencrypted: frozenset[str] = frozenset({"mail"})
    """Kinds of channel on which others may read along: see ``UNSAFE``."""


EVERYTHING = CoverRules()


def cover(text: str, rules: CoverRules = EVERYTHING) -> str:
    """Return ``text`` with the personal data covered, each in the way of its kind; twice is the same as once.

    Of a text longer than ``LONGEST`` only the beginning is returned: nothing that was not looked at stays in the clear.
    """
    if not _CAN_HOLD.search(text):
        return text
    return _covered(text, rules.kinds) if len(text) <= BIG else _covered_big(text, rules.kinds)


def unsafe_in(text: str) -> tuple[Kind, ...]:
    """Return which kinds of ``UNSAFE`` values a text gives, in the order of ``KINDS``."""
    if not _CAN_HOLD.search(text):
        return ()
    found = {one.kind for one in find_given(text)}
    return tuple(kind for kind in KINDS if kind in UNSAFE and kind in found)


@lru_cache(maxsize=8)
def _covered_big(text: str, kinds: frozenset[Kind]) -> str:
    """In pieces of whole lines: what belongs together stands in one line, and no piece takes long."""
    cut = len(text) > LONGEST
    pieces = _LINES.findall(text[: LONGEST - 1] if cut else text)
    return "".join(_cover_now(piece, kinds) for piece in pieces) + ("…" if cut else "")


@lru_cache(maxsize=512)
def _covered(text: str, kinds: frozenset[Kind]) -> str:
    """A message is written to several rows in one turn, and reasons repeat: hence the memory of the last ones."""
    return _cover_now(text, kinds)


def _cover_now(text: str, kinds: frozenset[Kind]) -> str:
    for _ in range(PASSES):  # what is left of an address may look like another
        found = [
            one
            for one in find_given(text)
            if one.kind in kinds and not _IS_COVERED.fullmatch(text[one.start : one.end])
        ]
        if not found:
            return text
        text = "".join(_pieces(text, _joined(text, found)))
    return text


def _pieces(text: str, found: list[Found]) -> Iterator[str]:
    reached = 0
    for one in found:
        yield text[reached : one.start]
        yield _shown(one.kind, text[one.start : one.end])
        reached = one.end
    yield text[reached:]


def _shown(kind: Kind, value: str) -> str:
    match kind:
        case "password" | "token":
            return "******"
        case "address":
            return "[地址]" if _HAN.search(value) else "[address]"
        case _:
            return mask(kind, value)


def _joined(text: str, found: list[Found]) -> list[Found]:
    """Stretch an address over the town before it, and make one of its street, building and room."""
    joined: list[Found] = []
    for one in found:
        if one.kind != "address":
            joined.append(one)
            continue
        last = joined[-1] if joined else None
        if last and last.kind == "address" and _BETWEEN.fullmatch(text[last.end : one.start]):
            joined[-1] = Found(kind="address", start=last.start, end=max(last.end, one.end))
            continue
        floor = max(last.end if last else 0, one.start - _REACH)
        more = _AFTER.match(text, one.end)
        ahead = min((other.start for other in found if other.start >= one.end), default=len(text))
        end = more.end() if more and more.end() <= ahead else one.end
        joined.append(Found(kind="address", start=_begin(text, floor, one.start), end=end))
    return joined


def _begin(text: str, floor: int, start: int) -> int:
    region = _REGION.search(narrow(text[floor:start]))
    if region is None:
        return start
    words = list(_BEFORE.finditer(region.group()))
    return floor + region.start() + (words[-1].end() if words else 0)
