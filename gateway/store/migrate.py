"""Bring the schema up to date: at start and by ``gateway migrate``; all or nothing."""

from pathlib import Path

from sqlalchemy import inspect

from gateway.errors import OutsideFailure
from gateway.store.database import Database, Tx
from gateway.store.keys import prepare

SEALED_SINCE = "0003"
FOLDER = Path(__file__).parent / "migrations"


class NewerSchema(OutsideFailure):
    """The database was written by a newer gateway than this one."""


def migrate(database: Database) -> None:
    """Run every migration not yet run, in one transaction.

    Raises:
        NewerSchema: the database is from a later release; nothing was changed.
        ConfigError: a root key that data keys are wrapped by is missing.
    """
    sealed: list[bool] = []
    database.migrate(lambda tx: sealed.append(_upgrade(tx)))
    if database.dialect == "sqlite" and any(sealed):
        database.migrate(_leave_nothing)


def revisions() -> list[str]:
    """Return all revisions in order: a migration's file name begins with its own."""
    return sorted(path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py"))


def current_revision(tx: Tx) -> str | None:
    """Return the schema the database has; None for an empty one."""
    if not inspect(tx).has_table("alembic_version"):
        return None
    row = tx.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return None if row is None else str(row[0])


def _leave_nothing(tx: Tx) -> None:
    """What rows held in clear before they were sealed lies on in free pages and the log until both are rewritten."""
    tx.exec_driver_sql("VACUUM")
    tx.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _upgrade(tx: Tx) -> bool:
    """Migrate; return whether rows of before sealing were there."""
    current, known = current_revision(tx), revisions()
    if current is not None and current not in known:
        raise NewerSchema(
            f"the database has schema {current}, which this version does not know: run a newer gateway, "
            "or restore a backup made by this one"
        )
    if current == known[-1]:
        _with_keys(tx)
        return False
    # Alembic brings half a second of imports along: only a start that has something to migrate pays for them.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = tx
    sqlite = tx.dialect.name == "sqlite"
    if sqlite:
        tx.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        command.upgrade(config, "head")
        _with_keys(tx)
    except BaseException:
        if sqlite:
            tx.exec_driver_sql("ROLLBACK")
        raise
    if sqlite:
        tx.exec_driver_sql("COMMIT")
    return current is not None and current < SEALED_SINCE


def _with_keys(tx: Tx) -> None:
    if tx.get_execution_options().get("keys") is not None:  # some tests look at the bare schema
        prepare(tx)
