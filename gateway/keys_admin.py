"""What an operator does about keys, the same whether a gateway runs or not; each verb takes and returns JSON values."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from gateway.clock import SystemClock
from gateway.control import Verb
from gateway.errors import OutsideFailure
from gateway.sealing.roots import new_root
from gateway.store import audit, keys, rotation
from gateway.store.database import Database, Tx
from gateway.store.keyring import Keyring
from gateway.store.root_file import RootFile

AT_ONCE = 4.0
"""Seconds of work for one answer: whoever asks shows how far it is, and asks again."""
BY = "system"


def key_verbs(database: Database, ring: Keyring, clock: SystemClock) -> Mapping[str, Verb]:
    """Return the commands by name."""
    return {
        "keys.status": partial(_status, database, ring),
        "keys.begin": partial(_begin, database, clock),
        "keys.rotate": partial(_rotate, database, clock),
        "keys.retire": partial(_retire, database, clock),
        "keys.new_root": partial(_new_root, database, ring, clock),
        "keys.rewrap": partial(_rewrap, database),
    }


async def _status(database: Database, ring: Keyring, values: Mapping[str, Any]) -> Any:
    found = await database.read(rotation.counts)
    known = [root.kid for root in ring.reload()]
    return found | {"newest": known[0] if known else None, "known": known}


async def _begin(database: Database, clock: SystemClock, values: Mapping[str, Any]) -> Any:
    now = clock.now()

    def unit(tx: Tx) -> int:
        replaced = rotation.begin(tx, now)
        audit.write(tx, actor=BY, act="keys.rotate", about="keys", outcome="done", now=now, count=replaced)
        return replaced

    return {"replaced": await database.write(unit), "tables": list(rotation.sealed_columns())}


async def _rotate(database: Database, clock: SystemClock, values: Mapping[str, Any]) -> Any:
    """Rewrite a table from ``after`` on for a little while."""
    table, after, rewritten, began = str(values["table"]), values.get("after"), 0, clock.monotonic()
    while True:
        page = await database.write(partial(rotation.rewrite, name=table, after=after))
        rewritten += page.rewritten
        after = page.last
        if after is None or clock.monotonic() - began > AT_ONCE:
            return {"rewritten": rewritten, "after": after}


async def _retire(database: Database, clock: SystemClock, values: Mapping[str, Any]) -> Any:
    """Look through every table for what still lies under replaced keys, and retire the others."""
    began_at, used = clock.now(), frozenset[str]()
    for table in rotation.sealed_columns():
        after: Any | None = None
        while True:
            found, after = await database.read(partial(rotation.kids_in, name=table, after=after))
            used |= found
            if after is None:
                break
    retired, left = await database.write(
        lambda tx: rotation.retire(tx, used, began_at=began_at, now=clock.now())
    )
    return {"retired": retired, "left": left}


async def _new_root(database: Database, ring: Keyring, clock: SystemClock, values: Mapping[str, Any]) -> Any:
    if not isinstance(ring.source, RootFile):
        raise OutsideFailure(
            "the root keys are where protection.root_key says: put a new one there as the first line "
            "(gateway keys new-root --print makes one), restart, then run gateway keys rewrap"
        )
    root = ring.source.add(new_root())[0]
    ring.reload()
    now = clock.now()
    await database.write(
        lambda tx: audit.write(
            tx, actor=BY, act="keys.new_root", about="keys", outcome="done", now=now, root=root.kid
        )
    )
    return {"root": root.kid}


async def _rewrap(database: Database, values: Mapping[str, Any]) -> Any:
    """Wrap every data key by the newest root key."""
    done = 0
    while page := await database.write(rotation.rewrap):
        done += page
    missing = await database.read(keys.missing_roots)
    return {"rewrapped": done, "missing": sorted(missing)}
