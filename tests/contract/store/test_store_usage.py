"""Rule N1: how often an entry was the answer in the last three months."""

from datetime import timedelta

from sqlalchemy import insert

from gateway.house import House
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.usage import LOOK_BACK, usage
from tests.writing import Street


async def counted(house: House) -> dict[str, int]:
    since = house.clock.now() - LOOK_BACK
    found = await house.database.read(lambda tx: usage(tx, since=since))
    return {entry: use.times for entry, use in found.items()}


async def test_an_answer_counts_for_its_entry_and_a_greeting_for_none(street: Street, house: House) -> None:
    for text, who in (("怎么退货？", "wang"), ("How do I return goods?", "li"), ("你好", "zhao")):
        await street.say(text, who=who)
    assert await counted(house) == {"退货政策": 2}
    (first, *_) = await street.rows(t.knowledge_use)
    said = await street.one(t.message, t.message.c.id == first["message_id"])
    assert (said["author"], said["at"]) == ("bot", first["at"])
    assert said["because"].endswith("; entry 退货政策: exact phrasing")


async def test_what_is_older_than_three_months_counts_no_more(house: House) -> None:
    now = house.clock.now()
    ages = (timedelta(0), LOOK_BACK, LOOK_BACK + timedelta(microseconds=1))

    def store(tx: Tx) -> None:
        rows = [{"at": now - age, "message_id": n, "entry": "old"} for n, age in enumerate(ages)]
        tx.execute(insert(t.knowledge_use), rows)

    await house.database.write(store)
    assert await counted(house) == {"old": 2}
    found = await house.database.read(lambda tx: usage(tx, since=now - LOOK_BACK))
    assert found["old"].last_at == now
