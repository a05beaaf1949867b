"""What command lines and roster files say of people: capacities and weeks, in words."""

from gateway.settings.fields import disjoint, parse_slot

DAYS = 7


def parse_capacity(text: str) -> dict[str, int]:
    """Return ``chat=5,mail=20``, or a bare number of chats, by kind; empty for an empty text.

    Raises:
        ValueError: it is neither.
    """
    found: dict[str, int] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        kind, _, count = part.rpartition("=")
        if not count.strip().isdecimal() or "=" in kind:
            raise ValueError(f"{part!r} is no capacity: write 5, or chat=5,social=20,mail=20")
        found[kind.strip() or "chat"] = int(count)
    return found


def parse_week(text: str) -> list[list[str]]:
    """Return seven days of slots, Monday first: days are parted by ``;``, slots of one day by ``,``.

    Raises:
        ValueError: there are not seven days, or a slot is none.
    """
    if not text.strip():
        return []
    week = [[slot.strip() for slot in day.split(",") if slot.strip()] for day in text.split(";")]
    if len(week) != DAYS:
        raise ValueError(f"{len(week)} days: write seven, Monday first, parted by ;")
    for day in week:
        disjoint(tuple(parse_slot(slot) for slot in day))
    return week
