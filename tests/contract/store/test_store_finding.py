"""Which thread a mail joins: evidence, the right sender, and no proof of forgery; never a header alone."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.contract import Capabilities, Inbound, SenderCheck
from gateway.house import House
from gateway.store import tables as t
from gateway.store.finding import Found, find_thread
from tests.building import MAIL
from tests.writing import Street


@pytest.fixture
async def known(street: Street) -> dict[str, Any]:
    """A thread with one mail from wang and one answer of ours: its key, its id, and our answer's ref."""
    await street.say("转人工", channel=MAIL, own_id="first@wang.example")
    ours = next(row for row in await street.rows(t.message_ref) if row["own"])
    thread = await street.one(t.thread)
    tickets = await street.rows(t.ticket)
    number = tickets[0]["number"] if tickets else "a conversation"
    return {"key": thread["key"], "id": thread["id"], "number": number, "ref": ours["ref"]}


async def found(house: House, street: Street, **more: Any) -> Found:
    inbound: Inbound = street.inbound("还有一个问题", channel=MAIL, **{"thread": None, **more})
    return await house.database.read(lambda tx: find_thread(tx, inbound))


@pytest.mark.parametrize("aligned", ["pass", "none", "fail"])
@pytest.mark.parametrize("who", ["wang", "mallory"])
@pytest.mark.parametrize("by", ["token", "ref", "both", "nothing"])
async def test_only_the_threads_own_contact_joins_and_only_unless_forged(
    house: House, street: Street, known: dict[str, Any], by: str, who: str, aligned: Any
) -> None:
    more: dict[str, Any] = {"who": who, "sender": SenderCheck(aligned=aligned)}
    if by in ("token", "both"):
        more["token"] = known["key"]
    if by in ("ref", "both"):
        more["refs"] = ("unknown@x.example", known["ref"])
    result = await found(house, street, **more)
    joins = by != "nothing" and who == "wang" and aligned != "fail"
    assert result.key == (known["key"] if joins else None)
    assert result.mentions == (known["number"] if by != "nothing" and not joins else None)
    assert result.because
    assert not result.duplicate


async def test_a_token_of_another_channel_opens_nothing(
    house: House, street: Street, known: dict[str, Any]
) -> None:
    inbound = street.inbound("x", channel="sales", thread=None, token=known["key"], refs=(known["ref"],))
    result = await house.database.read(lambda tx: find_thread(tx, inbound))
    assert (result.key, result.mentions) == (None, None)


async def test_a_reply_to_ones_own_mail_joins_its_thread(
    house: House, street: Street, known: dict[str, Any]
) -> None:
    assert (await found(house, street, who="wang", refs=("first@wang.example",))).key == known["key"]


async def test_the_same_mail_come_by_another_way_is_a_duplicate(
    house: House, street: Street, known: dict[str, Any]
) -> None:
    copy = street.inbound("转人工", channel=MAIL, thread=None, own_id="first@wang.example")
    assert (await house.database.read(lambda tx: find_thread(tx, copy))).duplicate
    accepted = await street.deliver(copy)
    await street.take(accepted.id)
    assert len(await street.rows(t.message, t.message.c.author == "customer")) == 1
    assert (await street.one(t.inbox, t.inbox.c.id == accepted.id))["state"] == "done"


@pytest.mark.parametrize("evidence", ["none", "token"])
async def test_the_same_message_id_with_other_words_is_kept(
    house: House, street: Street, known: dict[str, Any], evidence: str
) -> None:
    token = known["key"] if evidence == "token" else None
    other = street.inbound("另一封", channel=MAIL, thread=None, own_id="first@wang.example", token=token)
    accepted = await street.deliver(other)
    await street.take(accepted.id)
    texts = [row["text"] for row in await street.rows(t.message, t.message.c.author == "customer")]
    assert texts == ["转人工", "另一封"]


async def test_a_mail_that_joins_lands_on_the_thread_and_a_strangers_begins_its_own(
    street: Street, known: dict[str, Any]
) -> None:
    for who in ("wang", "mallory"):
        accepted = await street.deliver(
            street.inbound(f"by {who}", who=who, channel=MAIL, thread=None, refs=(known["ref"],))
        )
        await street.take(accepted.id)
    home = {row["text"]: row["thread_id"] for row in await street.rows(t.message)}
    assert home["by wang"] == known["id"] != home["by mallory"]


async def test_a_mail_to_two_of_our_mailboxes_is_one_message(house: House, street: Street) -> None:
    mailboxes = replace(house, capabilities={**house.capabilities, "sales": Capabilities(subject=True)})
    both = replace(street, house=mailboxes)
    same = {"thread": None, "own_id": "<both@wang.example>", "who": "wang@cust.example"}
    await both.say("转人工", channel=MAIL, **same)
    await both.say("转人工", channel="sales", **same)
    assert len(await both.rows(t.message, t.message.c.author == "customer")) == 1
    first, second = await both.rows(t.inbox)
    assert (second["thread_id"], second["seq"]) == (first["thread_id"], first["seq"])  # the delivery is noted
    await both.say(
        "还有",
        channel="sales",
        thread=None,
        own_id="<next@wang.example>",
        who="wang@cust.example",
        refs=("<both@wang.example>",),
    )
    assert len(await both.rows(t.thread)) == 1  # the answer finds the ticket from the other mailbox too
    await both.say("转人工 别的事", channel="sales", **same)
    assert len(await both.rows(t.thread)) == 2  # the same id with other words is another mail
