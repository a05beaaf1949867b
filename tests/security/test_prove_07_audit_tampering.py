"""Proof 7: of fifty tamperings with the audit by somebody who may write to the database, fifty are named."""

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from pydantic import SecretStr

from gateway.desk.audit_watch import AuditWatch
from gateway.safety.audit_verify import verify
from gateway.settings import Settings
from gateway.settings.model import Data
from gateway.settings.protection import Protection
from gateway.store import audit, checkpoints
from tests.building import a_house
from tests.keyring import ROOT

Figure = Callable[[str, object], None]

ROWS = 400
TRIGGERS = ("audit_unchanged", "audit_kept")
COLUMNS = ("at", "actor", "act", "about", "outcome", "details", "kid", "prev", "hash")
Tamper = Callable[[sqlite3.Connection, random.Random], set[int]]
"""Does its work, and returns the rows that a proof must name."""


def change(db: sqlite3.Connection, chance: random.Random) -> set[int]:
    seq, column = chance.randint(1, ROWS), chance.choice(COLUMNS)
    value = "0" * 64 if column in ("prev", "hash") else 1 if column == "at" else '{"x":1}'
    db.execute(f"UPDATE audit SET {column} = ? WHERE seq = ?", (value, seq))
    return {seq}


def remove(db: sqlite3.Connection, chance: random.Random) -> set[int]:
    first = chance.randint(1, ROWS - 10)
    last = first + chance.randint(0, 5)
    db.execute("DELETE FROM audit WHERE seq BETWEEN ? AND ?", (first, last))
    return set(range(first, last + 1))


def cut_off(db: sqlite3.Connection, chance: random.Random) -> set[int]:
    first = chance.randint(ROWS - 100, ROWS)
    db.execute("DELETE FROM audit WHERE seq >= ?", (first,))
    return set(range(first, ROWS + 1))


def swap(db: sqlite3.Connection, chance: random.Random) -> set[int]:
    one, other = chance.sample(range(1, ROWS + 1), 2)
    for before, after in ((one, -1), (other, one), (-1, other)):
        db.execute("UPDATE audit SET seq = ? WHERE seq = ?", (after, before))
    return {one, other}


def close_the_gap(db: sqlite3.Connection, chance: random.Random) -> set[int]:
    """Remove a row and number the rest anew, so that no number is missing."""
    seq = chance.randint(1, ROWS - 1)
    db.execute("DELETE FROM audit WHERE seq = ?", (seq,))
    db.execute("UPDATE audit SET seq = -seq WHERE seq > ?", (seq,))
    db.execute("UPDATE audit SET seq = -seq - 1 WHERE seq < 0")
    return set(range(seq, ROWS + 1))


def copy_over(db: sqlite3.Connection, chance: random.Random) -> set[int]:
    """Give a row the content, hash and all, of another."""
    one, other = chance.sample(range(1, ROWS + 1), 2)
    names = ", ".join(COLUMNS)
    db.execute(
        f"UPDATE audit SET ({names}) = (SELECT {names} FROM audit WHERE seq = ?) WHERE seq = ?", (other, one)
    )
    return {one}


def add(db: sqlite3.Connection, chance: random.Random) -> set[int]:
    """Write a row of one's own at the end."""
    names = ", ".join(COLUMNS)
    db.execute(
        f"INSERT INTO audit (seq, {names}) SELECT {ROWS + 1}, {names} FROM audit WHERE seq = ?",
        (chance.randint(1, ROWS),),
    )
    return {ROWS + 1}


def forge_a_cut(db: sqlite3.Connection, chance: random.Random) -> set[int]:
    """Remove the oldest rows under the pretext that their time was over."""
    upto = chance.randint(1, 100)
    values = (upto, "0" * 64, "0", "0" * 64, 1)
    db.execute("INSERT INTO audit_cut (upto, hash, kid, mac, at) VALUES (?, ?, ?, ?, ?)", values)
    db.execute("DELETE FROM audit WHERE seq <= ?", (upto,))
    return set(range(1, upto + 1))


def reword(db: sqlite3.Connection, chance: random.Random) -> set[int]:
    seq = chance.choice([row[0] for row in db.execute("SELECT seq FROM audit_words")])
    db.execute("UPDATE audit_words SET words = 'another reason' WHERE seq = ?", (seq,))
    return {seq}


WAYS: tuple[Tamper, ...] = (
    change,
    change,
    remove,
    cut_off,
    swap,
    close_the_gap,
    copy_over,
    add,
    forge_a_cut,
    reword,
)


async def written(folder: Path) -> Settings:
    """Return an installation whose audit has rows, reasons beside some, and checkpoints."""
    settings = Settings(data=Data(dir=folder), protection=Protection(root_key=SecretStr(ROOT)))
    async with a_house(folder) as house:
        watch = AuditWatch(house, settings.checkpoints, rows=100)
        for n in range(1, ROWS + 1):
            unit = partial(
                audit.write,
                actor=f"agent:{1000 + n % 7}",
                act="reveal",
                about=f"ticket:T20261123-{n:04}",
                reason="asked on the phone" if n % 3 == 0 else None,
                now=house.clock.now(),
                field="phone",
            )
            await house.database.write(unit)
            if n % 100 == 0:
                await watch.once()
    assert [one.seq for one in checkpoints.read(settings.checkpoints)[0]] == [100, 200, 300, 400]
    return settings


async def test_fifty_tamperings_are_fifty_times_named(tmp_path: Path, figure: Figure) -> None:
    settings, chance = await written(tmp_path), random.Random(7)
    clean = await verify(settings)
    assert (clean.findings, clean.rows, clean.checkpoints) == ((), ROWS, 4)
    kept, named = tmp_path / "kept.db", 0
    with closing(sqlite3.connect(tmp_path / "gateway.db")) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(tmp_path / "gateway.db", kept)
    for n in range(50):
        way = WAYS[n % len(WAYS)]
        shutil.copy(kept, tmp_path / "gateway.db")
        with closing(sqlite3.connect(tmp_path / "gateway.db")) as db:
            for trigger in TRIGGERS:
                db.execute(f"DROP TRIGGER {trigger}")
            wanted = way(db, chance)
            db.commit()
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        proof = await verify(settings)
        told: set[int] = set()
        for finding in proof.findings:
            told |= set(range(finding.where["first"], finding.where["last"] + 1))
        assert wanted <= told, f"{way.__name__}: {sorted(wanted - told)[:5]} not named"
        named += 1
    figure("tamperings with the audit", 50)
    figure("of them named", named)


async def test_a_checkpoint_of_somebody_elses_is_named_and_proves_nothing(tmp_path: Path) -> None:
    settings = await written(tmp_path)
    lines = settings.checkpoints.read_text().splitlines()
    settings.checkpoints.write_text(
        "\n".join([*lines[:3], lines[3].replace('"seq":400', '"seq":390'), "{"]) + "\n"
    )
    found = {(one.check, one.where["first"]) for one in (await verify(settings)).findings}
    assert found == {("audit_forged_checkpoint", 4), ("audit_forged_checkpoint", 5)}


@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET at = 1 WHERE seq = 3", "DELETE FROM audit WHERE seq = 3"]
)
async def test_row_27_the_database_refuses_and_the_proof_names_the_row(
    tmp_path: Path, statement: str
) -> None:
    settings = await written(tmp_path)
    with closing(sqlite3.connect(tmp_path / "gateway.db")) as db:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute(statement)
        db.execute("DROP TRIGGER audit_unchanged")
        db.execute("DROP TRIGGER audit_kept")
        db.execute(statement)
        db.commit()
    (finding,) = (await verify(settings)).findings
    assert finding.where == {"first": 3, "last": 3}
