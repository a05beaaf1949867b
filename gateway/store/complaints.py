"""Complaints' records: begun with the ticket, written into by people, read with what the ticket itself says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from gateway.domain.complaint import FIELDS, Filled, Value, is_complaint, missing, record
from gateway.domain.ticket import Anomaly, TicketType
from gateway.pipeline.effects_life import EditComplaint
from gateway.store import tables as t
from gateway.store.applying import Applying
from gateway.store.columns import to_micros
from gateway.store.database import Tx
from gateway.store.errors_life import RecordChanged, RecordIncomplete
from gateway.store.originals import keep_originals
from gateway.store.personal import entities_of, name_of
from gateway.store.prepared import Prepared
from gateway.store.senders import address_of

_c, _k, _e, _m = t.complaint.c, t.ticket.c, t.event.c, t.message.c
_BEGIN = Prepared(
    upsert(t.complaint)
    .values(
        ticket_id=bindparam("ticket_id"), because=bindparam("because"), made_at=bindparam("now"), version=0
    )
    .on_conflict_do_nothing()
)
ESCALATIONS = ("escalated", "second_line")
"""What the audit trail calls a ticket's being raised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintRecord:
    """A complaint's record as it is now."""

    number: str
    version: int
    agent_id: int | None
    fields: Mapping[str, Filled]
    closed_at: datetime | None


def begin(work: Applying, because: str) -> None:
    """Lay the record out; one that is there stays as it is."""
    assert work.ticket_id is not None
    _BEGIN.run(work.tx, ticket_id=work.ticket_id, because=because, now=to_micros(work.now))


def edit(work: Applying, effect: EditComplaint) -> None:
    """Write a person's words into the record; the audit trail names the fields, never what stands in them."""
    assert work.ticket_id is not None
    begin(work, effect.because)
    changes = _really_new(work, effect.changes)
    mine = (_c.ticket_id == work.ticket_id) & (_c.version == effect.version)
    values: dict[str, Any] = {**changes, "version": effect.version + 1, "changed_at": work.now}
    if not work.tx.execute(update(t.complaint).where(mine).values(values)).rowcount:
        raise RecordChanged(f"the record of {work.ticket_number} is not at version {effect.version}")
    words = {name: value or "" for name, value in changes.items() if not isinstance(value, datetime)}
    keep_originals(work.tx, t.complaint, work.ticket_id, work.snapshot.contact.id, words)
    work.record("complaint", effect.because, what="edited", fields=sorted(changes))


def _really_new(work: Applying, changes: Mapping[str, Any]) -> dict[str, Any]:
    """A form sent back as it was shown gives covered words back: that must not take the place of what they cover."""
    there = work.tx.execute(select(t.complaint).where(_c.ticket_id == work.ticket_id)).mappings().one()
    return {name: value for name, value in changes.items() if value is None or value != there[name]}


def require(work: Applying, fields: tuple[str, ...]) -> None:
    """Return if these fields hold something.

    Raises:
        RecordIncomplete: some hold nothing; it names them.
    """
    assert work.ticket_number is not None
    found = read_record(work.tx, work.ticket_number)
    wanted = tuple(field for field in fields if field != "solution")
    if found is not None and (lacking := missing(found.fields, wanted)):
        raise RecordIncomplete(lacking)


def read_record(tx: Tx, number: str) -> ComplaintRecord | None:
    """Return a ticket's record; None where the ticket is no complaint and nobody began one."""
    query = (
        select(
            _k.id,
            _k.type,
            _k.anomaly,
            _k.agent_id,
            _k.channel,
            _k.closed_at,
            _c.version,
            *(_c[field] for field in FIELDS),
        )
        .outerjoin(t.complaint, _c.ticket_id == _k.id)
        .where(_k.number == number)
    )
    row = tx.execute(query).first()
    if row is None or (row.version is None and not is_complaint(TicketType(row.type), Anomaly(row.anomaly))):
        return None
    said = {field: getattr(row, field) for field in FIELDS}
    return ComplaintRecord(
        number=number,
        version=row.version or 0,
        agent_id=row.agent_id,
        fields=record(said, _known(tx, number)),
        closed_at=row.closed_at,
    )


def _known(tx: Tx, number: str) -> dict[str, Value]:
    """What the ticket, its events and its messages say of each field."""
    query = (
        select(
            _k.id,
            _k.conversation_id,
            _k.summary,
            _k.opened_at,
            _k.resolved_at,
            _k.outcome,
            t.conversation.c.entities,
            t.contact.c.name,
            t.contact.c.number.label("contact_number"),
            t.agent.c.name.label("agent_name"),
            t.agent.c.number.label("agent_number"),
        )
        .join(t.contact, t.contact.c.id == _k.contact_id)
        .join(t.conversation, t.conversation.c.id == _k.conversation_id)
        .outerjoin(t.agent, t.agent.c.id == _k.first_agent_id)
        .where(_k.number == number)
    )
    row = tx.execute(query).one()
    raised, named = _raised(tx, row.id), entities_of(tx, row.conversation_id, row.entities)
    return {
        "content": row.summary,
        "happened_at": row.opened_at,
        "contact": _contact(tx, number, row),
        "order": _named(named, "order"),
        "product": _named(named, "product"),
        "first_handler": f"{row.agent_name} {row.agent_number}" if row.agent_number else None,
        "escalated_at": raised[0] if raised else None,
        "escalated_because": raised[1] if raised else None,
        "solution": row.outcome,
        "response": _response(tx, row.conversation_id, row.resolved_at),
    }


def _named(entities: list[dict[str, Any]], kind: str) -> str | None:
    """What the customer named, so that nobody asks for it again."""
    return ", ".join(one["value"] for one in entities if one["kind"] == kind) or None


def _contact(tx: Tx, number: str, row: Any) -> str:
    address = address_of(tx, number) or ""
    reached = address if "@" in address or address.lstrip("+").isdigit() else ""
    name = name_of(tx, row.contact_number, row.name)
    return " ".join(part for part in (name, row.contact_number, reached) if part)


def _raised(tx: Tx, ticket_id: int) -> tuple[datetime, str] | None:
    rows = tx.execute(select(_e.at, _e.because, _e.data).where(_e.ticket_id == ticket_id).order_by(_e.id))
    return next(
        ((row.at, row.because or "") for row in rows if (row.data or {}).get("what") in ESCALATIONS), None
    )


def _response(tx: Tx, conversation_id: int, resolved_at: datetime | None) -> str | None:
    """The customer's first words after they were told the outcome."""
    if resolved_at is None:
        return None
    here = _m.conversation_id == conversation_id
    told = select(func.max(_m.seq)).where(here, _m.author != "customer", _m.at <= resolved_at)
    after = select(_m.text).where(here, _m.author == "customer", _m.seq > told.scalar_subquery())
    return tx.execute(after.order_by(_m.seq).limit(1)).scalar()
