"""Times as English says them: by Friday noon, within two hours, tomorrow before 10, by EOD, in 3 business days, on the 25th."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from gateway.domain.spoken_time import DAY, HouseDay, SpokenTime, exact_date

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = {
    word: n for n, word in enumerate(("", "one", "two", "three", "four", "five", "six", "seven", "eight"))
}
_NUMBERS |= {"nine": 9, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "an": 1, "a": 1}
_N = r"(?:\d{1,3}|" + "|".join(filter(None, _NUMBERS)) + r"|half an?|a couple of)"
_DAY_NAME = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = re.compile(
    rf"\b(?:(?P<edge>by|before|on|until|till|from)\s+)?(?:the\s+)?(?:"
    rf"(?P<near>today|tonight|tomorrow|day after tomorrow|this (?:morning|afternoon|evening))|"
    rf"(?P<which>next|this|coming)?\s*(?P<weekday>{_DAY_NAME})|"
    rf"(?P<period>(?:end|close) of (?:the |this |next )?(?:business day|working day|business|day|week|month|year)|eod|eob|cob|eow|eom|"
    rf"we close|closing(?: time)?)|(?P<week>next week|this week)|"
    rf"(?P<iso>\d{{4}}-\d{{1,2}}-\d{{1,2}})|"
    rf"(?P<dm>\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH_NAME})|(?P<md>{_MONTH_NAME}\s+\d{{1,2}}(?:st|nd|rd|th)?)(?!\d)|"
    rf"(?P<nth>(?<=the )\d{{1,2}}(?:st|nd|rd|th))"
    rf")\b(?!\s*(?:order|'s))"
)
_CLOCK = re.compile(
    r"\b(?P<edge>at|by|before|around|until|till)?\s*(?:"
    r"(?P<noon>noon|midday|lunchtime)|(?P<h24>\d{1,2}:\d{2})(?:\s*(?P<ampm>[ap]\.?m\b\.?))?|"
    r"(?P<h12>\d{1,2})\s*(?P<half>[ap]\.?m\b\.?|o'clock)|(?P<bare>\d{1,2}))(?![\d:%])"
)
_PART = re.compile(r"\b(?:in the |this )?(?P<part>morning|afternoon|evening|night)\b")
_SPAN = re.compile(
    rf"\b(?P<edge>within|in|after|(?:give|allow) (?:me|us)|please (?:wait|allow)|next)?\s*(?:the next |about |another |less than )?"
    rf"(?:(?P<few>{_N})\s*(?:-|–|to|or)\s*)?(?P<count>{_N})\s+"
    rf"(?P<work>(?:business|working|work)\s+)?(?P<unit>minute|min|hour|day|week|month)s?\b(?P<ago>\s+(?:ago|before|earlier))?"
)
_JOINT = re.compile(r"\s*,?\s*(?:at|by|before|on|in|the|of|until|around)?\s*(?:the)?\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    start: int
    end: int
    match: re.Match[str]
    kind: str


def times_en(text: str, house: HouseDay) -> Iterator[SpokenTime]:
    """Yield each time said in a lower-case text, in order; none overlaps another."""
    spans = [one for match in _SPAN.finditer(text) if (one := _span(match, house)) is not None]
    pieces = [one for one in _pieces(text) if not any(one.start < s.end and s.start < one.end for s in spans)]
    found = [*spans, *(each for group in _groups(text, pieces) if (each := _moment(group, house)))]
    yield from sorted(found, key=lambda one: one.start)


def _span(match: re.Match[str], house: HouseDay) -> SpokenTime | None:
    if match["ago"] or not (match["edge"] or match["work"]):
        return None
    said, unit = match["count"], match["unit"]
    count = 0.5 if said.startswith("half") else 2.0 if said.startswith("a couple") else _number(said)
    if match["work"]:
        day = house.working_day(int(count))
        if unit != "day" or day is None:
            return None
        due_at = house.closing(day)
    elif unit == "month":
        last = house.month_end(int(count))
        due_at = house.at(last.replace(day=min(house.local.day, last.day)), house.local.time())
    else:
        one = {"minute": timedelta(minutes=1), "min": timedelta(minutes=1), "hour": timedelta(hours=1)}
        due_at = house.now + count * one.get(unit, 7 * DAY if unit == "week" else DAY)
    return SpokenTime(start=match.start(), end=match.end(), due_at=due_at)


def _number(said: str) -> float:
    return float(said) if said.isdecimal() else float(_NUMBERS[said])


def _pieces(text: str) -> Iterator[_Piece]:
    taken: list[tuple[int, int]] = []
    for kind, pattern in (("day", _DAY), ("clock", _CLOCK), ("part", _PART)):
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            if kind == "clock" and match["bare"] and not match["edge"]:
                continue
            taken.append((match.start(), match.end()))
            is_period = kind == "day" and match["period"] is not None
            yield _Piece(
                start=match.start(), end=match.end(), match=match, kind="period" if is_period else kind
            )


def _groups(text: str, pieces: list[_Piece]) -> Iterator[dict[str, _Piece]]:
    """Put together what belongs to one time: "by 10 am" and "tomorrow"."""
    group: dict[str, _Piece] = {}
    last = 0
    for piece in sorted(pieces, key=lambda one: one.start):
        joined = _JOINT.fullmatch(text, last, piece.start) is not None
        if group and (piece.kind in group or not joined):
            yield group
            group = {}
        group[piece.kind] = piece
        last = piece.end
    if group:
        yield group


def _moment(group: dict[str, _Piece], house: HouseDay) -> SpokenTime | None:
    clock, part, period = group.get("clock"), group.get("part"), group.get("period")
    day_piece = group.get("day") or period
    found = _day(day_piece.match, house) if day_piece else (house.today, "")
    if found is None or (part and len(group) == 1):
        return None
    day, word = found
    if period:  # "before we close today"
        word = "closing"
    word = part.match["part"] if part else word
    edges = {piece.match["edge"] for piece in group.values() if piece.kind != "part"}
    if "from" in edges:
        return None
    start, end = min(one.start for one in group.values()), max(one.end for one in group.values())
    sure = True
    if clock:
        read = _clock(clock.match, day, word, house, given=day_piece is not None)
        if read is None:
            return None
        due_at, sure = read
    elif word in ("morning", "evening", "night"):
        due_at = house.at(day, time(12 if word == "morning" else 22))
    elif "before" in edges and word != "closing":
        due_at = house.opening(day)
    else:
        due_at = house.closing(day)
    return SpokenTime(start=start, end=end, due_at=due_at, sure=sure)


def _day(match: re.Match[str], house: HouseDay) -> tuple[date, str] | None:
    """Return the day, and the part of it that its name holds; None if there is no such day."""
    if near := match["near"]:
        ahead = 2 if near.startswith("day") else 1 if near == "tomorrow" else 0
        return house.today + DAY * ahead, "night" if near == "tonight" else near.removeprefix("this ")
    if weekday := match["weekday"]:
        week = {"next": 1, "this": 0}.get(match["which"] or "")
        return house.weekday(_DAYS.index(weekday), week=week), ""
    if period := match["period"]:
        return _period(period, house), "closing"
    if week_said := match["week"]:
        return house.week_end(1 if week_said.startswith("next") else 0), ""
    day = _date(match, house)
    return None if day is None else (day, "")


def _period(said: str, house: HouseDay) -> date:
    ahead = 1 if "next" in said else 0
    if "week" in said or said == "eow":
        return house.week_end(ahead)
    if "month" in said or said == "eom":
        return house.month_end(ahead)
    return date(house.today.year + ahead, 12, 31) if "year" in said else house.today


def _date(match: re.Match[str], house: HouseDay) -> date | None:
    if iso := match["iso"]:
        year, wanted, day = map(int, iso.split("-"))
        return exact_date(year, wanted, day)
    said = match["dm"] or match["md"] or match["nth"]
    number = int(re.findall(r"\d+", said)[0])
    month = next((n for n, name in enumerate(_MONTHS, 1) if name in said), None)
    return house.this_or_next_year(month, number) if month else house.day_of_month(number)


def _clock(
    match: re.Match[str], day: date, word: str, house: HouseDay, *, given: bool
) -> tuple[datetime, bool] | None:
    if match["noon"]:
        return house.at(day, time(12)), True
    if h24 := match["h24"]:
        hour, minute = map(int, h24.split(":"))
    else:
        hour, minute = int(match["h12"] or match["bare"]), 0
    half = (match["ampm"] or match["half"] or "")[:1]
    if (half == "p" or word in ("afternoon", "evening", "night")) and hour < 12:
        hour += 12
    if half == "a" and hour == 12:
        hour = 0
    if hour > 23 or minute > 59:
        return None
    if half in ("a", "p") or word in ("morning", "afternoon", "evening", "night"):
        return house.at(day, time(hour, minute)), True
    due_at, sure = house.plausible(day, hour, minute)
    if not given and due_at <= house.now and 1 <= hour <= 11:
        due_at, sure = max(due_at, house.at(day, time(hour + 12, minute))), False
    return due_at, sure
