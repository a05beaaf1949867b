"""How one row of the audit is bound to the one before it. Pure; what it proves is told in docs/explanation/audit.md."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785

from gateway.store.columns import to_micros

START = "0" * 64
"""What the first row of all is bound to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One row as it is stored; ``details`` is canonical JSON."""

    seq: int
    at: datetime
    actor: str
    act: str
    about: str | None
    outcome: str
    details: str
    kid: str
    prev: str
    hash: str


def canonical(details: Mapping[str, Any]) -> str:
    """Return JSON that is written in one way only (RFC 8785)."""
    return rfc8785.dumps(dict(details)).decode()


def row_hash(key: bytes, row: AuditRow) -> str:
    """Return the keyed hash of a row's content and of the hash before it; the row's own ``hash`` is not read."""
    content: dict[str, str | int | None] = {
        "seq": row.seq,
        "at": to_micros(row.at),
        "actor": row.actor,
        "act": row.act,
        "about": row.about,
        "outcome": row.outcome,
        "details": row.details,
        "kid": row.kid,
    }
    return _mac(key, b"row", row.prev.encode() + rfc8785.dumps(content))


def seal_of(key: bytes, kind: str, values: Mapping[str, Any]) -> str:
    """Return our seal on a checkpoint, a cut or the words beside a row: each kind has seals of its own."""
    return _mac(key, kind.encode(), rfc8785.dumps(dict(values)))


def same(one: str, other: str) -> bool:
    """Compare two hashes in a time that tells nothing."""
    return hmac.compare_digest(one.encode(), other.encode())


def _mac(key: bytes, kind: bytes, content: bytes) -> str:
    return hmac.digest(key, kind + b"\0" + content, hashlib.sha256).hex()
