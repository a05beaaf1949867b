"""``gateway agent set``, as an administrator runs it."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli import app
from gateway.settings import Settings
from gateway.store import accounts
from gateway.store.database import open_database
from gateway.store.migrate import migrate
from gateway.store.roster import read_people
from tests.building import MORNING
from tests.keyring import ring_in


@pytest.fixture
async def config(tmp_path: Path) -> Path:
    """A house with one agent, and no gateway running."""
    (tmp_path / "data").mkdir()
    file = tmp_path / "config.toml"
    file.write_text('[knowledge]\nsemantic = "off"\n', "utf-8")
    database = open_database(f"sqlite:///{tmp_path / 'data' / 'gateway.db'}", ring_in(tmp_path / "data"))
    migrate(database)
    await database.write(
        lambda tx: accounts.add_agent(tx, "a1001", "1001", "客服", "agent", "none", MORNING) and None
    )
    await database.close()
    return file


async def run(config: Path, *words: str) -> tuple[int, str]:
    """Run the command in a thread of its own: it brings its own event loop."""
    line = ["agent", "set", "1001", *words, "--config", str(config)]
    done = await asyncio.to_thread(CliRunner().invoke, app, line)
    return done.exit_code, done.output


async def test_what_is_set_is_what_routing_sees(config: Path) -> None:
    week = "09:00-12:00,13:00-18:00;09:00-18:00;;;;;"
    code, said = await run(
        config, "--skills", "refund,invoice", "--languages", "zh-CN,en", "--capacity", "3", "--hours", week
    )
    assert (code, said) == (0, "changed capacity, hours, languages, skills of 1001\n")
    assert (await run(config, "--departments", "tech", "--line", "2"))[0] == 0
    database = open_database(
        f"sqlite:///{config.parent / 'data' / 'gateway.db'}", ring_in(config.parent / "data")
    )
    policy = Settings().policy()
    (one,) = await database.read(lambda tx: read_people(tx, policy.dispatch, policy.hours, lambda _: "chat"))
    await database.close()
    assert one.skills == frozenset({"refund", "invoice"})
    assert one.languages == ("zh-CN", "en")
    assert one.capacity == {"chat": 3}
    assert (one.departments, one.line) == (frozenset({"tech"}), 2)
    assert one.hours is not None
    assert len(one.hours.weekly[0]) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "nothing to change"),
        (("--departments", "nowhere"), "There is no department nowhere"),
        (("--capacity", "many"), "is no capacity"),
        (("--hours", "9-18"), "write seven, Monday first"),
    ],
)
async def test_what_cannot_be_is_said_and_nothing_is_changed(
    config: Path, words: tuple[str, ...], said: str
) -> None:
    code, told = await run(config, *words)
    assert code == 2
    assert said in told
