"""What every table of the schema is made with: one metadata, one kind of id, indexes of few rows."""

from typing import Any

from sqlalchemy import Column, ColumnElement, Index, MetaData, literal_column

from gateway.store.columns import Id

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def an_id() -> Column[int]:
    """Return a column ``id`` that the database counts up."""
    return Column("id", Id, primary_key=True, autoincrement=True)


def partial(name: str, *columns: str, where: str) -> Index:
    """Return an index of the few rows that are looked for: every index costs each message a page more to write."""
    condition: ColumnElement[Any] = literal_column(where)
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition)
