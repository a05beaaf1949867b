"""Who has proven what: attempts, proofs, codes, what is asked for, and what two people confirm."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from gateway.store.columns import Id, Instant
from gateway.store.schema import an_id, metadata, partial
from gateway.store.tables_keys import sealed_by

awaited = Table(
    "awaited",
    metadata,
    Column("conversation_id", Id, ForeignKey("conversation.id"), primary_key=True),
    Column("step", String(16), nullable=False),
    Column("level", String(2), nullable=False),
    Column("entry", String(128)),
    Column("action", String(64)),
    Column("order", Text, info=sealed_by("conversation_id")),
    Column("by_agent_id", Id),
    Column("at", Instant, nullable=False),
)
"""What a conversation was asked to prove, and for what; gone once it is proven or given up."""

attempt = Table(
    "attempt",
    metadata,
    an_id(),
    Column("conversation_id", Id, ForeignKey("conversation.id"), nullable=False, index=True),
    Column("thread_id", Id, nullable=False),
    Column("contact_id", Id, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("level", String(2), nullable=False),
    Column("entry", String(128)),
    Column("action", String(64)),
    Column("given", Text, info=sealed_by("id")),  # blanked once it is settled
    Column("order_mark", String(64)),
    Column("place_mark", String(64), nullable=False),
    Column("state", String(8), nullable=False),
    Column("outcome", String(12)),
    Column("why", String(12)),
    Column("takes", Integer, nullable=False, server_default="0"),
    Column("lease_owner", String(32)),
    Column("lease_until", Instant),
    Column("at", Instant, nullable=False),
    Column("settled_at", Instant),
    partial("ix_attempt_open", "at", where="state <> 'settled'"),
    Index("ix_attempt_order", "order_mark", "at"),
    Index("ix_attempt_place", "place_mark", "at"),
    Index("ix_attempt_outcome", "outcome", "at"),
)
"""One comparison, or one thing to be shown: there before anything is looked up, so that nobody can race it."""

proof = Table(
    "proof",
    metadata,
    an_id(),
    Column("conversation_id", Id, index=True),  # none: signed in at the site before a word was written
    Column("thread_id", Id),
    Column("channel", String(64), nullable=False),
    Column("thread_key", String(128), nullable=False),
    Column("contact_id", Id),
    Column("level", String(2), nullable=False),
    Column("method", String(16), nullable=False),
    Column("about", Text, nullable=False, info=sealed_by("id")),  # the order, the customer, the one action
    Column("customer_mark", String(64)),
    Column("granted_at", Instant, nullable=False),
    Column("idle_until", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("ended_because", Text),
    Index("ix_proof_thread", "channel", "thread_key"),
)

code = Table(
    "code",
    metadata,
    an_id(),
    Column("conversation_id", Id, ForeignKey("conversation.id"), nullable=False, index=True),
    Column("kind", String(8), nullable=False),  # code, notice
    Column("level", String(2), nullable=False),
    Column("action", String(64)),
    Column("order", Text, info=sealed_by("id")),  # blanked once it is used or void
    Column("mark", String(64)),  # of the six digits
    Column("link_mark", String(64)),  # of the link's 256 bits
    Column("number", String(2)),
    Column("way", String(8)),
    Column("to_mark", String(64)),
    Column("state", String(8), nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", Instant, nullable=False),
    Column("lang", String(10), nullable=False),
    Column("at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("used_at", Instant),
    partial("ix_code_due", "not_before", where="state = 'due'"),
    Index("ix_code_link_mark", "link_mark"),
    Index("ix_code_to", "to_mark", "at"),
)

verify_page = Table(
    "verify_page",
    metadata,
    Column("mark", String(64), primary_key=True),
    Column("conversation_id", Id, ForeignKey("conversation.id"), nullable=False, index=True),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("ends_at", Instant, nullable=False),
    Column("used_at", Instant),
)
"""Who holds the ticket may type what must never stand in a transcript, for that one conversation."""

used_jti = Table(
    "used_jti",
    metadata,
    Column("mark", String(64), primary_key=True),
    Column("ends_at", Instant, nullable=False, index=True),
)
"""Signed sign-ins that were shown to us: each counts once."""
