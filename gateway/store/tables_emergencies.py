"""The part of the schema that emergencies bring about."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from gateway.store.columns import Covered, Id, Instant, Json
from gateway.store.schema import an_id, metadata, partial

emergency = Table(
    "emergency",
    metadata,
    an_id(),
    Column("cause", String(16), nullable=False),
    Column("topics", Json, nullable=False),
    Column("channel", String(64), nullable=False, server_default=""),
    Column("state", String(12), nullable=False),
    Column("because", Covered, nullable=False),
    Column("template", Json),
    Column("notice", Json),
    Column("news_at", Instant),
    Column("updates", Integer, nullable=False, server_default="0"),
    Column("proposed_at", Instant, nullable=False),
    Column("proposed_by", String(64), nullable=False),
    Column("started_at", Instant),
    Column("started_by", String(64)),
    Column("ended_at", Instant),
    Column("ended_by", String(64)),
    Column("report", Covered),
    Column("reviewed_at", Instant),
    Column("reviewed_by", String(64)),
    partial("ix_emergency_open", "state", where="state IN ('proposed', 'running')"),
)
"""``template`` is the notice with ``{news}`` still in it, ``notice`` what newcomers are told now. ``report`` is what a person made of the pre-filled one; NULL while nobody has."""

emergency_news = Table(
    "emergency_news",
    metadata,
    Column("emergency_id", Id, ForeignKey("emergency.id"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("texts", Json, nullable=False),
    Column("is_end", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", String(64), nullable=False),
)
"""What is told to all concerned: n counts from 1; 0 is the notice itself, for those who wrote before it began."""

emergency_concern = Table(
    "emergency_concern",
    metadata,
    Column("emergency_id", Id, ForeignKey("emergency.id"), primary_key=True),
    Column("conversation_id", Id, ForeignKey("conversation.id"), primary_key=True),
    Column("thread_id", Id, nullable=False),
    Column("ticket_id", Id),
    Column("told", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_emergency_concern_told", "emergency_id", "told"),
    Index("ix_emergency_concern_conversation_id", "conversation_id"),
)
"""Who is concerned, and the number of the last news they were told: that is what makes each told once."""
