"""Showing originals: counted and audited in one transaction, read in another that begins when the first is on disk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, func, insert, select, text

from gateway.domain.alarm import Alarm, AlarmKind
from gateway.domain.revealing import RevealRules
from gateway.errors import NotFound
from gateway.store import audit
from gateway.store import tables as t
from gateway.store.alarms import raise_alarm
from gateway.store.database import Tx
from gateway.store.feed import Happened
from gateway.store.keys import ERASED
from gateway.store.originals import Words, message_row, read_originals
from gateway.store.personal import address_of

_r, _k = t.reveal.c, t.ticket.c
_LOCK = 0x72657665
"""With the agent's id the advisory lock under which one person's reveals are counted on PostgreSQL."""
TABLES: dict[str, Table] = {"note": t.note, "task": t.task, "promise": t.promise, "handover": t.handover}
"""What belongs to a ticket and is named by its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody asks to see on a ticket: ``message`` by seq, ``complaint``, ``contact``, or one of ``TABLES`` by id."""

    what: str
    id: int = 0

    @property
    def name(self) -> str:
        """How the audit and the budget name it."""
        return f"{self.what}:{self.id}" if self.id else self.what


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What became of a wish: whether the value may be shown, and an alarm that was raised for it."""

    verdict: str
    alarm: Happened | None = None


def note_reveal(
    tx: Tx,
    wanted: Wanted,
    *,
    number: str,
    agent_id: int,
    agent: str,
    reason: str,
    rules: RevealRules,
    ways: tuple[str, ...],
    now: datetime,
) -> Noted:
    """Count and audit a wish to see an original; nothing may be shown before this is committed.

    Raises:
        NotFound: the ticket has no such thing, or nothing of it was covered.
    """
    ticket_id = tx.execute(select(_k.id).where(_k.number == number)).scalar()
    if ticket_id is None or not read_revealed(tx, wanted, number):
        raise NotFound(f"nothing covered: {wanted.name} on {number}")
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:what, :who)"), {"what": _LOCK, "who": agent_id})
    recent = select(func.count()).where(_r.agent_id == agent_id, _r.at > now - rules.within)
    verdict = rules.verdict(tx.execute(recent).scalar_one())
    alarm = _alarm(tx, verdict, agent, rules, ways, now)
    if verdict != "stopped":
        row = {"agent_id": agent_id, "ticket_id": ticket_id, "what": wanted.name, "at": now}
        tx.execute(insert(t.reveal).values(row))
    audit.write(
        tx,
        actor=f"agent:{agent}",
        act="reveal",
        about=f"ticket:{number}",
        now=now,
        outcome="refused" if verdict == "stopped" else "done",
        reason=reason,
        what=wanted.what,
        id=wanted.id,
    )
    return Noted(verdict=verdict, alarm=alarm)


def read_revealed(tx: Tx, wanted: Wanted, number: str) -> Words:
    """Return the original values of what was asked for, by name; empty where nothing is covered."""
    match wanted.what:
        case "message":
            return _message(tx, wanted.id, number)
        case "contact":
            return _contact(tx, number)
        case "complaint":
            c = t.complaint.c
            query = select(c.ticket_id, c.sealed).join(t.ticket, _k.id == c.ticket_id)
            row = tx.execute(query.where(_k.number == number)).first()
            return {} if row is None else read_originals(tx, t.complaint, row.ticket_id, row.sealed)
        case other:
            table = TABLES[other]
            query = select(table.c.id, table.c.sealed).join(t.ticket, _k.id == table.c.ticket_id)
            row = tx.execute(query.where(_k.number == number, table.c.id == wanted.id)).first()
            return {} if row is None else read_originals(tx, table, row.id, row.sealed)


def _message(tx: Tx, seq: int, number: str) -> Words:
    m = t.message.c
    row = tx.execute(
        select(m.thread_id, m.sealed)
        .join(t.ticket, (_k.thread_id == m.thread_id) & (_k.conversation_id == m.conversation_id))
        .where(_k.number == number, m.seq == seq)
    ).first()
    return {} if row is None else read_originals(tx, t.message, message_row(row.thread_id, seq), row.sealed)


def _contact(tx: Tx, number: str) -> Words:
    """The addresses a ticket's customer is reached at, by channel."""
    i = t.contact_identity.c
    query = select(i.id, i.contact_id, i.channel, i.address_index, i.address).join(
        t.ticket, _k.contact_id == i.contact_id
    )
    rows: Any = tx.execute(query.where(_k.number == number).order_by(i.id))
    return {f"{row.channel}.{row.id}": address_of(tx, *row[1:]) or ERASED for row in rows}


def _alarm(
    tx: Tx, verdict: str, agent: str, rules: RevealRules, ways: tuple[str, ...], now: datetime
) -> Happened | None:
    """Once for each person, verdict and hour."""
    if verdict == "shown":
        return None
    count = rules.stop_after if verdict == "stopped" else rules.alarm_after
    alarm = Alarm(
        kind=AlarmKind.REVEALS,
        name=f"reveals:{verdict}:{agent}:{now:%Y%m%dT%H}",
        gaps={"agent": agent, "count": str(count)},
    )
    return raise_alarm(tx, alarm, ways=ways, now=now, because="so many covered values were opened in an hour")
