"""The doctor says which channel a provider's limit holds back, and how many messages wait for a person."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from gateway.clock import FakeClock
from gateway.safety.doctor_outbox import held_back_findings
from gateway.safety.finding import Finding
from gateway.store import tables as t
from tests.building import MAIL, MORNING, a_house
from tests.writing import Street


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with a_house(tmp_path, clock=FakeClock(at=MORNING)) as house:
        yield Street(house=house)


async def findings(street: Street, **row: Any) -> list[Finding]:
    await street.say("转人工", channel=MAIL)
    await street.house.database.write(lambda tx: tx.execute(update(t.outbox).values(row)) and None)
    return await street.house.database.read(lambda tx: held_back_findings(tx, MORNING))


async def test_a_limit_that_holds_messages_back_is_named_with_what_to_set(street: Street) -> None:
    (told,) = await findings(
        street, error="the server asks for a pause, 421 busy", not_before=MORNING + timedelta(minutes=4)
    )
    assert told.check == f"channels.{MAIL}"
    assert "421 busy" in told.found.en
    assert told.remedy is not None
    assert "smtp.daily_limit" in told.remedy.en


async def test_messages_of_unknown_fate_are_counted(street: Street) -> None:
    (told,) = await findings(street, state="held", settled_at=MORNING, error="of unknown fate twice")
    assert told.found.en.startswith("1 messages may have arrived or not")


async def test_a_message_on_its_way_is_no_finding(street: Street) -> None:
    assert await findings(street, error="451 greylisted", not_before=MORNING + timedelta(minutes=1)) == []
