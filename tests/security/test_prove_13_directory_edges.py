"""Proof 13, the edges: who the records' service must be, and what a database may be made to do."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.outgoing import Egress, Outgoing
from gateway.clock import FakeClock, SystemClock
from gateway.directory.contract import Directory
from gateway.directory.opening import open_directory
from gateway.domain.records import Claims, Match, NoMatch, Unavailable
from gateway.metrics import Metrics
from gateway.settings.directory import DirectoryChoice, HttpEndpoint, SqlQuery
from tests.security.certificates import certificate_for
from tests.servers.postgres import Postgres, running_postgres

ORDER = "CG2026112001"
RIGHT = Claims(phone_tail="5678")
FIELDS = {"order": "no", "phone": "phone"}


# --- TLS ---


@asynccontextmanager
async def service(tls: ssl.SSLContext) -> AsyncIterator[int]:
    """A service that says yes to everything, behind TLS; yields its port."""

    async def yes(request: web.Request) -> web.Response:
        return web.json_response({"match": True, "order": ORDER, "customer": "K1"})

    app = web.Application()
    app.router.add_post("/", yes)
    server = TestServer(app, scheme="https")
    await server.start_server(ssl=tls)
    try:
        assert server.port is not None
        yield server.port
    finally:
        await server.close()


async def asked(http: HttpEndpoint) -> object:
    async def here(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    outgoing = Outgoing(Egress(private_hosts=frozenset({"crm.lan"})), resolve=here)
    choice = DirectoryChoice(kind="http", http=http, fields=FIELDS)
    try:
        return await open_directory(choice, FakeClock(), Metrics(), outgoing).verify(ORDER, RIGHT)
    finally:
        await outgoing.close()


def endpoint(port: int, **more: Path) -> HttpEndpoint:
    return HttpEndpoint(url=f"https://crm.lan:{port}/", secret=SecretStr("x" * 32), **more)


def folder(parent: Path, name: str) -> Path:
    made = parent / name
    made.mkdir()
    return made


def authority(of: Path) -> Path:
    """Return the certificate in a folder that ``certificate_for`` filled, as others are given it."""
    both = (of / "both.pem").read_text()
    (of / "ca.pem").write_text(both[both.index("-----BEGIN CERTIFICATE") :])
    return of / "ca.pem"


async def test_only_a_service_whose_certificate_is_trusted_is_believed(tmp_path: Path) -> None:
    own, other, named = folder(tmp_path, "own"), folder(tmp_path, "other"), folder(tmp_path, "named")
    server, _ = certificate_for("crm.lan", own)
    certificate_for("crm.lan", other)
    wrong_name, _ = certificate_for("elsewhere.lan", named)
    async with service(server) as port:
        assert isinstance(await asked(endpoint(port, ca=authority(own))), Match)
        assert isinstance(await asked(endpoint(port)), Unavailable), "no public authority knows it"
        assert isinstance(await asked(endpoint(port, ca=authority(other))), Unavailable)
    async with service(wrong_name) as port:
        assert isinstance(await asked(endpoint(port, ca=authority(named))), Unavailable)


async def test_old_tls_is_not_spoken(tmp_path: Path) -> None:
    server, _ = certificate_for("crm.lan", tmp_path)
    server.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLS"):
        server.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLS"):
        server.maximum_version = ssl.TLSVersion.TLSv1_1
    async with service(server) as port:
        assert isinstance(await asked(endpoint(port, ca=authority(tmp_path))), Unavailable)


async def test_a_service_that_wants_our_certificate_gets_it(tmp_path: Path) -> None:
    theirs, ours = folder(tmp_path, "theirs"), folder(tmp_path, "ours")
    server, _ = certificate_for("crm.lan", theirs)
    certificate_for("gateway.lan", ours)
    server.verify_mode = ssl.CERT_REQUIRED
    server.load_verify_locations(authority(ours))
    both = ours / "both.pem"
    async with service(server) as port:
        assert isinstance(await asked(endpoint(port, ca=authority(theirs))), Unavailable)
        assert isinstance(
            await asked(endpoint(port, ca=authority(theirs), certificate=both, key=both)), Match
        )


# --- databases ---


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture
async def url(postgres: Postgres) -> AsyncIterator[str]:
    address = postgres.create()
    engine = create_async_engine(address.replace("postgresql:", "postgresql+asyncpg:"))
    async with engine.begin() as db:
        await db.execute(text("CREATE TABLE orders (no TEXT, phone TEXT)"))
        await db.execute(text("INSERT INTO orders VALUES ('CG2026112001', '13800135678')"))
        await db.execute(text("CREATE TABLE log (n INT)"))
        sleeps = "CREATE FUNCTION slow() RETURNS INT LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(30); RETURN 1; END'"
        writes = (
            "CREATE FUNCTION sly() RETURNS INT LANGUAGE plpgsql AS 'BEGIN DELETE FROM orders; RETURN 1; END'"
        )
        await db.execute(text(sleeps))
        await db.execute(text(writes))
    yield address
    await engine.dispose()


def over_sql(url: str, query: str) -> Directory:
    sql = SqlQuery(url=SecretStr(url), query=query)
    choice = DirectoryChoice.model_validate({"kind": "sql", "sql": sql, "fields": FIELDS, "cache": "1s"})
    return open_directory(choice, SystemClock(), Metrics(), Outgoing())


async def test_a_query_that_hangs_is_ended_in_two_seconds(url: str) -> None:
    directory = over_sql(url, "SELECT no, phone, slow() FROM orders WHERE no = :order_no")
    began = perf_counter()
    said = await directory.verify(ORDER, RIGHT)
    assert isinstance(said, Unavailable)
    assert 1.5 < perf_counter() - began < 4
    await directory.close()


async def test_sqlite_is_not_made_to_count_for_ever_either(tmp_path: Path) -> None:
    (tmp_path / "shop.db").touch()
    endless = (
        "SELECT :order_no AS no, count(*) AS phone FROM"
        " (WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n)"
    )
    began = perf_counter()
    assert isinstance(
        await over_sql(f"sqlite:///{tmp_path / 'shop.db'}", endless).verify(ORDER, RIGHT), Unavailable
    )
    assert perf_counter() - began < 4


async def test_a_function_that_writes_is_refused_by_the_session_itself(url: str) -> None:
    sly = over_sql(url, "SELECT no, phone, sly() FROM orders WHERE no = :order_no")
    assert isinstance(await sly.verify(ORDER, RIGHT), Unavailable)
    plain = over_sql(url, "SELECT no, phone FROM orders WHERE no = :order_no")
    assert isinstance(await plain.verify(ORDER, RIGHT), Match)
    for directory in (sly, plain):
        await directory.close()


async def test_a_storm_of_questions_takes_five_connections_and_no_more(url: str) -> None:
    directory = over_sql(url, "SELECT no, phone FROM orders WHERE no = :order_no")
    storm = [directory.verify(f"CG20261120{n:02}", RIGHT) for n in range(100)]
    said = await asyncio.gather(*storm)
    assert {type(one) for one in said} == {Match, NoMatch}
    engine = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:"))
    async with engine.connect() as db:
        query = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'intake-gateway'"
        assert (await db.execute(text(query))).scalar_one() <= 5
    await engine.dispose()
    await directory.close()
