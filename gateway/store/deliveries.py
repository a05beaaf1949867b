"""How far the copies of messages and forwards have come, as the desk shows it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Column, and_, select

from gateway.domain.undelivered import reason_of, worst
from gateway.store import keys
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.keys import ERASED
from gateway.store.personal import address_of, recipient_of

Face = dict[str, Any]
_o = t.outbox.c


def of_messages(tx: Tx, ids: Collection[int]) -> Mapping[int, Face]:
    """Return the delivery of each message that somebody has to carry."""
    return _read(tx, _o.message_id, ids)


def of_notes(tx: Tx, ids: Collection[int]) -> Mapping[int, Face]:
    """Return the delivery of each note that records a forward."""
    return _read(tx, _o.note_id, ids)


def _read(tx: Tx, owner: Column[int], ids: Collection[int]) -> dict[int, Face]:
    if not ids:
        return {}
    own = t.contact_identity.c
    query = (
        select(
            owner.label("owner"),
            _o.id,
            _o.role,
            _o.state,
            _o.error,
            _o.code,
            _o.key,
            _o.copy,
            _o.channel,
            _o.recipient,
            own.contact_id,
            own.address_index,
            own.address,
        )
        .join(t.thread, t.thread.c.id == _o.thread_id)
        .outerjoin(
            t.contact_identity, and_(own.contact_id == t.thread.c.contact_id, own.channel == _o.channel)
        )
        .where(owner.in_(ids))
        .order_by(_o.id)
    )
    copies: defaultdict[int, list[Face]] = defaultdict(list)
    rows = tx.execute(query).all()
    keys.warm(tx, (row.recipient or row.address for row in rows))
    for row in rows:
        failed = row.state not in ("due", "sending", "delivered") or row.error
        copies[row.owner].append(
            {
                "id": str(row.id),
                "to": _to(tx, row),
                "role": row.role,
                "state": row.state,
                "error": row.error,
                "code": row.code,
                "reason": reason_of(row.code, row.error) if failed else None,
            }
        )
    return {owner_id: _whole(found) for owner_id, found in copies.items()}


def _to(tx: Tx, row: Any) -> str:
    if row.recipient is not None:
        return recipient_of(tx, row.key, row.copy, row.recipient) or ERASED
    if row.address is None:
        return ""
    return address_of(tx, row.contact_id, row.channel, row.address_index, row.address) or ERASED


def _whole(copies: list[Face]) -> Face:
    """One word for all copies: that of the one which most needs a person."""
    state = worst([one["state"] for one in copies])
    shown = next(one for one in copies if one["state"] == state)
    return {name: shown[name] for name in ("state", "error", "code", "reason")} | {"copies": copies}
