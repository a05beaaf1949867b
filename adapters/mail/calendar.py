"""Invitations, changes and answers in ``text/calendar`` (RFC 5545, 5546): read, never accepted. Pure."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adapters.contract import Meeting

TYPES = ("text/calendar", "application/ics", "text/x-vcalendar")
MAX_EVENTS = 10
MAX_CHARS = 500_000
_METHODS = ("REQUEST", "REPLY", "CANCEL", "PUBLISH", "COUNTER", "DECLINECOUNTER", "ADD", "REFRESH")
# What Outlook calls the zones most of its Chinese users have (CLDR windowsZones).
_WINDOWS = {
    "China Standard Time": "Asia/Shanghai",
    "Taipei Standard Time": "Asia/Taipei",
    "Tokyo Standard Time": "Asia/Tokyo",
    "Korea Standard Time": "Asia/Seoul",
    "Singapore Standard Time": "Asia/Singapore",
    "SE Asia Standard Time": "Asia/Bangkok",
    "India Standard Time": "Asia/Kolkata",
    "UTC": "UTC",
    "GMT Standard Time": "Europe/London",
    "W. Europe Standard Time": "Europe/Berlin",
    "Romance Standard Time": "Europe/Paris",
    "Central Europe Standard Time": "Europe/Budapest",
    "Russian Standard Time": "Europe/Moscow",
    "Eastern Standard Time": "America/New_York",
    "Central Standard Time": "America/Chicago",
    "Mountain Standard Time": "America/Denver",
    "Pacific Standard Time": "America/Los_Angeles",
    "AUS Eastern Standard Time": "Australia/Sydney",
}
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z?))?")
_SPAN = re.compile(r"P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:(\d{1,6})S)?)?")

Fields = dict[str, tuple[dict[str, str], str]]


def meetings(source: str) -> tuple[Meeting, ...]:
    """Return the meetings a calendar file speaks of, each once; what cannot be understood is left empty."""
    method, zones, found = "", dict[str, tzinfo](), list[Meeting]()
    for name, fields in _components(source[:MAX_CHARS]):
        if name == "VCALENDAR":
            method = fields.get("METHOD", ({}, ""))[1].strip().upper() or method
        elif name in ("STANDARD", "DAYLIGHT"):
            _remember_zone(fields, zones, name)
        elif name == "VEVENT" and len(found) < MAX_EVENTS:
            meeting = _meeting(fields, method, zones)
            if all(meeting.uid != other.uid or not meeting.uid for other in found):
                found.append(meeting)
    return tuple(found)


def _components(source: str) -> Iterator[tuple[str, Fields]]:
    """Give each component once its fields are known: the calendar's own before the first one within it."""
    lines = re.sub(r"\r?\n[ \t]", "", source).splitlines()
    stack: list[tuple[str, Fields]] = []
    for line in lines:
        head, _, value = line.partition(":")
        name, *params = _split(head) if '"' not in head else _split(_to_colon(line))
        if '"' in head:
            value = line[len(_to_colon(line)) + 1 :]
        name = name.strip().upper()
        if name == "BEGIN":
            if stack and stack[-1][0] == "VCALENDAR":
                yield stack[-1]
            if len(stack) < 8:
                stack.append((value.strip().upper(), {}))
        elif name == "END":
            if stack and stack[-1][0] == value.strip().upper():
                done, fields = stack.pop()
                if done in ("STANDARD", "DAYLIGHT") and stack:
                    fields |= {"TZID": stack[-1][1].get("TZID", ({}, ""))}
                yield done, fields
        elif stack:
            pairs = (param.partition("=") for param in params)
            stack[-1][1].setdefault(name, ({k.upper(): v.strip('"') for k, _, v in pairs}, value))


def _to_colon(line: str) -> str:
    """Return a line up to the colon that is in no quotes."""
    is_quoted = False
    for at, char in enumerate(line):
        if char == '"':
            is_quoted = not is_quoted
        elif char == ":" and not is_quoted:
            return line[:at]
    return line


def _split(head: str) -> list[str]:
    return re.findall(r'(?:[^;"]|"[^"]*")+', head) or [""]


def _remember_zone(fields: Fields, zones: dict[str, tzinfo], kind: str) -> None:
    """Keep the offset a file gives for a zone of its own naming; standard time wins over summer time."""
    name = fields.get("TZID", ({}, ""))[1].strip()
    match = re.fullmatch(r"([+-])(\d\d)(\d\d)(?:\d\d)?", fields.get("TZOFFSETTO", ({}, ""))[1].strip())
    if name and match and (kind == "STANDARD" or name not in zones) and int(match[2]) < 24:
        offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
        zones[name] = timezone(offset if match[1] == "+" else -offset)


def _meeting(fields: Fields, method: str, zones: dict[str, tzinfo]) -> Meeting:
    starts, is_day = _instant(fields.get("DTSTART"), zones)
    ends, _ = _instant(fields.get("DTEND"), zones)
    if ends is None and starts is not None and (span := _SPAN.fullmatch(_value(fields, "DURATION"))):
        weeks, days, hours, minutes, seconds = (int(it or 0) for it in span.groups())
        ends = starts + timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    params = fields.get("ATTENDEE", ({}, ""))[0]
    return Meeting(
        method=method if method in _METHODS else "PUBLISH",
        uid=_value(fields, "UID")[:300],
        summary=_value(fields, "SUMMARY")[:500],
        where=_value(fields, "LOCATION")[:500],
        starts_at=starts,
        ends_at=ends,
        is_whole_day=is_day,
        answer=params.get("PARTSTAT", "").upper()[:20] if method == "REPLY" else "",
    )


def _value(fields: Fields, name: str) -> str:
    text = fields.get(name, ({}, ""))[1]
    said = re.sub(r"\\([nN,;\\])", lambda it: " " if it[1] in "nN" else it[1], text)
    return " ".join("".join(ch if ch.isprintable() else " " for ch in said).split())


def _instant(
    field: tuple[dict[str, str], str] | None, zones: dict[str, tzinfo]
) -> tuple[datetime | None, bool]:
    """Return an instant, and whether it is a day; a time without any zone is none that can be told."""
    if field is None:
        return None, False
    params, value = field
    match = _TIME.match(value.strip())
    if not match:
        return None, False
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
        if match[4] is None:
            return datetime(day.year, day.month, day.day, tzinfo=UTC), True
        zone = UTC if match[7] else _zone(params.get("TZID", ""), zones)
        if zone is None:
            return None, False
        at = datetime(
            day.year, day.month, day.day, int(match[4]), int(match[5]), int(match[6] or 0), tzinfo=zone
        )
        return at.astimezone(UTC), False
    except (ValueError, OverflowError):
        return None, False


def _zone(name: str, zones: dict[str, tzinfo]) -> tzinfo | None:
    name = name.strip().strip("/")
    if re.fullmatch(r"[A-Za-z0-9_+/-]{1,60}", known := _WINDOWS.get(name, name)) and ".." not in known:
        try:
            return ZoneInfo(known)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    return zones.get(name)
