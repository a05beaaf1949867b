"""The part of the schema that a ticket's life brings about: complaints, department tasks, merging, tags."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from gateway.store.columns import Covered, Id, Instant, Json
from gateway.store.schema import an_id, metadata, partial
from gateway.store.tables_keys import sealed_by

complaint = Table(
    "complaint",
    metadata,
    Column("ticket_id", Id, ForeignKey("ticket.id"), primary_key=True),
    Column("content", Covered),
    Column("happened_at", Instant),
    Column("contact", Covered),
    Column("order", Covered),
    Column("product", Covered),
    Column("wanted", Covered),
    Column("first_handler", Covered),
    Column("escalated_at", Instant),
    Column("escalated_because", Covered),
    Column("responsible", String(64)),
    Column("solution", Covered),
    Column("response", Covered),
    Column("sealed", Text, info=sealed_by("ticket_id")),  # the originals of what is covered, as JSON
    Column("because", Covered, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("made_at", Instant, nullable=False),
    Column("changed_at", Instant),
)
"""What people wrote into a complaint's record; NULL is what the ticket itself says (store/complaints.py)."""

task = Table(
    "task",
    metadata,
    an_id(),
    Column("ticket_id", Id, ForeignKey("ticket.id"), nullable=False, index=True),
    Column("department", String(64), nullable=False),
    Column("text", Covered, nullable=False),
    Column("sealed", Text, info=sealed_by("id")),  # the originals of what is covered, as JSON
    Column("state", String(16), nullable=False),
    Column("wanted_by", Instant),
    Column("asked_by", Id, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("accept_by", Instant, nullable=False),
    Column("solve_by", Instant, nullable=False),
    Column("agent_id", Id),
    Column("accepted_at", Instant),
    Column("settled_at", Instant),
    Column("answer", Covered),
    partial("ix_task_open", "department", "state", where="state IN ('asked', 'accepted')"),
)

merge = Table(
    "merge",
    metadata,
    an_id(),
    Column("ticket_id", Id, ForeignKey("ticket.id"), nullable=False, index=True),
    Column("into_id", Id, ForeignKey("ticket.id"), nullable=False, index=True),
    Column("agent_id", Id, nullable=False),
    Column("because", Covered, nullable=False),
    Column("before", Json, nullable=False),
    Column("at", Instant, nullable=False),
    Column("undone_at", Instant),
)
"""``before`` is what unmerging restores: status, agent, whose turn it was, and which promises ran."""

not_a_duplicate = Table(
    "not_a_duplicate",
    metadata,
    Column("ticket_id", Id, primary_key=True),
    Column("other_id", Id, primary_key=True),
    Column("agent_id", Id, nullable=False),
    Column("at", Instant, nullable=False),
)

ticket_key = Table(
    "ticket_key",
    metadata,
    Column("key", String(128), primary_key=True),
    Column("ticket_id", Id, primary_key=True, index=True),
)
"""What two tickets about one matter have in common: ``order:``, ``phone:`` … and the blind index of the value."""

tag = Table(
    "tag",
    metadata,
    Column("kind", String(8), primary_key=True),
    Column("row_id", Id, primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("because", Covered, nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_tag_name", "name", "kind"),
)
"""``kind`` is ``contact`` or ``ticket``; ``contact.tags`` repeats the contact's names for whoever decides by them."""
