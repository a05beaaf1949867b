"""The part of the schema that alarms bring about."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from gateway.store.columns import Covered, CoveredJson, Id, Instant
from gateway.store.schema import an_id, metadata, partial

alarm = Table(
    "alarm",
    metadata,
    an_id(),
    Column("name", String(128), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("ticket_id", Id, ForeignKey("ticket.id")),
    Column("gaps", CoveredJson, nullable=False),
    Column("because", Covered, nullable=False),
    Column("at", Instant, nullable=False),
    Column("seen_by", Id),
    Column("seen_at", Instant),
    Index("ix_alarm_at", "at"),
)

alarm_delivery = Table(
    "alarm_delivery",
    metadata,
    an_id(),
    Column("alarm_id", Id, ForeignKey("alarm.id"), nullable=False),
    Column("way", String(330), nullable=False),
    Column("state", String(12), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", Instant, nullable=False),
    Column("error", Covered),
    Column("settled_at", Instant),
    UniqueConstraint("alarm_id", "way"),
    partial("ix_alarm_delivery_due", "not_before", where="state = 'due'"),
)
"""One way out of one alarm: ``due`` until it is ``sent``, or ``failed`` for good."""
