"""The part of the schema about letting go of data: what is held, who was erased, which files are to be removed."""

from sqlalchemy import Column, Index, String, Table, Text

from gateway.store.columns import Id, Instant, Json
from gateway.store.schema import an_id, metadata, partial

hold = Table(
    "hold",
    metadata,
    an_id(),
    Column("kind", String(8), nullable=False),
    Column("row_id", Id, nullable=False),
    Column("because", Text, nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("lifted_at", Instant),
    Column("lifted_by", String(64)),
    partial("ix_hold_standing", "kind", "row_id", where="lifted_at IS NULL"),
)
"""A legal hold on a ``contact`` or a ``ticket``: nothing of it is let go while it stands."""

erasure = Table(
    "erasure",
    metadata,
    an_id(),
    Column("contact_id", Id, nullable=False, index=True),
    Column("number", String(20), nullable=False),
    Column("state", String(10), nullable=False),
    Column("by", String(64), nullable=False),
    Column("approved_by", String(64)),
    Column("ticket_id", Id),
    Column("upto", Instant, nullable=False),
    Column("counts", Json),
    Column("done_at", Instant),
    partial("ix_erasure_running", "state", where="state = 'running'"),
)
"""Somebody's data up to an instant are being erased (``running``) or are gone (``done``): a tombstone, kept for good."""

doomed_blob = Table(
    "doomed_blob",
    metadata,
    Column("blob", String(64), primary_key=True),
    Column("at", Instant, nullable=False),
    Index("ix_doomed_blob_at", "at"),
)
"""Files that rows have let go of: removed from the disk unless another row names them, whatever crashed in between."""
