"""Bring the schema up to date: at start and by ``gateway migrate``; all or nothing."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from gateway.errors import OutsideFailure
from gateway.store.database import Database, Tx

FOLDER = Path(__file__).parent / "migrations"


class NewerSchema(OutsideFailure):
    """The database was written by a newer gateway than this one."""


def migrate(database: Database) -> None:
    """Run every migration not yet run, in one transaction.

    Raises:
        NewerSchema: the database is from a later release; nothing was changed.
    """
    database.migrate(_upgrade)


def _upgrade(tx: Tx) -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = tx
    current = MigrationContext.configure(tx).get_current_revision()
    scripts = ScriptDirectory.from_config(config)
    known = {script.revision for script in scripts.walk_revisions()}
    if current is not None and current not in known:
        raise NewerSchema(
            f"the database has schema {current}, which this version does not know: run a newer gateway, "
            "or restore a backup made by this one"
        )
    if current == scripts.get_current_head():
        return
    sqlite = tx.dialect.name == "sqlite"
    if sqlite:
        tx.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        command.upgrade(config, "head")
    except BaseException:
        if sqlite:
            tx.exec_driver_sql("ROLLBACK")
        raise
    if sqlite:
        tx.exec_driver_sql("COMMIT")
