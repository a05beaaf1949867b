"""All that is owed by a time: promises, the stretches in which they counted or stood still, and excuses for late ones."""

from sqlalchemy import Boolean, Column, ForeignKey, String, Table, Text

from gateway.store.columns import Covered, Id, Instant, Interval
from gateway.store.schema import an_id, metadata, partial
from gateway.store.tables_keys import sealed_by

OPEN = "state IN ('running', 'paused')"
UNWARNED = "state = 'running' AND warned_at IS NULL AND fired_at IS NULL"
UNFIRED = "state = 'running' AND fired_at IS NULL"
TOLD = "state = 'running' AND told AND notified_at IS NULL"
LATE = "state = 'running' AND fired_at IS NOT NULL"

promise = Table(
    "promise",
    metadata,
    an_id(),
    Column("ticket_id", Id, ForeignKey("ticket.id"), index=True),  # none: an emergency's review
    Column("emergency_id", Id),
    Column("kind", String(32), nullable=False),
    Column("owner", String(64), nullable=False),
    Column("agent_id", Id),
    Column("state", String(16), nullable=False),
    Column("told", Boolean, nullable=False),
    Column("text", Covered),  # a person's own words
    Column("sealed", Text, info=sealed_by("id")),  # the originals of what is covered, as JSON
    Column("because", Covered, nullable=False),
    Column("rule", String(64)),  # the setting it comes from
    Column("version", String(16)),  # of the rules it was last reckoned by
    Column("needs", String(64)),  # what it is about within the ticket: task:7
    Column("instead_of", Id),  # the promise that this one took the place of
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("since_at", Instant),  # the beginning of the stretch that counts now; none while it is paused
    Column("span", Interval),  # none: due at a fixed time, whatever happens
    Column("counts", String(10), nullable=False, server_default="calendar"),
    Column("used", Interval, nullable=False, server_default="0"),  # counted before ``since_at``
    Column("due_at", Instant, nullable=False),
    Column("warn_at", Instant),
    Column("paused_at", Instant),
    Column("paused_because", Covered),
    Column("warned_at", Instant),
    Column("fired_at", Instant),
    Column("escalated_at", Instant),
    Column("notified_at", Instant),  # when the customer was told that it will take longer
    Column("settled_at", Instant),
    Column("settled_because", Covered),
    partial("ix_promise_warn", "warn_at", where=UNWARNED),
    partial("ix_promise_due", "due_at", where=UNFIRED),
    partial("ix_promise_told", "due_at", where=TOLD),
    partial("ix_promise_late", "due_at", where=LATE),
)

promise_segment = Table(
    "promise_segment",
    metadata,
    an_id(),
    Column("promise_id", Id, ForeignKey("promise.id"), nullable=False, index=True),
    Column("from_at", Instant, nullable=False),
    Column("until_at", Instant, nullable=False),
    Column("kind", String(10), nullable=False),  # counting, paused
    Column("because", Covered, nullable=False),
)

explanation = Table(
    "explanation",
    metadata,
    an_id(),
    Column("ticket_id", Id, ForeignKey("ticket.id"), nullable=False, index=True),
    Column("promise_id", Id),
    Column("agent_id", Id, nullable=False),
    Column("department", String(64), nullable=False),
    Column("cause", String(64), nullable=False),
    Column("plan", Covered, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)
