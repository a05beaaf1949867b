"""What providers took against what the outbox says: none missing, and a copy too many only where it may be. PURE."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.chaos.journal import Carried, Journal
from tests.chaos.rows import Row, Rows

ENDED = ("delivered", "bounced", "refused", "cancelled", "held")
TELEGRAM, MAIL = "tg", "mail"
CARRIED = (TELEGRAM, MAIL)
"""The channels whose messages a provider carries; the web chat's clients fetch for themselves."""


@dataclass(slots=True, kw_only=True)
class Copies:
    """What of each outbox row, by key, is in front of the customer; and what belongs to no row at all."""

    of: dict[str, list[int]] = field(default_factory=dict)
    """For each copy, how many kills there had been when it was taken."""
    strays: list[str] = field(default_factory=list)

    def count(self, key: str) -> int:
        """Return how many copies there are of a row."""
        return len(self.of.get(key, ()))

    @property
    def extra(self) -> int:
        """All copies beyond the first."""
        return sum(len(lives) - 1 for lives in self.of.values() if lives)

    @property
    def worst_kill(self) -> int:
        """The most extra copies that one and the same kill caused."""
        causes = Counter(life for lives in self.of.values() for life in sorted(lives)[:-1])
        return max(causes.values(), default=0)


def copies(rows: Rows, journal: Journal) -> Copies:
    """Say of each thing a provider took which row it was."""
    found = Copies()
    keys = {row["key"] for row in rows.outbox if row["channel"] == MAIL}
    by_chat: dict[str, list[Carried]] = {}
    for carried in journal.carried:
        if carried.channel == TELEGRAM:
            by_chat.setdefault(carried.thread, []).append(carried)
        elif carried.id in keys:
            found.of.setdefault(carried.id, []).append(carried.life)
        else:
            found.strays.append(f"mail {carried.id} to {carried.thread} is no row's")
    owed: dict[str, list[Row]] = {}
    for row in rows.outbox:
        if (
            row["channel"] == TELEGRAM and row["message_id"] is not None
        ):  # an edit puts nothing new in the chat
            owed.setdefault(row["thread"], []).append(row)
    for chat in by_chat | owed:
        taken = sorted(by_chat.get(chat, ()), key=lambda it: int(it.id))
        _attribute(found, chat, taken, owed.get(chat, []))
    return found


def _attribute(found: Copies, chat: str, taken: list[Carried], rows: list[Row]) -> None:
    """Telegram's ids rise and a chat's rows go one after the other, so what comes before a row's id is its copy.

    Rows that ended ``held`` have no id; they share what comes before the next id, at most two each.
    """
    nameless: list[Row] = []
    for row in rows:
        if row["provider_id"] is None:
            nameless.append(row)
            continue
        last = int(row["provider_id"].rpartition("/")[2])
        mine = [it for it in taken if int(it.id) <= last]
        taken = taken[len(mine) :]
        if not mine or int(mine[-1].id) != last:
            found.strays.append(
                f"telegram {chat}: {row['key']} is delivered as {last}, which was never taken"
            )
        mine = _share(found, nameless, mine, keep=1)
        found.of[row["key"]] = [it.life for it in mine]
        nameless = []
    rest = _share(found, nameless, taken, keep=0)
    if rest:
        found.strays.append(f"telegram {chat}: {len(rest)} messages are no row's")


def _share(found: Copies, nameless: list[Row], taken: list[Carried], *, keep: int) -> list[Carried]:
    for row in nameless:
        count = max(0, min(len(taken) - keep, row["silences"], 2))
        found.of[row["key"]] = [it.life for it in taken[:count]]
        taken = taken[count:]
    return taken


def broken(rows: Rows, journal: Journal, copies: Copies, *, now: int) -> Iterator[str]:
    """Yield every reply not carried as promised."""
    yield from copies.strays
    posted = Counter(row["message_id"] for row in rows.outbox if row["message_id"] is not None)
    for message in rows.messages:
        if message["channel"] in CARRIED and message["author"] != "customer" and posted[message["id"]] != 1:
            yield f"outbox: message {message['id']} has {posted[message['id']]} rows"
    for row in rows.outbox:
        count, name = copies.count(row["key"]), f"{row['channel']} {row['key']} ({row['state']})"
        if row["state"] not in ENDED and not (row["state"] in ("due", "unknown") and row["not_before"] > now):
            yield f"outbox: {name} is neither ended nor due later"
        if row["state"] == "delivered" and count == 0:
            yield f"outbox: {name} was never taken by anybody"
        if row["state"] == "held" and row["silences"] < 2:
            yield f"outbox: {name} after {row['silences']} silences"
        if row["state"] in ("refused", "cancelled"):
            yield f"outbox: {name} though every provider takes everything: {row['error']}"
        if count > 1 + min(row["silences"], 1):
            yield f"copies: {name} was sent {count} times with {row['silences']} silences"
