"""Our acknowledgement against a real autoresponder (Sieve vacation, RFC 5230), over real servers: one mail each."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from adapters.contract import AutomaticKind
from adapters.mail.adapter import MailAdapter
from adapters.testing import FakeContext
from gateway.clock import FakeClock
from gateway.store import tables as t
from tests.building import MAIL, MORNING, a_house
from tests.integration.test_mail_on_postfix import Sends, settings
from tests.integration.test_mail_round_trip import VACATION, RealClock, a_mail
from tests.sending import sending, until
from tests.servers.dovecot import Dovecot, running_dovecot
from tests.servers.smtp import Relay, Taken, running_relay
from tests.writing import Street, replying

ALWAYS = VACATION.replace(":days 1 ", "")


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with running_dovecot() as server:
        yield server


@pytest.fixture
def relay(dovecot: Dovecot) -> Iterator[Relay]:
    for user in ("support", "alice"):
        dovecot.empty(user)

    def hand_on(taken: Taken) -> None:
        for recipient in taken.recipients:
            dovecot.deliver(recipient, taken.content, taken.sender)

    with running_relay(dovecot.relay) as server:
        server.hand_on = hand_on
        yield server


@pytest.fixture
async def context() -> FakeContext:
    return FakeContext(clock=RealClock())


@pytest.fixture
async def adapter(dovecot: Dovecot, relay: Relay, context: FakeContext) -> AsyncIterator[MailAdapter]:
    it = MailAdapter(settings(dovecot, relay.port), context)
    task = asyncio.create_task(it.run())
    yield it
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await it.close()


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with a_house(tmp_path, clock=FakeClock(at=MORNING)) as house:
        yield Street(house=house)


async def alice_writes(dovecot: Dovecot) -> None:
    mail = a_mail()
    mail.set_content("转人工")
    await asyncio.to_thread(dovecot.deliver, "support@shop.example", mail.as_bytes(), "alice@shop.example")


async def take_in(street: Street, adapter: MailAdapter, context: FakeContext, n: int) -> AutomaticKind | None:
    raw = (await context.stored(n))[-1]
    inbound = (await adapter.complete(raw)).with_(channel=MAIL)
    accepted = await street.deliver(inbound)
    await street.take(accepted.id)
    return inbound.automatic


async def sent(street: Street) -> None:
    async def holds() -> bool:
        rows = await street.rows(t.outbox)
        return bool(rows) and {row["state"] for row in rows} == {"delivered"}

    await until(street.house.clock, holds)


async def test_row_07_our_acknowledgement_wakes_no_vacation(
    street: Street, adapter: MailAdapter, context: FakeContext, dovecot: Dovecot, relay: Relay
) -> None:
    dovecot.sieve("alice", ALWAYS)
    await alice_writes(dovecot)
    async with sending(street, Sends(adapter), MAIL):
        assert await take_in(street, adapter, context, 1) is None
        await sent(street)
    # What alice's autoresponder had to say would have gone through the relay before we were told "delivered".
    assert [(one.sender, one.recipients) for one in relay.taken] == [("", ("alice@shop.example",))]
    assert relay.taken[0].mail["Auto-Submitted"] == "auto-replied"
    assert len(await street.rows(t.message, t.message.c.author == "customer")) == 1


async def test_row_07_each_side_sends_exactly_one_automatic_mail(
    street: Street, adapter: MailAdapter, context: FakeContext, dovecot: Dovecot, relay: Relay
) -> None:
    """An agent's mail, as a person's, is answered by the autoresponder: once, and by us not at all."""
    dovecot.sieve("alice", ALWAYS)
    await alice_writes(dovecot)
    async with sending(street, Sends(adapter), MAIL):
        await take_in(street, adapter, context, 1)
        await sent(street)
        agent = await street.agent()
        number = (await street.one(t.ticket))["number"]
        await street.act(agent, number, replying("请稍候"))
        await sent(street)
        assert await take_in(street, adapter, context, 2) is AutomaticKind.AUTO_REPLY
        await sent(street)
    automatic = [one for one in relay.taken if one.mail["Auto-Submitted"] is not None]
    assert [one.recipients[0].partition("+")[0].partition("@")[0] for one in automatic] == [
        "alice",
        "support",
    ]
    assert len(relay.taken) == 3
    assert len(context.delivered) == 2
