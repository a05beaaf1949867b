"""``gateway simulate`` on a real database, as an operator runs it."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from typer.testing import CliRunner

from gateway.cli import app
from gateway.clock import SystemClock
from gateway.store import accounts
from gateway.store import tables as t
from gateway.store.database import Tx, open_database
from gateway.store.migrate import migrate
from tests.keyring import ring_in

NOW = SystemClock().now()
CONFIG = '[knowledge]\nfolder = "entries"\nsemantic = "off"\n[hours]\nholidays = ""\n' + "\n".join(
    f'{day} = ["00:00-24:00"]'
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
)
WEB = '\n[channels.web]\nkind = "webchat"\n'


@pytest.fixture
async def config(tmp_path: Path) -> Path:
    """A configuration with an empty database beside it."""
    (tmp_path / "entries").mkdir()
    (tmp_path / "data").mkdir()
    file = tmp_path / "config.toml"
    file.write_text(CONFIG + WEB, "utf-8")
    database = open_database(f"sqlite:///{tmp_path / 'data' / 'gateway.db'}", ring_in(tmp_path / "data"))
    migrate(database)
    await database.close()
    return file


async def fill(config: Path, tickets: int) -> None:
    """Two agents, and tickets ten minutes long that all came in the same hour, two days ago."""
    database = open_database(
        f"sqlite:///{config.parent / 'data' / 'gateway.db'}", ring_in(config.parent / "data")
    )
    came = (NOW - timedelta(days=2)).replace(minute=0, second=0, microsecond=0)

    def unit(tx: Tx) -> None:
        for number in ("1001", "1002"):
            accounts.add_agent(tx, f"a{number}", number, "客服", "agent", "none", came)
        tx.execute(insert(t.contact).values(id=1, number="C1", created_at=came))
        tx.execute(insert(t.thread).values(id=1, channel="web", key="k", contact_id=1, created_at=came))
        for n in range(tickets):
            at = came + timedelta(minutes=n)
            talk = {"id": n + 1, "thread_id": 1, "contact_id": 1, "channel": "web", "lang": "zh-CN"}
            when = {"started_at": at, "last_at": at, "queued_at": at, "state": "closed"}
            tx.execute(insert(t.conversation).values(talk | when))
            taken = at + timedelta(minutes=20)
            row = {
                "number": f"T{n:03}", "conversation_id": n + 1, "thread_id": 1, "contact_id": 1, "channel": "web",
                "status": "closed", "type": "aftersale", "urgency": "normal", "urgency_rank": 0, "anomaly": "none",
                "department": "support", "subject": "s", "summary": "s", "because": "b", "lang": "zh-CN",
                "last_at": at, "opened_at": at, "claimed_at": taken, "answered_at": taken + timedelta(seconds=30),
                "resolved_at": taken + timedelta(minutes=10),
            }  # fmt: skip
            tx.execute(insert(t.ticket).values(row))

    await database.write(unit)
    await database.close()


async def run(config: Path, *words: str) -> tuple[int, str]:
    """Run the command in a thread of its own: it brings its own event loop."""
    line = ["simulate", "--config", str(config), "--lang", "en", *words]
    done = await asyncio.to_thread(CliRunner().invoke, app, line)
    return done.exit_code, done.output


async def test_an_empty_house_is_told_what_to_do(config: Path) -> None:
    code, said = await run(config)
    assert code == 1
    assert "there is nothing to simulate" in said


async def test_another_roster_is_shown_beside_the_present_and_nothing_is_written(config: Path) -> None:
    await fill(config, 30)
    before = await tickets_of(config)
    roster = config.parent / "roster.toml"
    roster.write_text('[[agents]]\nnumber = "1001"\ncapacity = { chat = 1 }\n', "utf-8")
    code, said = await run(config, "--since", "7d", "--roster", str(roster), "--json")
    assert code == 0, said
    found = json.loads(said)
    assert (found["tickets"], found["measured"], found["unknown"]) == (30, 30, [])
    assert found["real"]["all"]["wait_p50"] == 20 * 60
    assert found["present"]["all"]["wait_p50"] == 0
    # One person, ten minutes each, one coming a minute: the last one waits 29 × 9 minutes.
    assert found["other"]["all"]["wait_p90"] == 26 * 9 * 60
    assert found["other"]["all"]["late"] > 25
    assert sum(found["present"]["given"].values()) == 30
    again = json.loads((await run(config, "--since", "7d", "--roster", str(roster), "--json"))[1])
    assert again["other"]["all"] == found["other"]["all"]
    assert await tickets_of(config) == before
    code, said = await run(config, "--since", "7d", "--roster", str(roster))
    assert code == 0
    assert "as it was" in said
    assert "the other roster or rules, simulated" in said


async def test_other_rules_are_taken_from_another_configuration(config: Path) -> None:
    await fill(config, 30)
    other = config.parent / "other.toml"
    other.write_text(CONFIG + "\n[people]\ncapacity = { chat = 1 }\n" + WEB, "utf-8")
    code, said = await run(config, "--since", "7d", "--policy", str(other), "--json")
    assert code == 0, said
    found = json.loads(said)
    assert found["other"]["all"]["wait_p90"] > found["present"]["all"]["wait_p90"]


async def test_the_present_people_are_written_as_a_roster(config: Path) -> None:
    await fill(config, 1)
    code, said = await run(config, "--write-roster")
    assert code == 0
    assert said.count("[[agents]]") == 2
    roster = config.parent / "roster.toml"
    roster.write_text(said, "utf-8")
    code, said = await run(config, "--since", "7d", "--roster", str(roster), "--json")
    found = json.loads(said)
    assert found["other"]["all"] == found["present"]["all"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--since", "soon"), "give a span such as 7d"),
        (("--roster", "nowhere.toml"), "there is no such file"),
    ],
)
async def test_what_cannot_be_understood_is_said(config: Path, words: tuple[str, ...], said: str) -> None:
    await fill(config, 1)
    code, told = await run(config, *words)
    assert code == 2
    assert said in told


async def tickets_of(config: Path) -> list[object]:
    """What the database holds, for comparing."""
    database = open_database(
        f"sqlite:///{config.parent / 'data' / 'gateway.db'}", ring_in(config.parent / "data")
    )
    rows: list[object] = await database.read(lambda tx: [tuple(row) for row in tx.execute(select(t.ticket))])
    await database.close()
    return rows
