"""The part of the schema about covered values that were shown to somebody: what the hour's budget is counted from."""

from sqlalchemy import Column, ForeignKey, Index, String, Table

from gateway.store.columns import Id, Instant
from gateway.store.schema import an_id, metadata

reveal = Table(
    "reveal",
    metadata,
    an_id(),
    Column("agent_id", Id, ForeignKey("agent.id"), nullable=False),
    Column("ticket_id", Id, ForeignKey("ticket.id"), nullable=False),
    Column("what", String(48), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_reveal_agent", "agent_id", "at"),
)
"""Who had what shown, and when; why is in the audit, and the value nowhere."""
