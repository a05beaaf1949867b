"""The part of the schema about triage: what it said of each ticket, and what people corrected."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table

from gateway.store.columns import Covered, Id, Instant, Json
from gateway.store.schema import an_id, metadata

triage = Table(
    "triage",
    metadata,
    Column("ticket_id", Id, ForeignKey("ticket.id"), primary_key=True),
    Column("version", String(32), nullable=False),
    Column("type", String(16), nullable=False),
    Column("subtype", String(64)),
    Column("urgency", String(16), nullable=False),
    Column("anomaly", String(16), nullable=False),
    Column("department", String(64), nullable=False),
    Column("needs_identity", Boolean, nullable=False),
    Column("sensitive", Json, nullable=False),
    Column("lang", String(10), nullable=False),
    Column("confidence", Json, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_triage_at", "at"),
)
"""What triage said when the ticket began; it stays as it was said."""

correction = Table(
    "correction",
    metadata,
    an_id(),
    Column("ticket_id", Id, ForeignKey("ticket.id"), nullable=False, index=True),
    Column("field", String(16), nullable=False),
    Column("was", String(64), nullable=False),
    Column("value", String(64), nullable=False),
    Column("reason", Covered, nullable=False),
    Column("agent_id", Id, nullable=False),
    Column("version", String(32), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_correction_at", "at"),
)
"""A field as a person says it is; the last one of a field counts. ``version`` is that of the triage corrected."""
