"""The part of the schema that keeps traces: who did what to whose data, in a chain that shows every change to it."""

from sqlalchemy import BigInteger, Column, Index, String, Table, Text

from gateway.store.columns import Id, Instant
from gateway.store.schema import an_id, metadata

audit = Table(
    "audit",
    metadata,
    Column("seq", Id, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("act", String(48), nullable=False),
    Column("about", String(128)),
    Column("outcome", String(16), nullable=False),
    Column("details", Text, nullable=False),
    Column("kid", String(64), nullable=False),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_audit_actor", "actor", "seq"),
    Index("ix_audit_about", "about", "seq"),
)
"""``details`` is canonical JSON (RFC 8785). Triggers refuse UPDATE, and DELETE of what no cut allows."""

audit_words = Table(
    "audit_words",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("words", Text, nullable=False),
)
"""A person's own words on an act, such as a reason: beside the chain, so that they can be erased without breaking it."""

audit_cut = Table(
    "audit_cut",
    metadata,
    an_id(),
    Column("upto", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("kid", String(64), nullable=False),
    Column("mac", String(64), nullable=False),
    Column("at", Instant, nullable=False),
)
"""Up to which row the oldest were let go when their time was over, the hash the chain goes on from, and our seal on both."""
