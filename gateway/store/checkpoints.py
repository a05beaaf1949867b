"""Witnesses of the audit's end, outside the database: one sealed JSON line each in a file that only grows."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

import orjson

from gateway.store.audit_chain import same as same_hash
from gateway.store.audit_chain import seal_of

Kind = Literal["checkpoint", "restored"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The audit ended with row ``seq`` of this hash; ``restored``: a backup was put back, what came after is given up."""

    kind: Kind = "checkpoint"
    seq: int
    hash: str
    at: datetime
    kid: str
    mac: str = ""
    line: int = 0

    def sealed(self, key: bytes) -> "Checkpoint":
        """Return it with the seal that it must carry."""
        told = {"seq": self.seq, "hash": self.hash, "at": self.at.isoformat()}
        return replace(self, mac=seal_of(key, self.kind, told))

    def as_line(self) -> bytes:
        """Return it as it is written."""
        told = {"kind": self.kind, "seq": self.seq, "hash": self.hash, "at": self.at.isoformat()}
        return orjson.dumps({**told, "kid": self.kid, "mac": self.mac}) + b"\n"

    def holds(self, key_of: Callable[[str], bytes]) -> bool:
        """Return whether we wrote it."""
        try:
            return same_hash(self.mac, self.sealed(key_of(self.kid)).mac)
        except KeyError:
            return False


def append(path: Path, line: bytes) -> None:
    """Add one line and have it on disk."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        if _ends_torn(path):
            os.write(handle, b"\n")  # a crash in the middle of a line must not spoil the next one
        os.write(handle, line)
        os.fsync(handle)
    finally:
        os.close(handle)


def read(path: Path) -> tuple[list[Checkpoint], list[int]]:
    """Return the checkpoints of a file, and the numbers of lines that are none."""
    if not path.exists():
        return [], []
    found, strange = [], []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(_parsed(line, number))
        except (ValueError, KeyError, TypeError):
            strange.append(number)
    return found, strange


def newest(path: Path) -> Checkpoint | None:
    """Return the last line that can be read, without reading a file of years."""
    if not path.exists():
        return None
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4096))
        lines = file.read().splitlines()
    for line in reversed(lines):
        try:
            return _parsed(line, 0)
        except (ValueError, KeyError, TypeError):
            continue
    return None


def _parsed(line: bytes, number: int) -> Checkpoint:
    told = orjson.loads(line)
    if told["kind"] not in ("checkpoint", "restored"):
        raise ValueError(told["kind"])
    return Checkpoint(
        kind=told["kind"],
        seq=int(told["seq"]),
        hash=str(told["hash"]),
        at=datetime.fromisoformat(told["at"]),
        kid=str(told["kid"]),
        mac=str(told["mac"]),
        line=number,
    )


def _ends_torn(path: Path) -> bool:
    size = path.stat().st_size
    if not size:
        return False
    with path.open("rb") as file:
        file.seek(size - 1)
        return file.read(1) != b"\n"
