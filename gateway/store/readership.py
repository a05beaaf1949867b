"""Who reads a mailbox: one process at a time, and the word of one that was replaced counts no more (fencing).

The row lies among the cursors, as ``<channel>:reader``. Each taking by somebody else has a higher number; what is stored
names the number it was read under, and is refused if that is not the present one.
"""

from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from gateway.store import tables as t
from gateway.store.columns import to_micros
from gateway.store.database import Tx
from gateway.store.prepared import Prepared
from gateway.store.receiving import save_cursor

_READER = Prepared(select(t.cursor.c.value).where(t.cursor.c.channel == bindparam("name")))


def take_reader(
    tx: Tx, channel: str, *, owner: str, place: str, now: datetime, span: timedelta
) -> int | None:
    """Take or renew the readership of a channel; return its number, None while somebody else has it.

    ``place`` is where this process runs: an earlier process of the same place is dead. Empty stands for everybody.
    """
    name = _name(channel)
    if tx.dialect.name == "postgresql":
        row = {"channel": name, "value": "{}", "at": now}
        tx.execute(insert(t.cursor).values(row).on_conflict_do_nothing())
        tx.execute(select(t.cursor.c.value).where(t.cursor.c.channel == name).with_for_update())
    held = _held(tx, channel)
    is_ours = held.get("owner") == owner
    is_dead = str(held.get("owner", "")).startswith(place) or int(held.get("until", 0)) <= to_micros(now)
    if not is_ours and not is_dead:
        return None
    number = int(held.get("number", 0)) + (0 if is_ours else 1)
    kept = {"owner": owner, "number": number, "until": to_micros(now + span)}
    save_cursor(tx, name, orjson.dumps(kept).decode(), now)
    return number


def leave_reader(tx: Tx, channel: str, *, owner: str, now: datetime) -> None:
    """Give the readership up, so that nobody need wait for its end."""
    held = _held(tx, channel)
    if held.get("owner") == owner:
        save_cursor(tx, _name(channel), orjson.dumps(held | {"until": 0}).decode(), now)


def is_reader(tx: Tx, channel: str, number: int) -> bool:
    """Say whether the readership is still the one with this number; a new one waits until we have committed."""
    if tx.dialect.name == "postgresql":
        tx.execute(
            select(t.cursor.c.value).where(t.cursor.c.channel == _name(channel)).with_for_update(read=True)
        )
    return _held(tx, channel).get("number") == number


def _held(tx: Tx, channel: str) -> dict[str, Any]:
    row = _READER.row(tx, name=_name(channel))
    held = orjson.loads(row[0]) if row else {}
    return held if isinstance(held, dict) else {}


def _name(channel: str) -> str:
    return f"{channel}:reader"
