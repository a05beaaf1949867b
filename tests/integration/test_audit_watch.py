"""The audit's end is witnessed outside the database, and its loss is cried out."""

from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import select

from gateway.clock import FakeClock
from gateway.desk.audit_watch import AuditWatch
from gateway.house import House
from gateway.store import audit, checkpoints
from gateway.store import tables as t
from gateway.store.database import Tx
from tests.building import a_house


async def act(house: House, times: int = 1) -> None:
    for _ in range(times):
        await house.database.write(partial(audit.write, actor="system", act="try", now=house.clock.now()))


def seqs(path: Path) -> list[int]:
    return [one.seq for one in checkpoints.read(path)[0]]


async def test_a_checkpoint_is_written_after_so_many_rows_or_so_long_and_never_twice(tmp_path: Path) -> None:
    clock, path = FakeClock(), tmp_path / "out" / "checkpoints.jsonl"
    async with a_house(tmp_path, clock=clock) as house:
        watch = AuditWatch(house, path, every=timedelta(minutes=5), rows=10)
        assert not await watch.once()
        await act(house)
        assert await watch.once()
        await act(house, 9)
        assert not await watch.once()
        await act(house)
        assert await watch.once()
        assert not await watch.once(at_once=True)
        await act(house)
        await clock.advance(timedelta(minutes=5))
        assert await watch.once()
        assert house.metrics.audit_tampered._value.get() == 0
    assert seqs(path) == [1, 11, 12]
    assert path.stat().st_mode & 0o777 == 0o600


async def test_a_line_that_a_crash_left_half_does_not_spoil_the_next(tmp_path: Path) -> None:
    path = tmp_path / "checkpoints.jsonl"
    async with a_house(tmp_path) as house:
        watch = AuditWatch(house, path, rows=1)
        await act(house)
        await watch.once()
        with path.open("ab") as file:
            file.write(b'{"kind":"check')
        await act(house)
        await watch.once()
    assert seqs(path) == [1, 2]
    assert checkpoints.read(path)[1] == [2]


async def test_rows_cut_off_while_the_gateway_was_down_raise_an_alarm_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "checkpoints.jsonl"
    async with a_house(tmp_path) as house:
        await act(house, 5)
        await AuditWatch(house, path, rows=1).once()

        def visit(tx: Tx) -> None:
            tx.exec_driver_sql("DROP TRIGGER audit_kept")
            tx.exec_driver_sql("DELETE FROM audit WHERE seq > 3")

        await house.database.write(visit)
        await AuditWatch(house, path).once()
        (alarm,) = await house.database.read(lambda tx: tx.execute(select(t.alarm)).all())
    assert (alarm.kind, alarm.gaps) == ("audit", {"rows": "4-5"})
    assert house.metrics.audit_tampered._value.get() >= 1
