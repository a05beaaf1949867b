"""Find stored messages again: by the id a client knows, by inbox number, by the ticket they belong to."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, or_, select

from gateway.safety.trouble import NotDone
from gateway.store import keys
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.personal import arrival_place

_TICKET = re.compile(r"T\d{8}-\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """One inbox row, and where its message has its place, if it has one."""

    inbox_id: int
    channel: str
    body: str
    raw: bytes | None
    raw_blob: str | None
    received_at: datetime
    state: str
    thread_id: int | None
    seq: int | None


_i, _m = t.inbox.c, t.message.c
_STORED = select(
    _i.id.label("inbox_id"),
    _i.channel,
    _i.external_id,
    _i.body,
    _i.raw,
    _i.raw_blob,
    _i.received_at,
    _i.state,
    _m.thread_id,
    _m.seq,
).outerjoin(t.message, _m.inbox_id == _i.id)


def find_stored(tx: Tx, name: str) -> tuple[Stored, ...]:
    """Return what ``name`` means, oldest first: every customer message of a ticket, else one message.

    Raises:
        NotDone: nothing stored has this name.
    """
    if _TICKET.fullmatch(name):
        of_ticket = select(t.ticket.c.conversation_id).where(t.ticket.c.number == name)
        found = _read(tx, _STORED.where(_m.conversation_id.in_(of_ticket)))
    else:
        found = _read(tx, _STORED.where(or_(_m.public_id == name, _i.external_id == name)))
        if not found:  # a web chat's client knows the id it made, without the thread before it
            found = _read(tx, _STORED.where(_m.public_id.endswith(f":{name}", autoescape=True)))
        if not found and name.isascii() and name.isdecimal():
            found = _read(tx, _STORED.where(_i.id == int(name)))
    if not found:
        raise NotDone(
            f"没有找到 {name}：请用消息编号、收件编号（inbox id）或工单号（如 T20261121-0001）。",
            f"Nothing stored is named {name}: give a message id, an inbox number, or a ticket number "
            "such as T20261121-0001.",
        )
    return found


def _read(tx: Tx, statement: Select[Any]) -> tuple[Stored, ...]:
    rows = tx.execute(statement.order_by(_i.id)).all()
    return tuple(_stored(tx, row._mapping) for row in rows)


def _stored(tx: Tx, row: RowMapping) -> Stored:
    """The row, opened.

    Raises:
        NotDone: it cannot be read any more.
    """
    values = {name: value for name, value in row.items() if name != "external_id"}
    try:
        values["body"] = keys.unseal(tx, arrival_place(row["channel"], row["external_id"]), row["body"])
        if row["raw"] is not None:
            where = arrival_place(row["channel"], row["external_id"], "raw")
            values["raw"] = keys.unseal_bytes(tx, where, row["raw"])
    except keys.Unreadable as error:
        raise NotDone(
            f"收件 {row['inbox_id']} 无法再读取（{error.because}）：客户资料可能已被删除。",
            f"Inbox row {row['inbox_id']} cannot be read any more ({error.because}): its writer may have been erased.",
        ) from error
    return Stored(**values)
