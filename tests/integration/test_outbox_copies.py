"""Several recipients of one message: a row, a fate and a retry for each, one Message-ID for all."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import true, update

from adapters.contract import AutomaticKind, Bounced, Outbound, Refused, SendFailed
from gateway.clock import FakeClock
from gateway.desk import actions
from gateway.desk.actions import Also
from gateway.domain.ticket import Ticket
from gateway.errors import Refusal
from gateway.store import tables as t
from gateway.store.again import send_again
from gateway.store.database import Tx
from gateway.store.snapshot import read_snapshot
from gateway.store.visible import message_faces, note_faces
from tests.building import BOT, MAIL, MORNING, a_house
from tests.sending import Provider, sending, until
from tests.writing import Street, replying

CUSTOMER = "wang@cust.example"
EVERYBODY = Also(to=("to@x.example",), cc=("cc@x.example", CUSTOMER.upper()), bcc=("bcc@x.example",))


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with a_house(tmp_path, clock=FakeClock(at=MORNING)) as house:
        yield Street(house=house)


async def a_ticket(street: Street, channel: str = MAIL) -> tuple[int, str]:
    """A customer's question that nobody has to be told about any more, and an agent for it."""
    await street.say("转人工", channel=channel, who=CUSTOMER, own_id="<q@cust.example>", subject="订单")
    agent = await street.agent()
    gone = update(t.outbox).values(state="delivered", settled_at=MORNING)
    await street.house.database.write(lambda tx: tx.execute(gone) and None)
    return agent, str((await street.one(t.ticket))["number"])


async def a_reply(street: Street, also: Also = EVERYBODY) -> None:
    agent, number = await a_ticket(street)
    await street.act(agent, number, lambda case: actions.reply(case, id="r1", text="您好", also=also))


async def copies(street: Street) -> dict[str, dict[str, Any]]:
    """The rows of the latest message or forward, by recipient; the customer is ``""``."""
    rows = await street.rows(t.outbox)
    return {row["recipient"] or "": dict(row) for row in rows if row["key"] == rows[-1]["key"]}


async def all_are(street: Street, *states: str, **how: Any) -> None:
    async def holds() -> bool:
        return {row["state"] for row in (await copies(street)).values()} <= set(states)

    await until(street.house.clock, holds, **how)


async def test_every_recipient_has_a_row_and_all_see_the_same_headers(street: Street) -> None:
    await a_reply(street)
    provider = Provider()
    async with sending(street, provider, MAIL):
        await all_are(street, "delivered")
    assert [one.address for one in provider.asked] == [
        CUSTOMER,
        "to@x.example",
        "cc@x.example",
        "bcc@x.example",
    ]
    assert {(one.key, one.to, one.cc) for one in provider.asked} == {
        (provider.asked[0].key, (CUSTOMER, "to@x.example"), ("cc@x.example",))
    }
    assert [one.copy for one in provider.asked] == [0, 1, 2, 3]


async def test_one_who_is_refused_does_not_have_the_others_get_it_twice(street: Street) -> None:
    await a_reply(street)
    tries: list[str] = []

    def says(outbound: Outbound) -> Exception | None:
        tries.append(outbound.address)
        if outbound.address == "to@x.example":
            return Refused("the server refuses the recipient: 550 5.1.1 no such user", code="550 5.1.1")
        if outbound.address == "cc@x.example" and tries.count(outbound.address) < 3:
            return SendFailed("451 4.7.1 greylisted", code="451 4.7.1")
        return None

    async with sending(street, Provider(says), MAIL):
        await all_are(street, "delivered", "refused", step=timedelta(seconds=30))
    assert sorted(tries) == sorted([CUSTOMER, "to@x.example", *["cc@x.example"] * 3, "bcc@x.example"])
    _, face = (await street.house.database.read(lambda tx: message_faces(tx, t.message.c.author == "agent")))[
        0
    ]
    delivery = face["delivery"]
    assert (delivery["state"], delivery["reason"], delivery["code"]) == (
        "refused",
        "no_such_mailbox",
        "550 5.1.1",
    )
    assert [(one["to"], one["role"], one["state"]) for one in delivery["copies"]] == [
        (CUSTOMER, "to", "delivered"),
        ("to@x.example", "to", "refused"),
        ("cc@x.example", "cc", "delivered"),
        ("bcc@x.example", "bcc", "delivered"),
    ]


async def test_a_later_reply_does_not_wait_for_a_copy_to_somebody_else(street: Street) -> None:
    agent, number = await a_ticket(street)
    copied = Also(cc=("cc@x.example",))
    await street.act(agent, number, lambda case: actions.reply(case, id="r1", text="一", also=copied))
    await street.act(agent, number, replying("二", "r2"))
    deferred = SendFailed("451 greylisted")
    provider = Provider(lambda outbound: deferred if outbound.address == "cc@x.example" else None)
    async with sending(street, provider, MAIL):

        async def holds() -> bool:
            return [one.text for one in provider.asked if one.address == CUSTOMER] == ["一", "二"]

        await until(street.house.clock, holds)


async def test_a_retry_goes_only_to_whom_it_did_not_reach(street: Street) -> None:
    await a_reply(street)
    refused = [Refused("550 policy")]
    provider = Provider(
        lambda outbound: refused[0] if refused and outbound.address == "to@x.example" else None
    )
    async with sending(street, provider, MAIL):
        await all_are(street, "delivered", "refused")
        refused.clear()
        before = len(provider.asked)
        await again(street, "r1")
        await all_are(street, "delivered")
    assert [one.address for one in provider.asked[before:]] == ["to@x.example"]


async def again(street: Street, id: str) -> None:
    now = street.house.clock.now()
    committed = await street.house.database.write(
        lambda tx: send_again(tx, ticket_of(tx), id, actor="agent:1001", now=now)
    )
    street.house.feed.publish(committed)


def ticket_of(tx: Tx) -> Ticket:
    ticket = read_snapshot(tx, 1).ticket
    assert ticket is not None
    return ticket


async def test_a_bounce_turns_red_the_copy_it_is_about_and_no_other(street: Street) -> None:
    await a_reply(street)
    async with sending(street, Provider(), MAIL):
        await all_are(street, "delivered")
    key = (await copies(street))[""]["key"]
    await bounce(
        street, key, Bounced(address="CC@x.example", status="5.2.2", hard=True, detail="mailbox full")
    )
    found = await copies(street)
    assert {who: row["state"] for who, row in found.items()} == {
        "": "delivered",
        "to@x.example": "delivered",
        "cc@x.example": "bounced",
        "bcc@x.example": "delivered",
    }
    assert found["cc@x.example"]["code"] == "5.2.2"
    number = Bounced(address="somebody-behind-a-forward@y.example", status="5.1.1", hard=True, copy=3)
    await bounce(street, key, number)
    assert (await copies(street))["bcc@x.example"]["state"] == "bounced"
    assert (await copies(street))[""]["state"] == "delivered"


async def bounce(street: Street, key: str, *about: Bounced, thread: str | None = None) -> None:
    await street.say(
        "Undelivered", channel=MAIL, who="mailer-daemon@mx.example", thread=thread or f"of {CUSTOMER}",
        automatic=AutomaticKind.BOUNCE, refs=(key,), bounced=about, may_autorespond=False,
    )  # fmt: skip


async def test_a_delay_is_a_note_and_no_failure(street: Street) -> None:
    await a_reply(street, Also())
    async with sending(street, Provider(), MAIL):
        await all_are(street, "delivered")
    key = (await copies(street))[""]["key"]
    await bounce(street, key, Bounced(address=CUSTOMER, status="4.4.1", detail="still trying"))
    assert (await copies(street))[""]["state"] == "delivered"
    assert [
        row["kind"] for row in await street.rows(t.event, t.event.c.kind.in_(("delayed", "bounced")))
    ] == ["delayed"]


async def test_a_bounce_without_an_id_of_this_thread_changes_nothing(street: Street) -> None:
    await a_reply(street, Also())
    async with sending(street, Provider(), MAIL):
        await all_are(street, "delivered")
    key = (await copies(street))[""]["key"]
    hard = Bounced(address=CUSTOMER, status="5.1.1", hard=True)
    await bounce(street, "0" * 32, hard)
    await bounce(street, key, hard, thread="of a stranger")
    assert (await copies(street))[""]["state"] == "delivered"
    assert await street.rows(t.event, t.event.c.kind == "bounced") == []


async def test_a_forward_goes_out_whole_and_leaves_a_note_and_nothing_in_the_thread(street: Street) -> None:
    agent, number = await a_ticket(street)
    question = (await street.rows(t.message, t.message.c.author == "customer"))[0]["public_id"]
    said = len(await street.rows(t.message))
    await street.act(
        agent,
        number,
        lambda case: actions.forward(case, id="f1", message=question, to=("repair@x.example",), text="请修"),
    )
    provider = Provider()
    async with sending(street, provider, MAIL):
        await all_are(street, "delivered")
    (sent,) = provider.asked
    assert (sent.address, sent.to, sent.text, sent.automatic) == (
        "repair@x.example",
        ("repair@x.example",),
        "请修",
        False,
    )
    assert sent.forwarded is not None
    assert (sent.forwarded.text, sent.forwarded.address, sent.forwarded.subject) == (
        "转人工",
        CUSTOMER,
        "订单",
    )
    assert len(await street.rows(t.message)) == said
    (note,) = await street.house.database.read(lambda tx: note_faces(tx, true()))
    assert (note["text"], note["forward"]["to"], note["forward"]["delivery"]["state"]) == (
        "请修",
        ["r***@x.example"],
        "delivered",
    )
    await bounce(street, sent.key, Bounced(address="repair@x.example", status="5.1.1", hard=True))
    (note,) = await street.house.database.read(lambda tx: note_faces(tx, true()))
    assert note["forward"]["delivery"]["state"] == "bounced"
    await again(street, note["forward"]["delivery"]["copies"][0]["id"])
    assert (await copies(street))["repair@x.example"]["state"] == "due"


async def test_only_mail_knows_copies_and_only_plain_addresses_get_them(street: Street) -> None:
    agent, number = await a_ticket(street, BOT)

    def copied(address: str) -> actions.Verb:
        return lambda case: actions.reply(case, id="r1", text="您好", also=Also(cc=(address,)))

    with pytest.raises(Refusal) as caught:
        await street.act(agent, number, copied("cc@x.example"))
    assert caught.value.public.en == "Only mail can be copied or forwarded to others."
    await street.say("转人工", channel=MAIL, who="li@cust.example")
    by_mail = (await street.rows(t.ticket))[-1]["number"]
    with pytest.raises(Refusal, match="is not a mail address"):
        await street.act(agent, by_mail, copied("cc@x.example\r\nBcc: victim@x.example"))


async def test_a_provider_that_wants_less_gets_nothing_for_a_while_and_nothing_is_dropped(
    street: Street,
) -> None:
    agent, number = await a_ticket(street)
    await street.say("转人工", channel=MAIL, who="li@cust.example")
    await street.act(agent, number, replying("您好"))
    wishes = [SendFailed("421 too many", code="421", channel_wide=True) for _ in range(3)]
    provider = Provider(lambda outbound: wishes.pop() if wishes else None)
    async with sending(street, provider, MAIL):

        async def holds() -> bool:
            return {row["state"] for row in await street.rows(t.outbox)} == {"delivered"}

        await until(street.house.clock, holds, step=timedelta(seconds=10))
    waits = [(b - a) / timedelta(minutes=1) for a, b in zip(provider.at, provider.at[1:], strict=False)]
    for waited, wanted in zip(waits[:3], (1, 2, 4), strict=True):
        assert wanted <= waited < wanted + 0.5
    assert {one.address for one in provider.asked} == {CUSTOMER, "li@cust.example"}


async def test_a_message_held_back_by_a_limit_for_days_is_still_sent(street: Street) -> None:
    await a_reply(street, Also())
    wishes = [SendFailed("a day's limit", channel_wide=True, retry_after=timedelta(days=5))]
    async with sending(street, Provider(lambda outbound: wishes.pop() if wishes else None), MAIL):
        await all_are(street, "delivered", step=timedelta(hours=4))
