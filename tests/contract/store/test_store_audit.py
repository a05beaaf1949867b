"""The audit's chain on both databases: gapless, append-only, and without anything personal."""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from gateway.house import House
from gateway.store import audit
from gateway.store import tables as t
from gateway.store.audit_chain import START, AuditRow, row_hash
from gateway.store.audit_key import key_of
from gateway.store.database import Tx


def written(house: House, act: str = "reveal", **more: Any) -> "partial[int]":
    values: dict[str, Any] = {
        "actor": "agent:1001",
        "about": "ticket:T20261123-0001",
        "now": house.clock.now(),
    }
    return partial(audit.write, act=act, **values | more)


def rows(tx: Tx) -> list[AuditRow]:
    return [AuditRow(**row._mapping) for row in tx.execute(select(t.audit).order_by(t.audit.c.seq))]


async def test_rows_follow_one_another_without_a_gap_however_many_write_at_once(house: House) -> None:
    async with asyncio.TaskGroup() as writers:
        for _ in range(40):
            writers.create_task(house.database.write(written(house)))
    found = await house.database.read(rows)
    assert [row.seq for row in found] == list(range(1, 41))
    assert [row.prev for row in found] == [START, *(row.hash for row in found[:-1])]


async def test_an_act_that_is_not_committed_leaves_neither_row_nor_gap(house: House) -> None:
    def fails(tx: Tx) -> None:
        written(house)(tx)
        raise LookupError

    await house.database.write(written(house))
    with pytest.raises(LookupError):
        await house.database.write(fails)
    await house.database.write(written(house))
    assert [row.seq for row in await house.database.read(rows)] == [1, 2]


async def test_each_row_is_bound_by_the_key_it_names(house: House) -> None:
    await house.database.write(written(house, fields=["phone"], level=2))
    (row,) = await house.database.read(rows)
    key = await house.database.read(lambda tx: key_of(tx, row.kid))
    assert row.hash == row_hash(key, row)
    assert row.details == '{"fields":["phone"],"level":2}'


@pytest.mark.parametrize("statement", ["UPDATE audit SET outcome = 'done'", "DELETE FROM audit"])
async def test_the_database_itself_refuses_to_change_or_remove_a_row(house: House, statement: str) -> None:
    await house.database.write(written(house))
    with pytest.raises(DBAPIError, match="append-only"):
        await house.database.write(lambda tx: tx.exec_driver_sql(statement))
    assert len(await house.database.read(rows)) == 1


async def test_a_persons_data_never_reach_the_chain(house: House) -> None:
    given: dict[str, Any] = {
        "phone": "13812345678",
        "number": 13812345678,
        "mail": "wang.fang@example.com",
        "name": "王芳",
        "words": "she lives at 12 Elm Street",
        "card": ["6222021234567890123", {"id": "110101199003074514"}],
    }
    await house.database.write(written(house, actor="wang.fang@example.com", about="王芳", **given))
    (row,) = await house.database.read(rows)
    stored = f"{row.actor} {row.about} {row.details}"
    for value in ("13812345678", "wang", "王芳", "Elm", "62220212", "11010119"):
        assert value not in stored
    same = await house.database.read(lambda tx: audit.pseudonym(tx, "王芳"))
    assert row.about == same
    assert same in row.details


async def test_a_reason_lies_masked_beside_the_chain_and_can_be_erased_from_it(house: House) -> None:
    await house.database.write(written(house, reason=" customer called from 13812345678 "))
    (words,) = await house.database.read(lambda tx: tx.execute(select(t.audit_words.c.words)).scalars().all())
    assert words == "customer called from 138****5678"
    (row,) = await house.database.read(rows)
    assert "138" not in row.details


async def test_old_rows_are_cut_off_and_the_chain_goes_on(house: House) -> None:
    start = house.clock.now()
    for day in range(10):
        await house.database.write(written(house, now=start + timedelta(days=day)))
    gone = await house.database.write(
        partial(audit.cut, before=start + timedelta(days=4), now=start + timedelta(days=10))
    )
    found = await house.database.read(rows)
    assert gone == 4
    assert [row.seq for row in found] == [5, 6, 7, 8, 9, 10, 11]
    assert found[-1].act == "audit.cut"
    (cut,) = await house.database.read(lambda tx: tx.execute(select(t.audit_cut)).all())
    assert (cut.upto, cut.hash) == (4, found[0].prev)
