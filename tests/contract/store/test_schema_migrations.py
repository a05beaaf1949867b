"""The schema that migrations make is the one that the tables describe."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from gateway.store.database import Tx, open_database
from gateway.store.migrate import current_revision, migrate, revisions
from gateway.store.tables import metadata


async def test_a_migrated_database_has_every_table_column_and_index_and_no_other(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/new.db")
    migrate(database)

    def differences(tx: Tx) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(tx), metadata))

    def partial(tx: Tx) -> set[str]:
        rows = tx.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '%WHERE%'"
        )
        return {row[0] for row in rows}

    assert await database.read(differences) == []
    wanted = {
        index.name
        for table in metadata.tables.values()
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    }
    assert wanted
    assert await database.read(partial) == wanted
    assert await database.read(current_revision) == revisions()[-1]
    await database.close()
