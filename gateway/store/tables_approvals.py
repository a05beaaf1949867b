"""The part of the schema about what needs two persons."""

from sqlalchemy import Column, ForeignKey, String, Table, Text

from gateway.store.columns import Id, Instant
from gateway.store.schema import an_id, metadata, partial

approval = Table(
    "approval",
    metadata,
    an_id(),
    Column("act", String(32), nullable=False),
    Column("about", String(128), nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("asked_by", Id, ForeignKey("agent.id"), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("decided_by", Id),
    Column("decided_at", Instant),
    Column("used_at", Instant),
    Column("answer", Text),
    partial("ix_approval_open", "act", "about", where="state IN ('asked', 'approved')"),
)
"""``state``: asked, approved, refused, used, withdrawn; what is asked or approved and past its time is over as well.

``answer``: what whoever decided said to it."""
