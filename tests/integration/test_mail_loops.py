"""An autoresponder without any header against ours: the budget ends it, the work stays owed, the desks are told."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.clock import FakeClock
from gateway.domain.policy import Limit
from gateway.store import tables as t
from tests.building import MAIL, MORNING, a_house
from tests.writing import Street


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    few = Limit(count=4, within=timedelta(hours=1))
    async with a_house(tmp_path, clock=FakeClock(at=MORNING), automatic_to_domain=few) as house:
        yield Street(house=house)


async def automatic_mails(street: Street) -> int:
    return len(await street.rows(t.outbox))


async def test_row_06_a_machine_that_answers_everything_gets_three_mails_an_hour(street: Street) -> None:
    for n in range(8):
        await street.say(f"我们已收到您的来信 {n}", channel=MAIL, who="robot@loop.example", thread=f"t{n}")
        street.later(timedelta(minutes=1))
    assert await automatic_mails(street) == 3
    kinds = [row["kind"] for row in await street.rows(t.event)]
    assert kinds.count("reply.withheld") == 5
    notice = street.house.notices.of(MAIL, street.house.clock.now())
    assert notice is not None
    assert "two machines" in notice.found.en
    assert street.house.metrics.automatic_withheld.labels(MAIL)._value.get() == 5


async def test_row_06_a_machine_with_a_new_address_for_each_mail_is_stopped_by_its_domain(
    street: Street,
) -> None:
    for n in range(9):
        await street.say("转人工", channel=MAIL, who=f"robot-{n}@loop.example")
    assert await automatic_mails(street) == 4
    assert len(await street.rows(t.ticket)) == 9  # nobody is forgotten: people owe an answer to each
    await street.say("转人工", channel=MAIL, who="li@cust.example")
    assert await automatic_mails(street) == 5
