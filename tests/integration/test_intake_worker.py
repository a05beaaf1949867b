"""Stored messages become turns: in order, each on its own, and a bad one ends as a ticket that shows it raw."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from adapters.contract import (
    Inbound,
    InboundAttachment,
    LiveNotice,
    Outbound,
    Receipt,
    SendFailed,
    Shown,
    Unreadable,
)
from gateway.clock import FakeClock
from gateway.house import House
from gateway.intake.context import Live
from gateway.intake.inbox import Inbox
from gateway.intake.places import Places
from gateway.intake.worker import Worker
from gateway.store import tables as t
from gateway.store.lease import blob_of
from gateway.store.quarantine import read_quarantine, release
from gateway.store.visible_sight import EVERYTHING
from tests.building import BOT, MAIL, WEB, a_house
from tests.writing import Street, replying

SECOND = timedelta(seconds=1)


class Parser:
    """A mail adapter that reads raw bytes as UTF-8; some mails it cannot."""

    def __init__(self, *, fails: Exception | None = None) -> None:
        self.fails = fails
        self.tries = 0

    async def run(self) -> None: ...

    async def send(self, outbound: Outbound) -> Receipt:
        return Receipt()

    async def close(self) -> None: ...

    async def complete(self, inbound: Inbound) -> Inbound:
        """Parse, or fail as this test wants it."""
        self.tries += 1
        assert inbound.raw is not None
        if b"poison" in inbound.raw and self.fails is not None:
            raise self.fails
        photo = InboundAttachment(name="a.png", media_type="image/png", content=b"png")
        return inbound.with_(
            kind="message", text=inbound.raw.decode(), address="wang@shop.example", attachments=(photo,)
        )


@asynccontextmanager
async def working(house: House, parser: Parser) -> AsyncIterator[tuple[Inbox, Street]]:
    """A worker at work."""
    worker = Worker(house, {MAIL: parser})
    task = asyncio.create_task(worker.run())
    await asyncio.sleep(0)
    try:
        yield Inbox(house, worker), Street(house=house, adapters={MAIL: parser})
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as opened:
        yield opened


async def until(house: House, holds: Callable[[], object], span: timedelta = timedelta(minutes=2)) -> None:
    """Let the house's time pass, a second at a time, until something holds; disks and threads get theirs too."""
    assert isinstance(house.clock, FakeClock)
    for _ in range(int(span / SECOND)):
        for _ in range(50):
            held = holds()
            if await held if asyncio.iscoroutine(held) else held:
                return
            await asyncio.sleep(0.002)
        await house.clock.advance(SECOND)
    raise AssertionError("it did not come to hold")


def raw(street: Street, content: bytes) -> Inbound:
    return street.inbound("", channel=MAIL, thread=None, who="", kind="raw", raw=content)


async def test_what_is_received_is_answered_and_its_row_is_done(house: House) -> None:
    async with working(house, Parser()) as (inbox, street):
        await inbox.receive(street.inbound("怎么退货"))

        async def is_done() -> bool:
            return bool((await street.one(t.inbox))["state"] == "done")

        await until(house, is_done)
        assert [row["author"] for row in await street.rows(t.message)] == ["customer", "bot"]


async def test_a_raw_mail_is_completed_after_it_is_stored_and_its_files_are_kept(house: House) -> None:
    async with working(house, Parser()) as (inbox, street):
        accepted = await inbox.receive(raw(street, b"where is my order"))
        assert accepted.seq is None

        async def is_done() -> bool:
            return bool((await street.one(t.inbox))["state"] == "done")

        await until(house, is_done)
        customer = (await street.rows(t.message))[0]
        assert (customer["text"], customer["attachments"][0]["name"]) == ("where is my order", "file.png")
        assert (await street.one(t.contact_identity))["address"] == "wang@shop.example"


class Photographer(Parser):
    """A messenger whose files cannot be had just now."""

    async def complete(self, inbound: Inbound) -> Inbound:
        """Fail as a provider fails that is out of breath."""
        self.tries += 1
        raise SendFailed("the file server is busy")


async def test_a_file_that_cannot_be_had_does_not_keep_the_words_from_an_answer(house: House) -> None:
    parser = Photographer()
    async with working(house, parser) as (inbox, street):
        photo = InboundAttachment(name="broken.jpg", ref="file-1")
        await inbox.receive(street.inbound("where is my order", channel=MAIL, attachments=(photo,)))

        async def is_done() -> bool:
            return bool((await street.one(t.inbox))["state"] == "done")

        await until(house, is_done)
        customer, answer = await street.rows(t.message)
        assert (customer["text"], answer["author"]) == ("where is my order", "bot")
        assert customer["attachments"][0]["error"] == "not stored: the file server is busy"
        assert parser.tries == house.policy.attempts.count


@pytest.mark.parametrize("size", [100, 100_000])
async def test_a_poison_message_is_tried_three_times_within_a_minute_then_shown_raw(
    house: House, size: int
) -> None:
    parser = Parser(fails=RuntimeError("bang"))
    started = house.clock.now()
    async with working(house, parser) as (inbox, street):
        content = b"poison " + b"x" * size
        await inbox.receive(raw(street, content))
        await inbox.receive(raw(street, b"healthy"))

        async def other_is_done() -> bool:
            return "done" in [row["state"] for row in await street.rows(t.inbox)]

        await until(house, other_is_done)
        assert house.clock.now() - started <= 2 * SECOND  # the healthy one did not wait

        async def is_given_up() -> bool:
            return bool((await street.rows(t.inbox))[0]["state"] == "failed")

        await until(house, is_given_up)
        assert house.clock.now() - started <= timedelta(minutes=1)
        assert parser.tries == 3 + 1
        ticket = (await street.rows(t.ticket))[-1]
        assert ticket["subject"] == "无法读取的消息"
        assert "bang" in ticket["because"]
        assert ticket["due_at"] is not None
        (file,) = await street.rows(t.attachment, t.attachment.c.name == "file.eml")
        name = await house.database.read(lambda tx: blob_of(tx, file["id"]))
        assert await house.blobs.read(name) == content


async def test_what_can_never_be_read_is_shown_at_once(house: House) -> None:
    parser = Parser(fails=Unreadable("no mail at all"))
    async with working(house, parser) as (inbox, street):
        await inbox.receive(raw(street, b"poison"))

        async def is_given_up() -> bool:
            return bool((await street.one(t.inbox))["state"] == "failed")

        await until(house, is_given_up)
        assert parser.tries == 1
        assert "no mail at all" in (await street.one(t.ticket))["because"]


async def test_a_message_released_from_quarantine_is_read_again_and_finds_its_place(house: House) -> None:
    parser = Parser(fails=Unreadable("the parser was too old"))
    async with working(house, parser) as (inbox, street):
        accepted = await inbox.receive(raw(street, b"poison, they said"))

        async def is_given_up() -> bool:
            return bool((await street.one(t.inbox))["state"] == "failed")

        await until(house, is_given_up)
        (kept,) = await house.database.read(lambda tx: read_quarantine(tx, EVERYTHING))
        (told,) = await street.rows(t.ticket)
        assert (kept.id, kept.error, kept.ticket) == (accepted.id, "the parser was too old", told["number"])
        parser.fails = None  # mended
        now = house.clock.now()
        await house.database.write(lambda tx: release(tx, EVERYTHING, kept.id, actor="agent:1001", now=now))

        async def is_done() -> bool:
            return bool((await street.one(t.inbox))["state"] == "done")

        await until(house, is_done)
        texts = [row["text"] for row in await street.rows(t.message, t.message.c.author == "customer")]
        assert "poison, they said" in texts
        assert await house.database.read(lambda tx: read_quarantine(tx, EVERYTHING)) == []


@pytest.mark.parametrize("damage", ["body", "blob"])
async def test_row_08_a_damaged_row_ends_as_a_ticket_and_stops_nobody(house: House, damage: str) -> None:
    street = Street(house=house)
    await street.deliver(raw(street, b"x" * 100_000))
    await street.deliver(street.inbound("怎么退货"))
    blob = (await street.rows(t.inbox))[0]["raw_blob"]
    if damage == "blob":
        house.blobs.path(blob).unlink()
    else:
        await house.database.write(
            lambda tx: tx.execute(text("UPDATE inbox SET body = '{half' WHERE id = 1")) and None
        )
    async with working(house, Parser(fails=Unreadable("x"))):

        async def is_over() -> bool:
            states = [row["state"] for row in await street.rows(t.inbox)]
            return "new" not in states

        await until(house, is_over)
    states = [row["state"] for row in await street.rows(t.inbox)]
    assert states[1] == "done"
    if damage == "blob":
        assert states[0] == "failed"
        assert len(await street.rows(t.ticket)) == 1


async def test_an_unreadable_message_on_a_waiting_ticket_touches_it_and_keeps_its_language(
    house: House,
) -> None:
    street = Street(house=house)
    await street.say("agent please")
    file = InboundAttachment(name="x", ref="provider's")
    await street.deliver(street.inbound("😀", attachments=(file,)))
    async with working(house, Parser()):

        async def is_given_up() -> bool:
            return bool((await street.rows(t.inbox))[-1]["state"] == "failed")

        await until(house, is_given_up)
    assert (await street.one(t.ticket))["last_text"].startswith("(This message could not be read")
    assert (await street.one(t.conversation))["lang"] == "en"


async def test_messages_left_by_a_dead_process_are_answered_in_order(house: House) -> None:
    street = Street(house=house)
    for n in range(5):
        await street.deliver(street.inbound(f"问题 {n}"))
    async with working(house, Parser()):

        async def is_done() -> bool:
            return {row["state"] for row in await street.rows(t.inbox)} == {"done"}

        await until(house, is_done)
    texts = [row["text"] for row in await street.rows(t.message, t.message.c.author == "customer")]
    assert texts == [f"问题 {n}" for n in range(5)]
    greetings = [row for row in await street.rows(t.message) if "智能客服" in row["text"]]
    assert len(greetings) == 1


async def test_a_stop_waits_for_the_turns_in_hand(house: House) -> None:
    worker = Worker(house, {})
    task = asyncio.create_task(worker.run())
    await asyncio.sleep(0)
    street, inbox = Street(house=house), Inbox(house, worker)
    for n in range(20):
        await inbox.receive(street.inbound("你好", who=f"w{n}"))
    finishing = asyncio.create_task(worker.finish())
    await until(house, finishing.done)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert {row["state"] for row in await street.rows(t.inbox)} == {"done"}


async def test_waiting_contacts_are_told_when_their_place_changes(house: House) -> None:
    street, live, told = Street(house=house), Live(house), list[Shown | LiveNotice]()
    agent = await street.agent(state="online")
    for who in ("a", "b"):
        await street.say("转人工", who=who)
        street.later(SECOND)
    live.subscribe(WEB, "of b", told.append)
    places = Places(house, live)
    await places.tell()
    await places.tell()
    await street.act(agent, "T20261123-0001", replying("您好"))
    await places.tell()
    assert [one.place for one in told if isinstance(one, LiveNotice) and one.kind == "queue"] == [2, 1]


async def test_a_messengers_place_is_edited_not_oftener_than_allowed_and_never_forgotten(
    house: House,
) -> None:
    street = Street(house=house)
    agent = await street.agent(state="online")
    for who in ("a", "b", "c"):
        await street.say("转人工", who=who, channel=BOT)
        street.later(SECOND)
    places = Places(house, Live(house))
    await places.tell()
    await house.database.write(
        lambda tx: tx.execute(text("UPDATE outbox SET state = 'delivered', provider_id = 'p' || id")) and None
    )

    async def edits() -> list[str]:
        rows = [row for row in await street.rows(t.outbox) if row["body"].get("edits")]
        return [row["body"]["text"] for row in rows if row["thread_id"] == 3]

    await street.act(agent, "T20261123-0001", replying("您好"))
    await places.tell()
    assert len(await edits()) == 1
    await street.act(agent, "T20261123-0002", replying("您好", "r2"))
    await places.tell()
    assert len(await edits()) == 1  # too soon
    street.later(house.policy.queue_update)
    await places.tell()
    assert ["您前面还有 1 位" in (await edits())[0], "您是下一位" in (await edits())[1]] == [True, True]


async def test_a_time_that_has_passed_is_told_to_nobody(house: House) -> None:
    street, live, told = Street(house=house), Live(house), list[Shown | LiveNotice]()
    await street.agent(state="online")
    await street.say("转人工", who="a")
    street.later(timedelta(hours=1))
    live.subscribe(WEB, "of a", told.append)
    await Places(house, live).tell()
    (notice,) = told
    assert isinstance(notice, LiveNotice)
    assert notice.expected_at is not None
    assert notice.expected_at > house.clock.now()
