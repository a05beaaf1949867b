"""The same orders in every kind of records: a file, two databases, a service that is read and one that compares."""

import csv
import io
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.outgoing import Egress, Outgoing
from gateway.clock import FakeClock
from gateway.directory.contract import Directory
from gateway.directory.opening import open_directory
from gateway.metrics import Metrics
from gateway.settings.directory import CsvFile, DirectoryChoice, HttpEndpoint, SqlQuery
from tests.servers.crm import Crm, running_crm
from tests.servers.postgres import Postgres, running_postgres

COLUMNS = (
    "no",
    "cust",
    "state",
    "day",
    "courier",
    "goods",
    "secret",
    "sum",
    "to",
    "tel",
    "addr",
    "mail",
    "hidden",
)
FIELDS = {
    "order": "no",
    "customer": "cust",
    "status": "state",
    "date": "day",
    "carrier": "courier",
    "items": "goods",
    "private": "secret",
    "amount": "sum",
    "name": "to",
    "phone": "tel",
    "address": "addr",
    "email": "mail",
}
ROWS = (
    ("CG2026112001", "K1", "已发货", "2026-11-20", "晨光快递", "围巾", "", "128.00", "王小明", "13800135678", "上海市某路1号", "Wang@Example.com", "x"),
    ("CG2026112002", "K1", "已付款", "2026-11-21", "", "杯子", "0", "96.00", "王小明", "+86 138-0013-5678", "上海市某路1号", "wang@example.com", "x"),
    ("CG2026112003", "K2", "shipped", "2026-11-19", "A, \"B\" & C", "x", "1", "9", "Anne-Marie O'Neill", "+44 7700 900123", "22 Some Street\nFlat 2", "a.b+c@example.co.uk", "x"),
    ("CG-2026-112004", "", "delivered", "", "", "", "", "", "阿依古丽·买买提", "138****4321", "", "", "x"),
    ("cg2026112005", "K5", "x", "", "", "", "", "", "张*", "", "", "not an address", "x"),
    ("ＣＧ2026112006", "K6", "y", "", "", "", "", "", "张 伟", "０２１－６２３４５６７８", "", "", "x"),
)  # fmt: skip
QUERY = "SELECT * FROM orders WHERE replace(upper(no), '-', '') = :order_no OR no = 'ＣＧ2026112006' AND :order_no = 'CG2026112006';"
NEAR = Egress(private_hosts=frozenset({"127.0.0.1"}))
SECRET = "a secret between us and the shop"
KINDS = ("csv", "sqlite", "postgresql", "http that is read", "http that compares")


@dataclass(slots=True)
class Shop:
    """A directory and what lies behind it."""

    directory: Directory
    clock: FakeClock
    metrics: Metrics
    outgoing: Outgoing
    crm: Crm | None = None
    file: Path | None = None
    choice: DirectoryChoice = field(default_factory=DirectoryChoice)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def filled_postgres(postgres: Postgres) -> str:
    return postgres.create()


def as_csv(rows: tuple[tuple[str, ...], ...] = ROWS, header: tuple[str, ...] = COLUMNS) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows((header, *rows))
    return out.getvalue()


def records() -> list[dict[str, str]]:
    return [dict(zip(COLUMNS, row, strict=True)) for row in ROWS]


CREATE = "CREATE TABLE orders (" + ", ".join(f'"{name}" TEXT' for name in COLUMNS) + ")"
INSERT = "INSERT INTO orders VALUES (" + ", ".join(f":{name}" for name in COLUMNS) + ")"


async def fill_postgres(url: str) -> None:
    engine = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:"))
    async with engine.begin() as connection:
        await connection.execute(text("DROP TABLE IF EXISTS orders"))
        await connection.execute(text(CREATE))
        await connection.execute(text(INSERT), records())
    await engine.dispose()


def fill_sqlite(file: Path) -> None:
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(text(CREATE))
        connection.execute(text(INSERT), records())
    engine.dispose()


@pytest.fixture
async def crm() -> AsyncIterator[Crm]:
    async with running_crm(records(), order="no", secret=SECRET) as server:
        yield server


def opened(choice: DirectoryChoice) -> Shop:
    clock, metrics, outgoing = FakeClock(), Metrics(), Outgoing(NEAR)
    directory = open_directory(choice, clock, metrics, outgoing)
    return Shop(directory, clock, metrics, outgoing, choice=choice)


def choose(**kind: object) -> DirectoryChoice:
    words = json.loads(json.dumps({"fields": FIELDS}))
    return DirectoryChoice.model_validate({**words, **kind})


@pytest.fixture(params=KINDS)
async def shop(request: pytest.FixtureRequest, tmp_path: Path, crm: Crm) -> AsyncIterator[Shop]:
    file = tmp_path / "orders.csv"
    if request.param == "csv":
        file.write_text(as_csv(), "utf-8", newline="")
        choice = choose(kind="csv", csv=CsvFile(file=file))
    elif request.param == "sqlite":
        fill_sqlite(tmp_path / "shop.db")
        url = SecretStr(f"sqlite:///{tmp_path / 'shop.db'}")
        choice = choose(kind="sql", sql=SqlQuery(url=url, query=QUERY))
    elif request.param == "postgresql":
        url = SecretStr(request.getfixturevalue("filled_postgres"))
        await fill_postgres(url.get_secret_value())
        choice = choose(kind="sql", sql=SqlQuery(url=url, query=QUERY))
    else:
        compares = request.param == "http that compares"
        choice = choose(
            kind="http", http=HttpEndpoint(url=crm.url, secret=SecretStr(SECRET), compares=compares)
        )
    made = opened(choice)
    made.crm, made.file = crm, file
    yield made
    await made.directory.close()
    await made.outgoing.close()
