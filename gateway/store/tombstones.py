"""Who was erased, outside the database: so that a backup from before, once restored, has them erased again."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson

from gateway.store.audit_chain import same, seal_of
from gateway.store.checkpoints import append

NAME = Path("audit", "erasures.jsonl")
"""Where they lie in the data folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """Everything of a contact up to an instant was erased; a number says nothing of who it was."""

    number: str
    upto: datetime
    kid: str
    mac: str

    def holds(self, key_of: Callable[[str], bytes]) -> bool:
        """Return whether we set it: a forged one must not erase anybody."""
        try:
            return same(self.mac, _seal(key_of(self.kid), self.number, self.upto))
        except KeyError:
            return False


def set_up(folder: Path, number: str, upto: datetime, kid: str, key: bytes) -> None:
    """Add a tombstone and have it on disk; one that stands already is not added again."""
    add(folder, [Tombstone(number=number, upto=upto, kid=kid, mac=_seal(key, number, upto))])


def add(folder: Path, stones: Iterable[Tombstone]) -> None:
    """Add those that do not stand yet."""
    known = {(one.number, one.upto) for one in read(folder)}
    for one in stones:
        if (one.number, one.upto) not in known:
            told = {"number": one.number, "upto": one.upto.isoformat(), "kid": one.kid, "mac": one.mac}
            append(folder / NAME, orjson.dumps(told) + b"\n")


def read(folder: Path) -> list[Tombstone]:
    """Return all that can be read."""
    path, found = folder / NAME, []
    for line in path.read_bytes().splitlines() if path.exists() else ():
        try:
            told = orjson.loads(line)
            upto = datetime.fromisoformat(told["upto"])
            found.append(Tombstone(number=told["number"], upto=upto, kid=told["kid"], mac=told["mac"]))
        except (ValueError, KeyError, TypeError):
            continue
    return found


def _seal(key: bytes, number: str, upto: datetime) -> str:
    return seal_of(key, "erased", {"number": number, "upto": upto.isoformat()})
