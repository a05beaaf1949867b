"""Whatever happens in whatever order, a customer is never told two things that contradict each other."""

import asyncio
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from gateway.desk import actions
from gateway.desk.delays import Delays
from gateway.domain.ticket import Status
from gateway.errors import Conflict
from gateway.store import tables as t
from tests.building import a_house
from tests.writing import Street, replying, resolving

STEPS = (
    "asks",
    "writes",
    "thanks",
    "others",
    "passes",
    "waits",
    "comes",
    "goes",
    "claims",
    "answers",
    "resolves",
)
PASSING = {"passes": timedelta(seconds=20), "waits": timedelta(minutes=6)}


async def lived(steps: Sequence[str], folder: Path) -> None:
    async with a_house(folder) as house:
        street, delays = Street(house=house), Delays(house)
        agent = await street.agent()
        await street.say("转人工")
        known: Any = None
        for count, step in enumerate(steps):
            answered = await _take(street, agent, step, count)
            before = len(await street.rows(t.message, t.message.c.author == "system"))
            told = await delays.announce()
            after = await street.rows(t.message, t.message.c.author == "system")
            assert len(after) - before == told
            assert not (answered and told), "a delay was announced after the answer"
            known = await _moves_openly(street, known)


async def _take(street: Street, agent: int, step: str, count: int) -> bool:
    """Let one thing happen; return whether it was a person's answer."""
    ticket = (await street.rows(t.ticket))[-1]
    number, status = ticket["number"], ticket["status"]
    if step in PASSING:
        street.later(PASSING[step])
    elif step in ("asks", "writes", "thanks"):
        await street.say({"asks": "转人工", "writes": "订单号 12345", "thanks": "好的谢谢"}[step])
    elif step == "others":
        await street.say("转人工", who=f"other{count}")
    elif step in ("comes", "goes"):
        state = "online" if step == "comes" else "offline"
        await street.house.database.write(lambda tx: tx.execute(update(t.agent).values(state=state)) and None)
    elif status in (Status.RESOLVED, Status.CLOSED):
        return False
    else:
        verbs = {
            "claims": actions.claim,
            "answers": replying("您好，已经在处理。", id=f"reply-{count:04}"),
            "resolves": resolving(),
        }
        try:
            await street.act(agent, number, verbs[step])
        except Conflict:
            return False
        return step in ("answers", "resolves")
    return False


async def _moves_openly(street: Street, known: Any) -> Any:
    """A told time moves to a later one only by a delay notice, or when it has passed, or for another matter."""
    first = (await street.rows(t.conversation))[0]
    now, at = street.house.clock.now(), first["told_at"]
    if at is not None and known is not None and at > known > now:
        (promise,) = (await street.rows(t.promise, t.promise.c.kind == "told"))[-1:]
        reopened = await street.rows(t.event, t.event.c.because.like("%within the time for reopening%"))
        assert first["told_by"] == "delay" or reopened, f"{known} became {at}, promise {promise['because']}"
    return at


@given(st.lists(st.sampled_from(STEPS), min_size=3, max_size=12))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_told_time_moves_openly_and_no_delay_follows_an_answer(steps: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(lived(steps, Path(folder)))
