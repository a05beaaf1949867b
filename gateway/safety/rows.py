"""What a backup counts and names: rows of each table, the schema, the files that rows speak of."""

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, inspect, select, union

from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.migrate import FOLDER


def count_rows(tx: Tx) -> dict[str, int]:
    """Return how many rows each of our tables has; a table of a later schema than the database's is left out."""
    there = set(inspect(tx).get_table_names())
    return {
        table.name: tx.execute(select(func.count()).select_from(table)).scalar_one()
        for table in t.metadata.sorted_tables
        if table.name in there
    }


def blobs_named(tx: Tx) -> tuple[str, ...]:
    """Return the hash of every file that a row speaks of, in order."""
    named = union(
        select(t.attachment.c.blob), select(t.inbox.c.raw_blob).where(t.inbox.c.raw_blob.is_not(None))
    ).subquery()
    return tuple(tx.execute(select(named.c[0]).order_by(named.c[0])).scalars())


def schema_of(tx: Tx) -> str | None:
    """Return the database's schema revision; None for an empty one."""
    return MigrationContext.configure(tx).get_current_revision()


def known_schemas() -> tuple[str, ...]:
    """Return the schema revisions this version knows, newest first."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return tuple(script.revision for script in ScriptDirectory.from_config(config).walk_revisions())


def integrity(tx: Tx) -> tuple[str, ...]:
    """Return what SQLite finds wrong with its own file; nothing if all is well."""
    found = [str(row[0]) for row in tx.exec_driver_sql("PRAGMA integrity_check(100)")]
    return () if found == ["ok"] else tuple(found)
