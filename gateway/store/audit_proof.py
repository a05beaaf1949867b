"""Hold the audit to its own hashes: name every row that was changed, removed, moved or cut off."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import orjson
from sqlalchemy import func, select

from gateway.store import tables as t
from gateway.store.audit_chain import START, AuditRow, row_hash, same, seal_of
from gateway.store.audit_key import key_of
from gateway.store.checkpoints import Checkpoint
from gateway.store.database import Tx

Wrong = Literal[
    "changed", "missing", "unlinked", "cut_off", "rewritten", "forged_cut", "forged_checkpoint", "words"
]
PAGE = 2000
_Key = Callable[[str], bytes]
_a, _w, _c = t.audit.c, t.audit_words.c, t.audit_cut.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Tampering:
    """Rows ``first`` to ``last`` are not as they were written; of a checkpoint, the numbers are its line's."""

    wrong: Wrong
    first: int
    last: int


def tamperings(tx: Tx, checkpoints: Sequence[Checkpoint] = (), *, after: int = 0) -> Iterator[Tampering]:
    """Yield what is wrong with the rows past ``after``, and with the end that the checkpoints saw."""
    keys: dict[str, bytes] = {}

    def key(kid: str) -> bytes:
        if kid not in keys:
            keys[kid] = key_of(tx, kid)
        return keys[kid]

    seen: dict[int, Checkpoint] = {}
    for one in checkpoints:
        if not one.holds(key):
            yield Tampering(wrong="forged_checkpoint", first=one.line, last=one.line)
            continue
        if one.kind == "restored":  # what was witnessed of the time after that backup is given up
            seen = {seq: each for seq, each in seen.items() if seq <= one.seq}
        seen[one.seq] = one
    upto, hash_ = 0, START
    for cut in tx.execute(select(t.audit_cut).order_by(_c.upto)).all():
        try:
            ours = same(cut.mac, seal_of(key(cut.kid), "cut", {"upto": cut.upto, "hash": cut.hash}))
        except KeyError:
            ours = False
        if ours:
            upto, hash_ = cut.upto, cut.hash
        else:
            yield Tampering(wrong="forged_cut", first=cut.upto, last=cut.upto)
    last: int
    wanted: str | None
    last, wanted = upto, hash_
    if after > upto:
        before = tx.execute(
            select(_a.seq, _a.hash).where(_a.seq <= after).order_by(_a.seq.desc()).limit(1)
        ).first()
        last, wanted = (before.seq, before.hash) if before is not None else (upto, hash_)
    for row in _rows(tx, last):
        if row.seq > last + 1:
            yield Tampering(wrong="missing", first=last + 1, last=row.seq - 1)
            wanted = None
        is_whole = _is_whole(row, key)
        if not is_whole:
            yield Tampering(wrong="changed", first=row.seq, last=row.seq)
        elif wanted is not None and not same(row.prev, wanted):
            yield Tampering(wrong="unlinked", first=row.seq, last=row.seq)
        elif row.seq in seen and not same(seen[row.seq].hash, row.hash):
            yield Tampering(wrong="rewritten", first=row.seq, last=row.seq)
        last, wanted = row.seq, row.hash if is_whole else None
    if seen and (end := max(seen)) > last:
        yield Tampering(wrong="cut_off", first=last + 1, last=end)
    yield from _words(tx, key, after)


def count(tx: Tx) -> int:
    """Return how many rows there are."""
    return tx.execute(select(func.count()).select_from(t.audit)).scalar_one()


def _rows(tx: Tx, after: int) -> Iterator[AuditRow]:
    while rows := tx.execute(select(t.audit).where(_a.seq > after).order_by(_a.seq).limit(PAGE)).all():
        for row in rows:
            yield AuditRow(**row._mapping)
        after = rows[-1].seq


def _is_whole(row: AuditRow, key: _Key) -> bool:
    try:
        return same(row.hash, row_hash(key(row.kid), row))
    except (KeyError, ValueError):
        return False


def _words(tx: Tx, key: _Key, after: int) -> Iterator[Tampering]:
    """Words may have been erased, never changed."""
    beside = (
        select(_w.seq, _w.words, _a.details, _a.kid)
        .join(t.audit, _a.seq == _w.seq)  # (those of a row that is gone: the row is named already)
        .where(_w.seq > after)
        .order_by(_w.seq)
    )
    for row in tx.execute(beside):
        try:
            wanted = str(orjson.loads(row.details)["words"])
            holds = same(wanted, seal_of(key(row.kid), "words", {"seq": row.seq, "words": row.words}))
        except (KeyError, ValueError, TypeError):
            holds = False
        if not holds:
            yield Tampering(wrong="words", first=row.seq, last=row.seq)
