"""Proof 13: whatever goes wrong with the customer records, nobody is verified by it."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.outgoing import Egress, Outgoing
from gateway.clock import FakeClock
from gateway.directory import records
from gateway.directory.contract import Directory
from gateway.directory.opening import open_directory
from gateway.domain.records import Claims, Found, Match, NoMatch, NotFound, Unavailable
from gateway.metrics import Metrics
from gateway.settings.directory import CsvFile, DirectoryChoice, HttpEndpoint, SqlQuery
from tests.security.conftest import Figure
from tests.servers import crm as faults
from tests.servers.crm import Crm, Fault, running_crm

RIGHT = Claims(phone_tail="5678", name="王小明")
ORDER = "CG2026112001"
RECORD = {"order": ORDER, "customer": "K1", "name": "王小明", "phone": "13800135678"}
FIELDS = {"order": "order", "customer": "customer", "name": "name", "phone": "phone"}
SECRET = "a secret between us and the shop"
WRONG_BODIES = (
    b"",
    b"true",
    b"null",
    b"[]",
    b"match",
    b'{"match": true, "order": "CG20',
    b'{"match": "true", "order": "CG2026112001"}',
    b'{"match": 1, "order": "CG2026112001"}',
    b'{"match": true}',
    b'{"match": true, "order": "CG2026112002"}',
    b'{"match": true, "order": ["CG2026112001"]}',
    b'{"match": true, "order": "CG2026112001", "debug": "yes"}',
    b'{"found": true}',
    b'{"found": true, "record": {"order": "CG2026112001"}}',
    b'{"found": true, "record": {"order": "CG2026112002", "customer": "K2", "name": "x", "phone": "13800135678"}}',
    b'{"found": true, "record": {"order": "CG2026112001", "customer": "K1", "name": ["x"], "phone": {}}}',
    b'{"match": true, "order": "CG2026112001"}' + b" " * 70_000,
    b'{"found": false, "match": true, "order": "CG2026112001"}',
    b'\xff\xfe{"match": true}',
    b'{"match": NaN}',
)  # fmt: skip
WRONGS: tuple[tuple[str, Fault], ...] = (
    *((f"status {code}", faults.status(code)) for code in (201, 204, 301, 400, 401, 404, 429, 500, 502, 503)),
    *((f"body {body[:40]!r}", faults.body(body)) for body in WRONG_BODIES),
    ("silence", faults.silence),
    ("closed", faults.hang_up),
    ("half an answer", faults.half),
    ("redirect", faults.elsewhere),
)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two seconds are the rule; here a tenth shows the same."""
    monkeypatch.setattr(records, "DEADLINE", timedelta(seconds=0.3))


@pytest.fixture
async def crm() -> AsyncIterator[Crm]:
    async with running_crm([RECORD | {"tel": RECORD["phone"], "to": RECORD["name"], "mail": "", "cust": "K1"}], order="order", secret=SECRET) as it:  # fmt: skip
        yield it


@pytest.fixture
async def outgoing() -> AsyncIterator[Outgoing]:
    client = Outgoing(Egress(private_hosts=frozenset({"127.0.0.1"})))
    yield client
    await client.close()


def over_http(
    url: str, outgoing: Outgoing, *, compares: bool = True, clock: FakeClock | None = None
) -> Directory:
    http = HttpEndpoint(url=url, secret=SecretStr(SECRET), compares=compares)
    choice = DirectoryChoice(kind="http", http=http, fields=FIELDS)
    return open_directory(choice, clock or FakeClock(), Metrics(), outgoing)


@pytest.mark.parametrize("compares", [True, False], ids=["compares", "is read"])
async def test_no_fault_of_the_service_verifies_anybody(
    crm: Crm, outgoing: Outgoing, figure: Figure, compares: bool
) -> None:
    sound = over_http(crm.url, outgoing)
    assert isinstance(await sound.verify(ORDER, RIGHT), Match), "the service must work when nothing is wrong"
    told = []
    for name, fault in WRONGS:
        crm.fault = fault
        directory = over_http(crm.url, outgoing, compares=compares)  # a fresh one, which does not rest
        said = await directory.verify(ORDER, RIGHT)
        assert isinstance(said, Unavailable), (name, said)
        told.append(said.because)
    figure(f"faults, service {'compares' if compares else 'is read'}", len(told))
    assert not any("5678" in because or "王" in because for because in told)


async def test_a_service_that_is_not_there_or_that_nobody_may_ask_verifies_nobody(outgoing: Outgoing) -> None:
    for url in (
        "http://127.0.0.1:9/x",
        "https://10.0.0.1/x",
        "https://no-such-host.invalid/x",
        "http://169.254.169.254/x",
    ):
        said = await over_http(url, outgoing).verify(ORDER, RIGHT)
        assert isinstance(said, Unavailable), url


@pytest.mark.parametrize("compares", [True, False], ids=["compares", "is read"])
async def test_after_five_faults_the_service_is_left_alone_for_half_a_minute(
    crm: Crm, outgoing: Outgoing, compares: bool
) -> None:
    clock = FakeClock()
    directory = over_http(crm.url, outgoing, compares=compares, clock=clock)
    crm.fault = faults.status(500)
    for _ in range(8):
        assert isinstance(await directory.verify(ORDER, RIGHT), Unavailable)
    assert len(crm.asked) == 5
    crm.fault = None
    await clock.advance(timedelta(seconds=29))
    assert isinstance(await directory.verify(ORDER, RIGHT), Unavailable)
    await clock.advance(timedelta(seconds=2))
    assert isinstance(await directory.verify(ORDER, RIGHT), Match)


async def test_the_service_is_asked_for_what_it_signed_and_never_in_the_address(
    crm: Crm, outgoing: Outgoing
) -> None:
    await over_http(crm.url, outgoing).verify(ORDER, RIGHT)
    assert crm.unsigned == 0
    assert crm.asked == [
        {"ask": "verify", "order": ORDER, "claims": {"phone_tail": "5678", "name": "王小明"}}
    ]


def a_database(folder: Path, rows: int = 1) -> Path:
    file = folder / "shop.db"
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE orders (no TEXT, name TEXT, phone TEXT)")
        db.executemany("INSERT INTO orders VALUES (?, ?, ?)", [(ORDER, "王小明", "13800135678")] * rows)
    db.close()
    return file


def over_sql(url: str, query: str) -> Directory:
    fields = {"order": "no", "name": "name", "phone": "phone"}
    sql = SqlQuery(url=SecretStr(url), query=query)
    choice = DirectoryChoice(kind="sql", sql=sql, fields=fields)
    return open_directory(choice, FakeClock(), Metrics(), Outgoing())


GOOD = "SELECT no, name, phone FROM orders WHERE no = :order_no"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT no, name, phone FROM nothing WHERE no = :order_no",
        "SELECT no, name FROM orders WHERE no = :order_no",
        "SELECT 'CG2026119999' AS no, name, phone FROM orders WHERE :order_no = :order_no",
        "SELECT no, zeroblob(9) AS name, phone FROM orders WHERE no = :order_no",
        "SELECT no, name, phone FROM orders, (SELECT 1 UNION SELECT 2) WHERE no = :order_no",
        "SELECT no, name, phone FROM orders WHERE no = nosuchfunction(:order_no)",
    ],
)
async def test_no_fault_of_a_query_verifies_anybody(tmp_path: Path, query: str) -> None:
    url = f"sqlite:///{a_database(tmp_path)}"
    assert isinstance(await over_sql(url, GOOD).verify(ORDER, RIGHT), Match)
    assert isinstance(await over_sql(url, query).verify(ORDER, RIGHT), Unavailable)


async def test_a_database_that_is_gone_damaged_or_elsewhere_verifies_nobody(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    urls = [
        f"sqlite:///{tmp_path / 'gone.db'}",
        f"sqlite:///{damaged}",
        f"sqlite:///{tmp_path}",
        "postgresql://x:y@127.0.0.1:9/z",
    ]
    for url in urls:
        said = await over_sql(url, GOOD).verify(ORDER, RIGHT)
        assert isinstance(said, Unavailable), url
        assert "5678" not in said.because
    assert not (tmp_path / "gone.db").exists()


async def test_the_shop_s_database_is_never_written_to(tmp_path: Path) -> None:
    file = a_database(tmp_path)
    before = file.read_bytes()
    directory = over_sql(f"sqlite:///{file}", GOOD)
    for order in (ORDER, "CG2026112001'; DELETE FROM orders; --", "x" * 20):
        await directory.find(order)
    assert file.read_bytes() == before


HEAD = "order,name,phone"
ROW = f"{ORDER},王小明,13800135678"
BAD_FILES: tuple[tuple[str, bytes], ...] = (
    ("empty", b""),
    ("only a header", HEAD.encode()),
    ("a column is missing", b"order,name\nCG2026112001,x"),
    ("a column twice", b"order,name,phone,phone\nCG2026112001,x,1,2"),
    ("a short line", f"{HEAD}\n{ROW}\nCG2026112002,x".encode()),
    ("a long line", f"{HEAD}\n{ROW},x".encode()),
    ("an order twice", f"{HEAD}\n{ROW}\n{ROW}".encode()),
    ("an order twice, written otherwise", f"{HEAD}\n{ROW}\ncg-2026-112001,李,13800000000".encode()),
    ("no order number", f"{HEAD}\n{ROW}\n,李,13800000000".encode()),
    ("no text", f"{HEAD}\n{ROW}\0".encode()),
    ("another encoding", b"\xff\xfeo\x00r\x00"),
    ("a quote left open", f'{HEAD}\n{ORDER},"王小明,13800135678'.encode()),
    ("something else", b"<html><body>Service unavailable</body></html>"),
)


def over_csv(file: Path, clock: FakeClock | None = None) -> Directory:
    fields = {"order": "order", "name": "name", "phone": "phone"}
    choice = DirectoryChoice(kind="csv", csv=CsvFile(file=file), fields=fields)
    return open_directory(choice, clock or FakeClock(), Metrics(), Outgoing())


@pytest.mark.parametrize(("name", "content"), BAD_FILES, ids=[name for name, _ in BAD_FILES])
async def test_no_fault_of_a_file_verifies_anybody(tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / "orders.csv"
    file.write_bytes(content)
    said = await over_csv(file).verify(ORDER, RIGHT)
    assert isinstance(said, Unavailable)
    assert not any(word in said.because for word in ("5678", "王", "李"))


async def test_a_file_that_is_not_there_or_is_a_folder_verifies_nobody(tmp_path: Path) -> None:
    for file in (tmp_path / "gone.csv", tmp_path):
        assert isinstance(await over_csv(file).verify(ORDER, RIGHT), Unavailable)


async def test_the_last_good_version_serves_on_and_not_for_ever(tmp_path: Path) -> None:
    file, clock = tmp_path / "orders.csv", FakeClock()
    file.write_text("\n".join([HEAD, ROW, *(f"CG20261130{n:02},x,1380000{n:04}" for n in range(9))]))
    directory = over_csv(file, clock)
    assert isinstance(await directory.find(ORDER), Found)
    file.write_text(f"{HEAD}\nCG2026112009,x,13800000000")  # far fewer orders than before
    await looked_at(directory)
    assert isinstance(await directory.find(ORDER), Found)
    assert isinstance(await directory.find("CG2026112009"), NotFound)
    await clock.advance(timedelta(hours=25))
    assert isinstance(await directory.find(ORDER), Unavailable)
    file.write_text("\n".join([HEAD, *(f"CG20261130{n:02},x,1380000{n:04}" for n in range(9))]))
    await looked_at(directory)
    assert isinstance(await directory.find(ORDER), NotFound)
    assert isinstance(await directory.verify("CG2026113003", Claims(phone_tail="0003")), Match)


async def looked_at(directory: Directory) -> None:
    """Let the directory look at its file once."""
    assert isinstance(directory, records.Records)
    await directory.source.refresh()  # type: ignore[attr-defined] # a file's


async def test_an_order_that_cannot_be_one_asks_nobody(crm: Crm, outgoing: Outgoing) -> None:
    directory = over_http(crm.url, outgoing)
    for order in ("", "CG", "%" * 10, "订单号", "x" * 33, "' OR 1=1 --"):
        assert await directory.verify(order, RIGHT) == NoMatch()
    assert crm.asked == []
