"""The part of the schema that sealing brings about: the data keys, and what says that a column is sealed."""

from typing import Any

from sqlalchemy import Column, ColumnElement, Index, String, Table, Text, literal_column

from gateway.store.columns import Id, Instant
from gateway.store.schema import metadata

CUSTOMER = "customer"
"""The purpose of the keys that belong to one contact each; every other purpose has one key of the house."""

_LIVE_HOUSE: ColumnElement[bool] = literal_column("purpose <> 'customer' AND replaced_at IS NULL")

data_key = Table(
    "data_key",
    metadata,
    Column("kid", String(16), primary_key=True),
    Column("purpose", String(32), nullable=False),
    Column("contact_id", Id, index=True),
    Column("root", String(16), nullable=False),
    Column("wrapped", Text),
    Column("created_at", Instant, nullable=False),
    Column("replaced_at", Instant),
    Column("retired_at", Instant),
    Column("destroyed_at", Instant),
    Index("ix_data_key_root", "root"),
    Index(
        "uq_data_key_house", "purpose", unique=True, sqlite_where=_LIVE_HOUSE, postgresql_where=_LIVE_HOUSE
    ),
)
"""``wrapped`` by the root key of that name; NULL once it is destroyed. A replaced key seals nothing new; a retired one
seals nothing any more. No ``contact_id``: an arrival's whose contact is not known yet, or a key of the house."""


def sealed_by(*row: str, joined: str = "|") -> dict[str, Any]:
    """Say of a column that its values are cells, and which columns of its row name their place: ``info=sealed_by("id")``.

    ``gateway keys rotate`` and ``gateway fsck`` find every sealed column by this; the place is the values of these
    columns, joined by a bar (``gateway.store.personal.place_of``).
    """
    return {"sealed": row, "joined": joined}
