"""The audit: who did what to whose data, appended in the act's own transaction, each row bound to the one before.

It holds pseudonyms and references (``agent:1001``, ``ticket:T…``, ``contact:C…``), never a person's data, so that
erasing a person leaves the chain whole. Call ``write`` last in a transaction: on PostgreSQL rows queue up for it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, text

from gateway.domain.audit_details import Mark, safe_details, safe_reference
from gateway.domain.masking import mask_text
from gateway.store import tables as t
from gateway.store.audit_chain import START, AuditRow, canonical, row_hash, seal_of
from gateway.store.audit_key import newest_key
from gateway.store.database import Tx

LONGEST_WORDS = 500
_CHAIN = 0x61756469
"""The advisory lock under which rows of the chain follow one another on PostgreSQL."""

_a, _w, _c = t.audit.c, t.audit_words.c, t.audit_cut.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of the chain: what the next row is bound to."""

    seq: int
    hash: str


def write(
    tx: Tx,
    *,
    actor: str,
    act: str,
    now: datetime,
    about: str | None = None,
    outcome: str = "done",
    reason: str | None = None,
    **details: Any,
) -> int:
    """Append one act and return its number; if the transaction does not commit, neither the act nor the row is.

    ``outcome`` is ``done``, ``refused`` or ``failed``. ``reason`` is a person's own words: they are kept masked
    beside the chain. A detail that could be personal is stored as a mark: the same words, the same mark.
    """
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:chain)"), {"chain": _CHAIN})
    kid, key = newest_key(tx)
    mark = _marks(key)
    before = head(tx)
    seq = before.seq + 1
    words = mask_text(reason.strip())[:LONGEST_WORDS] if reason and reason.strip() else None
    if words is not None:
        details["words"] = seal_of(key, "words", {"seq": seq, "words": words})
        tx.execute(insert(t.audit_words).values(seq=seq, words=words))
    row = AuditRow(
        seq=seq,
        at=now,
        actor=safe_reference(actor, mark),
        act=act,
        about=None if about is None else safe_reference(about, mark),
        outcome=outcome,
        details=canonical(safe_details(details, mark)),
        kid=kid,
        prev=before.hash,
        hash="",
    )
    row = replace(row, hash=row_hash(key, row))
    tx.execute(insert(t.audit).values({name: getattr(row, name) for name in AuditRow.__slots__}))
    return seq


def pseudonym(tx: Tx, value: str) -> str:
    """Return the mark that stands for ``value`` in the audit, to search it by."""
    return _marks(newest_key(tx)[1])(value)


def head(tx: Tx) -> Head:
    """Return the end of the chain; of one whose rows are all gone, where it was cut."""
    last = tx.execute(select(_a.seq, _a.hash).order_by(_a.seq.desc()).limit(1)).first()
    if last is None:
        last = tx.execute(select(_c.upto, _c.hash).order_by(_c.upto.desc()).limit(1)).first()
    return Head(seq=0, hash=START) if last is None else Head(seq=last[0], hash=last[1])


def cut(tx: Tx, before: datetime, now: datetime, *, limit: int = 1000) -> int:
    """Let go of the oldest rows written before ``before``; return how many. The last row of all always stays."""
    newest = tx.execute(select(func.max(_a.seq))).scalar()
    old = select(_a.seq, _a.hash).where(_a.at < before, _a.seq < (newest or 0)).order_by(_a.seq).limit(limit)
    first = tx.execute(select(func.min(_a.seq))).scalar()
    rows = [(row.seq, row.hash) for at, row in enumerate(tx.execute(old)) if row.seq == (first or 0) + at]
    if not rows:
        return 0
    kid, key = newest_key(tx)
    upto, hash_ = rows[
        -1
    ]  # (a clock that was set back may leave younger rows among the old: none is left out)
    tx.execute(
        insert(t.audit_cut).values(
            upto=upto, hash=hash_, kid=kid, at=now, mac=seal_of(key, "cut", {"upto": upto, "hash": hash_})
        )
    )
    tx.execute(delete(t.audit_words).where(_w.seq <= upto))
    tx.execute(delete(t.audit).where(_a.seq <= upto))
    write(tx, actor="system", act="audit.cut", now=now, upto=upto, rows=len(rows))
    return len(rows)


def _marks(key: bytes) -> Mark:
    return lambda words: "~" + seal_of(key, "mark", {"words": words})[:16]
