"""What SQLite writes of people is its owner's alone to read, whatever the umask says."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.store.database import SqliteDatabase
from gateway.store.migrate import migrate


@pytest.fixture
def generous() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes_in(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.glob("gateway.db*")}


@pytest.mark.usefixtures("generous")
async def test_the_database_its_log_and_its_shared_memory_are_made_for_their_owner_only(
    tmp_path: Path,
) -> None:
    database = SqliteDatabase(tmp_path / "gateway.db")
    migrate(database)
    modes = modes_in(tmp_path)
    await database.close()
    assert modes == dict.fromkeys(
        ("gateway.db", "gateway.db-wal", "gateway.db-shm", "gateway.db.lock"), 0o600
    )
