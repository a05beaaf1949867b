"""Proof 5: a dump, the file, its log and memory of a database hold nothing that was planted in personal fields."""

import subprocess
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.building import MAIL, WEB, a_house
from tests.servers.postgres import Postgres, running_postgres
from tests.writing import Street

Figure = Callable[[str, object], None]


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


def of_customer(n: int) -> dict[str, str]:
    """What one customer is known by, unlike anything else."""
    return {
        "name": f"Zebrowski{n:05d}",
        "address": f"anna.z{n:05d}@cust.example",
        "phone": f"1391{n:05d}27",
    }


async def write_in(street: Street, n: int) -> None:
    who = of_customer(n)
    channel = (WEB, MAIL)[n % 2]
    await street.say(
        f"转人工，请打 {who['phone']} 或写 {who['address']}",
        who=who["address"],
        channel=channel,
        name=who["name"],
        thread=f"thread-{n}",
        subject=f"电话 {who['phone']}" if channel == MAIL else None,
    )


def planted(count: int) -> list[bytes]:
    wanted = ("name", "address", "phone")
    return [of_customer(n)[one].encode() for n in range(count) for one in wanted]


def found(files: list[bytes], values: list[bytes]) -> list[bytes]:
    whole = b"\x00".join(files)
    return [value for value in (*values, *in_base64(b"Zebrowski")) if value in whole]


def in_base64(word: bytes) -> list[bytes]:
    """The letters that a word always gives, at each of the three places where it may begin."""
    return [
        b64encode(bytes(before) + word)[-(-before * 8 // 6) : (before + len(word)) * 8 // 6]
        for before in range(3)
    ]


def files_in(folder: Path) -> list[bytes]:
    """The database's file with its log and shared memory, and everything else that was written beside it."""
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


async def test_sqlite_files_hold_nothing_in_clear(
    tmp_path: Path, scale: Callable[[int, int], int], figure: Figure, capfd: pytest.CaptureFixture[str]
) -> None:
    count = scale(20, 1700)
    async with a_house(tmp_path) as house:
        street = Street(house=house)
        for n in range(count):
            await write_in(street, n)
        open_files = files_in(tmp_path)
    said = capfd.readouterr()
    files = [*open_files, *files_in(tmp_path), said.out.encode(), said.err.encode()]
    assert found(files, planted(count)) == []
    figure("values planted and found in clear, SQLite", [len(planted(count)), 0])


async def test_a_postgresql_dump_holds_nothing_in_clear(
    tmp_path: Path, postgres: Postgres, scale: Callable[[int, int], int], figure: Figure
) -> None:
    count, url = scale(20, 1700), postgres.create()
    async with a_house(tmp_path, url) as house:
        street = Street(house=house)
        for n in range(count):
            await write_in(street, n)
    dump = dumped(postgres, url)
    assert b"COPY public.contact_identity" in dump
    assert found([dump], planted(count)) == []
    figure("values planted and found in clear, pg_dump", [len(planted(count)), 0])


def dumped(postgres: Postgres, url: str) -> bytes:
    login = ["--host=127.0.0.1", f"--port={postgres.port}", "--username=gateway"]
    command = [str(postgres.programs / "pg_dump"), *login, url.rpartition("/")[2]]
    return subprocess.run(command, check=True, capture_output=True, timeout=120).stdout


@pytest.mark.parametrize("before", range(3))
def test_a_value_in_base64_would_be_found_wherever_it_begins(before: int) -> None:
    assert found([b64encode(b"," * before + b"Zebrowski00001")], []) != []
