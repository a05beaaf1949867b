"""Personal telephone numbers in a text: mobiles and land lines, not hotlines.

A run of digits is read group by group against the number plans of mainland China (MIIT), Taiwan (NCC), Hong Kong
(OFCA), Macau (CTT), the United States (NANPA) and the United Kingdom (Ofcom), and ITU-T E.164 after a ``+``.
"""

import re
from collections.abc import Iterator
from typing import Literal

from gateway.domain.sensitive_text import Found, Label, label_before

Sureness = Literal["sure", "by name"]
"""``by name``: a telephone only if a word says so, for an order number can look the same."""

_RUN = re.compile(r"(?<![0-9.,])(?<![0-9]/)(?:\+ ?|\(\+?)?[0-9](?:[ .()-]{0,2}[0-9])+")
_GROUP = re.compile(r"[0-9]+")
_NAMED_AFTER = re.compile(
    r"[)）]? ?(?:,? ?(?:这|這)(?:个|個)?)?就?(?:是|为|為)(?:我|本人)?的?(?:手机|手機|电话|電話|联系方式)|[)）]? ?,?(?:打给我|打給我|联系我|聯絡我|微信同号)|"
    r"[)）]? ?(?:is|as) (?:my|the|our) (?:new |home |work |mobile |cell |phone )*(?:number|phone|mobile|cell|line)",
    re.IGNORECASE,
)
_MOBILE = re.compile(r"(?:\+?86[ -]?)?1[3-9]")
_GLUED = re.compile(r"[A-Za-z0-9_]-?\Z")
_MOBILE_SHAPES = frozenset(
    {
        (11,),
        (3, 8),
        (3, 4, 4),
        (3, 3, 5),
        (4, 3, 4),
        (4, 4, 3),
        (7, 4),
        (5, 6),
        (3, 5, 3),
        (3, 2, 2, 2, 2),
        (3, 2, 3, 3),
    }
) | {(1,) * 11}
_FREE_AMERICAN = frozenset(["400", "800", "833", "844", "855", "866", "877", "888", "900", "950"])
_TAIWAN_AREA = re.compile(r"0(?:2|3[78]?|4(?:9)?|5|6|7|8(?:2|26|36|9)?)\Z")
_CODES = re.compile(
    r"(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1-689]\d|3[578]\d|42\d|5[09]\d|6[789]\d|8[0578]\d|9[679]\d)"
)


def phones(text: str) -> Iterator[Found]:
    """Yield telephone numbers of persons; ``text`` is narrow."""
    for run in _RUN.finditer(text):
        groups = [(g.start() + run.start(), g.end() + run.start()) for g in _GROUP.finditer(run.group())]
        if groups[-1][1] - groups[0][0] < 7:
            continue
        yield from _in_run(text, run.start(), groups)


def _in_run(text: str, run_start: int, groups: list[tuple[int, int]]) -> Iterator[Found]:
    first = 0
    while first < len(groups):
        for last in range(min(len(groups), first + 12) - 1, first - 1, -1):
            found = _window(text, run_start, groups, first, last)
            if found:
                yield found
                first = last
                break
        first += 1


def _window(text: str, run_start: int, groups: list[tuple[int, int]], first: int, last: int) -> Found | None:
    """Return the telephone number that exactly these groups make."""
    sizes = tuple(end - start for start, end in groups[first : last + 1])
    if not 7 <= sum(sizes) <= 17:
        return None
    digits = "".join(text[start:end] for start, end in groups[first : last + 1])
    start, end = groups[first][0], groups[last][1]
    plus = first == 0 and "+" in text[run_start:start]
    separators = text[start:end]
    how = _international(digits, sizes) if plus else _national(digits, sizes, separators)
    if how is None:
        return None
    if first == 0:
        start = run_start
    end += text[end : end + 1] == ")" and "(" in text[start:end] and ")" not in text[start:end]
    label = label_before(text, start)
    sure = _is_sure(text, how, label, start, end) and not _is_part(text, groups, first, last, sizes)
    if how == "by name" and not sure:
        return None
    return Found(kind="phone", start=start, end=end, in_doubt=not sure)


def _is_sure(text: str, how: Sureness, label: Label | None, start: int, end: int) -> bool:
    name = label.name if label else None
    glued = _GLUED.search(text, max(0, start - 2), start) is not None
    glued = (glued and name != "phone") or (text[end : end + 1].isascii() and text[end : end + 1].isalnum())
    if glued or (label and label.name == "hotline" and not re.search("[,，、]", label.gap)):
        return False
    if name == "phone" or _NAMED_AFTER.match(text, end):
        return True
    if how == "by name":
        return False
    if label is None or name not in ("reference", "card", "identity"):
        return True
    return not (label.is_tight or (label.is_next and not _MOBILE.match(text, start)))


def _is_part(text: str, groups: list[tuple[int, int]], first: int, last: int, sizes: tuple[int, ...]) -> bool:
    """Tell whether a neighbouring group shows that this is a piece of a longer number."""
    before = groups[first - 1][1] - groups[first - 1][0] if first else 0
    after = groups[last + 1][1] - groups[last + 1][0] if last + 1 < len(groups) else 0
    if len(sizes) == 1 and sizes[0] >= 10 and text[groups[last][1] : groups[last][1] + 1] != "-":
        return bool(before and text[groups[first][0] - 1] == "-")
    return 4 <= before <= 6 or (4 <= after <= 6 and text[groups[last][1]] in "- ")


def _international(digits: str, sizes: tuple[int, ...]) -> Sureness | None:
    """Judge what stands behind a ``+`` (E.164: up to fifteen digits, the country's first)."""
    if not 8 <= len(digits) <= 15 or not _CODES.match(digits):
        return None
    if digits.startswith("86"):
        return None if re.match(r"86(?:0?[48]00|95|10010|10086|12315)", digits) else "sure"
    if digits[0] == "1":
        return "sure" if len(digits) == 11 and digits[1:4] not in _FREE_AMERICAN else None
    return None if re.match(r"44(?:800|808|84|87)|886800|852800", digits) else "sure"


def _national(digits: str, sizes: tuple[int, ...], written: str) -> Sureness | None:
    """Judge a number by the plans of the places our customers live in."""
    length = len(digits)
    for prefix in ("0086", "86", "00852", "00853", "00886", "0044", "001", "852", "853", "886", "44"):
        if digits.startswith(prefix) and _behind(prefix, digits[len(prefix) :], sizes):
            return "sure"
    if length == 11 and digits[0] == "1" and sizes == (1, 3, 3, 4):
        return "sure" if digits[1] in "23456789" and digits[1:4] not in _FREE_AMERICAN else None
    if length == 11 and digits[0] == "1" and digits[1] in "3456789":
        return "sure" if sizes in _MOBILE_SHAPES else None
    if digits[0] == "0":
        return _with_area(digits, sizes, written)
    if length == 10 and digits[0] in "23456789" and digits[:3] not in _FREE_AMERICAN:
        if sizes == (3, 3, 4):
            return "sure"
        return "by name" if sizes in ((10,), (3, 7)) else None
    if length in (7, 8) and digits[0] in "23456789" and sizes in ((7,), (8,), (3, 4), (4, 4)):
        return (
            None if digits[:4] in ("4006", "4008", "4000", "4001") or _looks_like_day(digits) else "by name"
        )
    return None


def _behind(prefix: str, rest: str, sizes: tuple[int, ...]) -> bool:
    """Judge what follows a country's code written without a plus."""
    apart = sizes[0] == len(prefix) or prefix.startswith("00")
    match prefix.lstrip("0"):
        case "86":
            mobile = len(rest) == 11 and rest[0] == "1" and rest[1] in "3456789"
            land = (
                apart
                and re.fullmatch(r"0?(?:10|2\d|[3-9]\d\d)\d{7,8}", rest) is not None
                and rest[:3] not in ("400", "800")
            )
            return mobile or land
        case "852" | "853":
            return apart and len(rest) == 8 and rest[0] in "2356789"
        case "886":
            return (
                apart
                and re.fullmatch(r"0?(?:9\d{8}|[2-8]\d{7,8})", rest) is not None
                and not rest.startswith("800")
            )
        case "44":
            return apart and re.fullmatch(r"0?(?:7\d{9}|[12]\d{9})", rest) is not None
        case _:
            return apart and len(rest) == 10 and rest[0] in "23456789" and rest[:3] not in _FREE_AMERICAN


def _with_area(digits: str, sizes: tuple[int, ...], written: str) -> Sureness | None:
    """Judge a number that begins with a trunk zero."""
    length, first = len(digits), sizes[0]
    if re.match(r"0(?:[48]00|80[08]|30|84|87)", digits):
        return None
    if length == 10 and digits[1] == "9":  # Taiwan's mobiles
        return "sure" if sizes in ((10,), (4, 3, 3), (4, 6), (3, 3, 4), (4, 2, 2, 2), (2, 2, 3, 3)) else None
    if (
        length == 11 and digits[1] == "7" and sizes in ((11,), (5, 6), (5, 3, 3), (4, 3, 4), (3, 4, 4))
    ):  # British
        return "sure"
    if len(sizes) == 1:
        mainland = re.fullmatch(r"0(?:10|2[0-9])\d{8}|0[3-9]\d{2}\d{7,8}", digits)
        british = re.fullmatch(r"0[12]\d{9}", digits)
        taiwan = re.fullmatch(r"0[2-8]\d{7,8}", digits)
        return "by name" if mainland or british or taiwan or length == 10 else None
    rest = sizes[1:]
    if re.match("0[48]00", digits[first:]):
        return None
    if sum(rest) in (7, 8) and rest in ((7,), (8,), (4, 4), (3, 4), (4, 3), (4, 2, 2), (2, 2, 2, 2)):
        if re.match(r"010|02\d", digits) and first == 3 and sum(rest) == 8:
            return "sure"
        if first == 4 and re.match(r"0[3-9]\d\d", digits):
            return "sure"
    if (
        _TAIWAN_AREA.match(digits[:first])
        and sum(rest) in (5, 6, 7, 8)
        and length in (9, 10)
        and len(rest) <= 2
    ):
        return "sure"
    if (
        length in (10, 11)
        and digits[1] in "12"
        and sizes in ((3, 4, 4), (4, 3, 4), (5, 6), (5, 3, 3), (4, 7), (3, 8), (5, 5))
    ):
        return "sure"
    return "by name" if length in (9, 10, 11) else None  # another country's


def _looks_like_day(digits: str) -> bool:
    return (
        len(digits) == 8
        and re.match(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", digits) is not None
    )
