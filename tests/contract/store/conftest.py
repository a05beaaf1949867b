"""One house on each database: the same tests run on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from gateway.house import House
from gateway.store import tables as t
from gateway.store.database import Tx
from tests.building import a_house
from tests.servers.postgres import Postgres, running_postgres
from tests.writing import Street


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres: Postgres) -> str:
    """One database for all tests of the run: emptied before each, since making one takes its time."""
    return postgres.create()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'gateway.db'}"
    found: str = request.getfixturevalue("postgres_url")
    return found


@pytest.fixture
async def house(url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path, url) as opened:
        if opened.database.dialect == "postgresql":
            await opened.database.write(_empty)
        yield opened


@pytest.fixture
def street(house: House) -> Street:
    return Street(house=house)


def _empty(tx: Tx) -> None:
    names = ", ".join(f'"{name}"' for name in t.metadata.tables if name != "data_key")
    tx.execute(text("SET LOCAL session_replication_role = replica"))  # the audit lets nobody empty it
    tx.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    tx.execute(text("DELETE FROM data_key WHERE contact_id IS NOT NULL"))
