"""How far a mailbox has been read, folder by folder."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """How far a folder has been read. UIDs only mean something together with UIDVALIDITY (RFC 3501 §2.3.1.1).

    ``since`` is the day on which a channel that takes only new mail began. When the server numbers
    everything anew, mails with UIDs below ``bound`` were there already: of those, older ones stay out.
    ``first`` is the lowest UID that is ours to take.
    """

    uidvalidity: int
    uid: int
    since: str | None = None
    bound: int = 0
    first: int = 1


def cursor_of(places: Mapping[str, Place]) -> str:
    """Return the places as a cursor."""
    return json.dumps({name: asdict(place) for name, place in places.items()}, separators=(",", ":"))


def places_of(cursor: str | None) -> dict[str, Place]:
    """Return the places a cursor names; none where there is none or it is none of ours."""
    try:
        told = json.loads(cursor or "{}")
        return {str(name): _place(values) for name, values in told.items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}


def _place(values: Mapping[str, object]) -> Place:
    since = values.get("since")
    return Place(
        uidvalidity=int(str(values["uidvalidity"])),
        uid=int(str(values["uid"])),
        since=str(since) if since else None,
        bound=int(str(values.get("bound", 0))),
        first=int(str(values.get("first", 1))),
    )
