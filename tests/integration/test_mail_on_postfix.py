"""What an agent writes, over a real Postfix and a real Dovecot: greylisting, refusals, and a bounce that comes back."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from adapters.contract import AutomaticKind, Inbound, Outbound, OutboundAttachment, Refused, SendFailed
from adapters.mail.adapter import MailAdapter
from adapters.mail.settings import MailSettings
from adapters.testing import FakeContext
from gateway.clock import FakeClock
from gateway.desk import actions
from gateway.desk.actions import Also
from gateway.store import tables as t
from gateway.store.visible import message_faces
from tests.building import MAIL, MORNING, a_house
from tests.integration.test_mail_round_trip import RealClock
from tests.sending import Provider, sending, until
from tests.servers.dovecot import PASSWORD, Dovecot, running_dovecot
from tests.servers.postfix import SIZE_LIMIT, Postfix, running_postfix, takes_all
from tests.servers.smtp import running_relay
from tests.writing import Street

CUSTOMER = "alice@shop.example"


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with running_dovecot() as server:
        yield server


@pytest.fixture(scope="module")
def running(dovecot: Dovecot) -> Iterator[Postfix]:
    with running_postfix(dovecot.lmtp) as server:
        yield server


@pytest.fixture
def postfix(running: Postfix, dovecot: Dovecot) -> Postfix:
    for user in ("support", "alice", "bob"):
        dovecot.empty(user)
    running.says = takes_all
    running.asked.clear()
    return running


def settings(dovecot: Dovecot, port: int) -> MailSettings:
    imap = {"host": "127.0.0.1", "port": dovecot.imaps, "login": "support", "password": PASSWORD}
    return MailSettings.model_validate(
        {
            "address": "support@shop.example",
            "imap": imap | {"ca_file": dovecot.ca_file, "start": "all"},
            "smtp": {"host": "127.0.0.1", "port": port, "security": "none", "timeout": "2s"},
        }
    )


@pytest.fixture
async def context() -> FakeContext:
    return FakeContext(clock=RealClock())


@pytest.fixture
async def adapter(dovecot: Dovecot, postfix: Postfix, context: FakeContext) -> AsyncIterator[MailAdapter]:
    it = MailAdapter(settings(dovecot, postfix.port), context)
    task = asyncio.create_task(it.run())
    yield it
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await it.close()


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with a_house(tmp_path, clock=FakeClock(at=MORNING)) as house:
        yield Street(house=house)


def an_answer(**changes: Any) -> Outbound:
    values: dict[str, Any] = {
        "key": "k0001",
        "channel": "mail",
        "address": CUSTOMER,
        "thread": "abcdefghij0123456789",
        "text": "您好，三天内送达。",
        "automatic": False,
        "author": "agent",
    }
    return Outbound(**(values | changes))


async def a_reply(street: Street, to: str, also: Also = Also()) -> None:  # noqa: B008  frozen
    """An agent's answer that is owed to a customer, and nothing else."""
    await street.say("转人工", channel=MAIL, who=to, subject="订单")
    agent = await street.agent()
    gone = update(t.outbox).values(state="delivered", settled_at=MORNING)
    await street.house.database.write(lambda tx: tx.execute(gone) and None)
    number = (await street.one(t.ticket))["number"]
    await street.act(agent, number, lambda case: actions.reply(case, id="r1", text="您好", also=also))


async def states(street: Street) -> list[str]:
    rows = await street.rows(t.outbox)
    return [row["state"] for row in rows if row["key"] == rows[-1]["key"]]


async def reach(street: Street, *wanted: str, step: timedelta = timedelta(seconds=1)) -> None:
    async def holds() -> bool:
        return await states(street) == list(wanted)

    await until(street.house.clock, holds, step=step, steps=400)


async def agents_message(street: Street) -> dict[str, Any]:
    faces = await street.house.database.read(lambda tx: message_faces(tx, t.message.c.author == "agent"))
    return faces[0][1]


async def taken_in(street: Street, adapter: MailAdapter, context: FakeContext) -> Inbound:
    """The next mail in our mailbox, read and decided upon."""
    (raw,) = await context.stored()
    inbound = (await adapter.complete(raw)).with_(channel=MAIL)
    accepted = await street.deliver(inbound)
    await street.take(accepted.id)
    return inbound


async def arrived(dovecot: Dovecot, user: str) -> int:
    """How many mails a user has, once there is one: Postfix delivers after it has answered us."""

    def look() -> int:
        end = time.monotonic() + 10
        while time.monotonic() < end:
            if found := dovecot.doveadm("search", "-u", user, "ALL").splitlines():
                return len(found)
            time.sleep(0.05)
        return 0

    return await asyncio.to_thread(look)


class Sends(Provider):
    """Sends with a real adapter, and remembers what it was asked."""

    def __init__(self, adapter: MailAdapter) -> None:
        super().__init__()
        self.adapter = adapter

    async def send(self, outbound: Outbound) -> Any:
        self.asked.append(outbound)
        assert self.clock is not None
        self.at.append(self.clock.now() - MORNING)
        return await self.adapter.send(outbound)


async def test_a_bounce_of_postfix_turns_the_message_red_and_says_why(
    street: Street, adapter: MailAdapter, context: FakeContext, postfix: Postfix
) -> None:
    await a_reply(street, "nobody@shop.example")
    async with sending(street, Sends(adapter), MAIL):
        await reach(street, "delivered")  # Postfix took it; Dovecot then knows no such user
        bounce = await taken_in(street, adapter, context)
    assert bounce.automatic is AutomaticKind.BOUNCE
    assert not bounce.may_autorespond
    (about,) = bounce.bounced
    assert (about.address, about.status, about.hard, about.copy) == ("nobody@shop.example", "5.1.1", True, 0)
    delivery = (await agents_message(street))["delivery"]
    assert (delivery["state"], delivery["reason"], delivery["code"]) == (
        "bounced",
        "no_such_mailbox",
        "5.1.1",
    )
    assert len(await street.rows(t.ticket)) == 1
    assert await states(street) == ["bounced"]  # and nothing else was sent: nobody answers a bounce


async def test_of_several_recipients_only_the_one_who_does_not_exist_is_red(
    street: Street, adapter: MailAdapter, context: FakeContext, dovecot: Dovecot
) -> None:
    await a_reply(street, CUSTOMER, Also(cc=("nobody@shop.example",), bcc=("bob@shop.example",)))
    async with sending(street, Sends(adapter), MAIL):
        await reach(street, "delivered", "delivered", "delivered")
        await taken_in(street, adapter, context)
    delivery = (await agents_message(street))["delivery"]
    assert [(one["to"], one["state"]) for one in delivery["copies"]] == [
        (CUSTOMER, "delivered"),
        ("nobody@shop.example", "bounced"),
        ("bob@shop.example", "delivered"),
    ]
    for user in ("alice", "bob"):
        await arrived(dovecot, user)
    heads = [dovecot.doveadm("fetch", "-u", user, "hdr", "ALL") for user in ("alice", "bob")]
    ids = {line for head in heads for line in head.splitlines() if line.lower().startswith("message-id:")}
    assert len(ids) == 1
    for head in heads:
        assert "To: alice@shop.example" in head
        assert "Cc: nobody@shop.example" in head
        assert (
            "bob@shop.example" not in head.replace("Delivered-To: bob@shop.example", "").partition("From:")[2]
        )


async def test_greylisting_is_waited_out_with_one_sender_and_one_message_id(
    street: Street, adapter: MailAdapter, postfix: Postfix, dovecot: Dovecot
) -> None:
    known: set[tuple[str, str]] = set()

    def greylist(asked: dict[str, str]) -> str:
        pair = (asked["sender"], asked["recipient"])
        if pair in known:
            return "DUNNO"
        known.add(pair)
        return "451 4.7.1 Greylisted, try again later"

    postfix.says = greylist
    await a_reply(street, CUSTOMER)
    provider = Sends(adapter)
    async with sending(street, provider, MAIL):
        await reach(street, "delivered", step=timedelta(seconds=5))
    assert len(provider.asked) == 2
    assert timedelta(minutes=1) <= provider.at[1] - provider.at[0] < timedelta(minutes=2)
    assert len(known) == 1
    assert await arrived(dovecot, "alice") == 1


@pytest.mark.parametrize("words", ["452 4.3.1 Insufficient system storage", "452 4.2.2 Mailbox full"])
async def test_a_452_is_tried_again(adapter: MailAdapter, postfix: Postfix, words: str) -> None:
    postfix.says = lambda asked: words
    with pytest.raises(SendFailed) as caught:
        await adapter.send(an_answer())
    assert not isinstance(caught.value, Refused)
    assert not caught.value.channel_wide
    assert caught.value.code == words[:9]


@pytest.mark.parametrize(
    ("words", "reason"),
    [("550 5.1.1 No such user", "no_such_mailbox"), ("550 5.7.1 Policy", "policy"), ("552 5.2.2 Over quota", "mailbox_full")],
)  # fmt: skip
async def test_a_refusal_for_good_fails_at_once_and_shows_code_and_words(
    street: Street, adapter: MailAdapter, postfix: Postfix, words: str, reason: str
) -> None:
    postfix.says = lambda asked: words
    await a_reply(street, CUSTOMER)
    provider = Sends(adapter)
    async with sending(street, provider, MAIL):
        await reach(street, "refused")
    delivery = (await agents_message(street))["delivery"]
    assert (delivery["code"], delivery["reason"]) == (words[:9], reason)
    assert words[10:] in delivery["error"]
    assert len(provider.asked) == 1


async def test_a_mail_too_large_for_the_server_is_refused_as_that(adapter: MailAdapter) -> None:
    async def read() -> bytes:
        return b"x" * SIZE_LIMIT * 2

    it = OutboundAttachment(id="1", name="a.bin", media_type="application/octet-stream", size=1, read=read)
    with pytest.raises(Refused) as caught:
        await adapter.send(an_answer(attachments=(it,)))
    assert caught.value.code == "552 5.3.4"


async def test_addresses_outside_ascii_go_out_by_smtputf8(adapter: MailAdapter, postfix: Postfix) -> None:
    await adapter.send(an_answer(address="张三@shop.example"))
    assert postfix.asked[-1]["recipient"] == "张三@shop.example"


async def test_a_server_without_smtputf8_gets_no_such_mail_not_even_with_the_address_in_cc(
    dovecot: Dovecot,
) -> None:
    with running_relay(utf8=False) as relay:
        adapter = MailAdapter(settings(dovecot, relay.port), FakeContext())
        for changes in ({"address": "张三@cust.example"}, {"cc": ("张三@cust.example",), "to": (CUSTOMER,)}):
            with pytest.raises(Refused, match=r"张三@cust\.example.*SMTPUTF8"):
                await adapter.send(an_answer(**changes))
        await adapter.send(an_answer(address="wang@例子.example"))
        await adapter.close()
    assert [one.recipients for one in relay.taken] == [("wang@xn--fsqu00a.example",)]


@pytest.mark.parametrize("fault", ["hang", "drop"])
async def test_row_44_silence_after_the_whole_mail_is_tried_once_more_with_the_same_id_and_then_held(
    street: Street, dovecot: Dovecot, fault: str
) -> None:
    await a_reply(street, CUSTOMER)
    with running_relay() as relay:
        relay.at["TAKEN"] = fault
        quick = settings(dovecot, relay.port)
        assert quick.smtp is not None
        smtp = quick.smtp.model_copy(update={"timeout": timedelta(milliseconds=400)})
        adapter = MailAdapter(quick.model_copy(update={"smtp": smtp}), FakeContext())
        async with sending(street, Sends(adapter), MAIL):
            await reach(street, "held", step=timedelta(seconds=5))
        await adapter.close()
    assert len(relay.taken) == 2
    assert len({one.mail["Message-ID"] for one in relay.taken}) == 1
    assert (await agents_message(street))["delivery"]["reason"] == "no_answer"
