"""Identity numbers and bank cards in a text: by form, birthday, check digit, and the word before them.

Sources: GB 11643-1999 (mainland China), the household registration act's letter table (Taiwan), the registration of
persons regulations (Hong Kong, Macau), the SSA's number format (United States), ISO/IEC 7812 (cards).
"""

import re
from collections.abc import Iterator
from datetime import date

from gateway.domain.sensitive_text import Found, label_before

_EDGE, _END = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_MAINLAND = re.compile(rf"{_EDGE}[1-9](?:[ -]?[0-9]){{16}}[ -]?[0-9Xx]{_END}")
_TAIWAN = re.compile(rf"{_EDGE}[A-Za-z][1289A-Da-d][0-9]{{8}}{_END}")
_HONG_KONG = re.compile(rf"{_EDGE}[A-Za-z]{{1,2}}[0-9]{{6}} ?[(（][0-9Aa][)）]")
_MACAU = re.compile(rf"{_EDGE}[1578](?:[0-9]{{6}} ?[(（][0-9][)）]|/[0-9]{{6}}/[0-9]{_END})")
_AMERICAN = re.compile(r"(?<![0-9A-Za-z-])[0-9]{3}-[0-9]{2}-[0-9]{4}(?![0-9A-Za-z-])")
_BY_WORD = re.compile(
    r"(?P<passport>护照|護照|通行证|通行證|回乡证|回鄉證|台胞证|臺胞證|入台证|(?<![a-z])(?:passport|travel permit))"
    r"|(?P<card>身份证|身份証|身分證|身分证|身份證|证件号|證件號|居留证|居留證|(?<![a-z])(?:hkid|id (?:card|no|number)|identity card|bir)(?![a-z]))"
    r"|(?P<ssn>(?<![a-z])(?:ssn|social security|itin|my social(?! media))(?![a-z]))"
    r"|(?P<nino>national insurance|(?<![a-z])ni (?:no|number)(?![a-z]))",
    re.IGNORECASE,
)
_AFTER = {
    "passport": re.compile(
        r"[^0-9\n。；;]{0,16}?(?<![A-Z0-9a-z])(?P<it>[A-Z]{1,2}[0-9]{6,8}|[A-Z][0-9]{10}|[0-9]{8,9})" + _END,
        re.I,
    ),
    "card": re.compile(
        r"[^0-9\n。；;]{0,14}?(?<![A-Z0-9a-z])(?P<it>[A-Z]{1,2}[0-9]{6}[0-9A]|[1578][0-9]{7}|[1-9][0-9]{14})"
        + _END,
        re.I,
    ),
    "ssn": re.compile(
        r"[^0-9\n。；;]{0,16}?(?<![A-Z0-9a-z])(?P<it>[0-9]{3}[ .-]?[0-9]{2}[ .-]?[0-9]{4})" + _END, re.I
    ),
    "nino": re.compile(
        r"[^0-9\n。；;]{0,14}?(?<![A-Z0-9a-z])(?P<it>[A-Z]{2} ?(?:[0-9]{2} ?){3}[A-D])" + _END, re.I
    ),
}
_CARD = re.compile(r"(?<![0-9A-Za-z])(?<![0-9]-)[1-9](?:(?: ?- ?|[ .])?[0-9]){12,40}(?![0-9A-Za-z])")
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"  # Taiwan: A is 10, B is 11 …, W 32, Z 33, I 34, O 35


def identities(text: str) -> Iterator[Found]:
    """Yield identity and passport numbers; ``text`` is narrow."""
    if not any(c.isdigit() for c in text):
        return
    for found in _MAINLAND.finditer(text):
        number = re.sub(r"[ -]", "", found.group())
        if _has_birthday(number):
            label = label_before(text, found.start())
            named = label is not None and label.name == "identity"
            sure = named or (number[:2] in _PROVINCES and (label is None or not label.is_reference))
            yield Found(kind="id_number", start=found.start(), end=found.end(), in_doubt=not sure)
    for found in _TAIWAN.finditer(text):
        label = label_before(text, found.start())
        named = label is not None and label.name == "identity"
        if named or (found.group()[0].isupper() and found.group()[1].isdigit()):
            sure = named or ((label is None or not label.is_reference) and _is_taiwanese(found.group()))
            yield Found(kind="id_number", start=found.start(), end=found.end(), in_doubt=not sure)
    for pattern in (_HONG_KONG, _MACAU, _AMERICAN):
        for found in pattern.finditer(text):
            label = label_before(text, found.start())
            yield Found(
                kind="id_number",
                start=found.start(),
                end=found.end(),
                in_doubt=label is not None and label.is_reference,
            )
    for word in _BY_WORD.finditer(text):
        value = _AFTER[word.lastgroup or ""].match(text, word.end())
        if value is None or _is_day(value["it"]):
            continue
        label = label_before(text, value.start("it"))
        if label is None or label.name == "identity":  # no other word came between
            yield Found(kind="id_number", start=value.start("it"), end=value.end("it"))


def cards(text: str) -> Iterator[Found]:
    """Yield bank cards: 13 to 19 digits whose check digit is right; ``text`` is narrow."""
    for run in _CARD.finditer(text):
        groups = list(re.finditer(r"[0-9]+", run.group()))
        first = 0
        while first < len(groups):
            last = _card_from(run.group(), groups, first)
            if last is None:
                first += 1
                continue
            start, end = run.start() + groups[first].start(), run.start() + groups[last].end()
            yield Found(kind="bank_card", start=start, end=end, in_doubt=_is_no_card(text, start, end))
            first = last + 1


def _card_from(run: str, groups: list[re.Match[str]], first: int) -> int | None:
    """Return the last of the groups that make a card from ``first`` on; none if a neighbour shows a longer number."""
    if first and 4 <= len(groups[first - 1].group()) <= 6:
        return None
    count, end = 0, first
    while end < len(groups) and (count := count + len(groups[end].group())) <= 19:
        end += 1
    for last in range(end - 1, first - 1, -1):
        digits = "".join(one.group() for one in groups[first : last + 1])
        if not 13 <= len(digits) <= 19 or not passes_luhn(digits) or len(set(digits)) == 1:
            continue
        if last + 1 < len(groups) and 4 <= len(groups[last + 1].group()) <= 6:
            continue
        return last
    return None


def _is_no_card(text: str, start: int, end: int) -> bool:
    label = label_before(text, start)
    if label is not None and label.name == "card":
        return False
    digits = re.sub(r"[^0-9]", "", text[start:end])
    return not _is_issued(digits) or (label is not None and label.is_reference)


def _is_issued(digits: str) -> bool:
    """Tell whether any scheme gives out this beginning at this length (ISO/IEC 7812-2's public ranges)."""
    two, three = int(digits[:2]), int(digits[:3])
    match len(digits):
        case 13:
            return digits[0] == "4"
        case 14:
            return three in range(300, 306) or two in (36, 38, 39)
        case 15:
            return two in (34, 37) or digits[:4] in ("1800", "2131")
        case 16:
            return digits[0] in "456" or two == 35 or 22 <= two <= 27 or digits[:4] == "9558"
        case _:
            return two == 62 or 56 <= two <= 69 or two == 50 or digits[0] == "4" or digits[:4] == "9558"


def passes_luhn(digits: str) -> bool:
    """Check the last digit (ISO/IEC 7812-1, annex B)."""
    values = [int(c) for c in digits]
    doubled = [sum(divmod(2 * value, 10)) for value in values[-2::-2]]
    return (sum(doubled) + sum(values[-1::-2])) % 10 == 0


def has_check_digit(number: str) -> bool:
    """Check the last sign of 18 (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(int(c) * weight for c, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[-1].upper()


def _is_taiwanese(number: str) -> bool:
    """Check the letter and the last digit of Taiwan's number."""
    letter = _LETTERS.index(number[0].upper()) + 10
    second = number[1]
    digits = [letter // 10, letter % 10, int(second), *(int(c) for c in number[2:])]
    return sum(d * w for d, w in zip(digits, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1), strict=True)) % 10 == 0


def _has_birthday(number: str) -> bool:
    """Tell an 18-digit identity number from an order number by the birthday inside."""
    return 1800 <= _year(number[6:14]) <= 2100


def _is_day(value: str) -> bool:
    return len(value) == 8 and 1900 <= _year(value) <= 2100


def _year(digits: str) -> int:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).year
    except ValueError:
        return 0
