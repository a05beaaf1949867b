"""The part of the schema about people at work: what each can do, and hand-overs among them."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table, Text

from gateway.store.columns import Covered, Id, Instant, Json
from gateway.store.schema import an_id, metadata, partial
from gateway.store.tables_keys import sealed_by

agent_profile = Table(
    "agent_profile",
    metadata,
    Column("agent_id", Id, ForeignKey("agent.id"), primary_key=True, autoincrement=False),
    Column("skills", Json),
    Column("languages", Json),
    Column("capacity", Json),
    Column("hours", Json),
    Column("line", Integer, nullable=False, server_default="1"),
    Column("supervises", Json),
    Column("turn", BigInteger, nullable=False, server_default="0"),
    Column("shift_shown_at", Instant),
    Column("shift_told_at", Instant),
)
"""``hours``: seven lists of slots, Monday first. The shift instants are the ends of shifts that were seen to already."""

handover = Table(
    "handover",
    metadata,
    an_id(),
    Column("ticket_id", Id, ForeignKey("ticket.id"), nullable=False, index=True),
    Column("from_agent_id", Id, nullable=False),
    Column("to_agent_id", Id, nullable=False),
    Column("note", Covered, nullable=False),
    Column("sealed", Text, info=sealed_by("id")),  # the originals of what is covered, as JSON
    Column("state", String(10), nullable=False),
    Column("answer", Covered),
    Column("offered_at", Instant, nullable=False),
    Column("settled_at", Instant),
    partial("ix_handover_offered", "to_agent_id", where="state = 'offered'"),
)
"""``state``: offered, accepted, declined, withdrawn (the giver kept it after all)."""
