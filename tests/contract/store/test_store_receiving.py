"""Transaction (a): stored once, in its place, with its cursor; and what happens when many come at once."""

import asyncio

import pytest

from adapters.contract import IdTaken, InboundAttachment
from gateway.house import House
from gateway.store import tables as t
from gateway.store.blobs import raw_name
from gateway.store.history import read_history
from gateway.store.lease import blob_of
from gateway.store.receiving import read_cursor
from tests.building import BOT, MAIL, WEB
from tests.writing import Street


async def test_a_second_delivery_of_the_same_message_is_ignored(street: Street) -> None:
    inbound = street.inbound("你好")
    first, second = await street.deliver(inbound), await street.deliver(inbound)
    assert (first.duplicate, second.duplicate) == (False, True)
    assert (first.id, first.seq) == (second.id, second.seq) == (first.id, 1)
    assert len(await street.rows(t.inbox)) == len(await street.rows(t.message)) == 1


async def test_row_42_fifty_deliveries_of_one_message_at_once_are_one_message(street: Street) -> None:
    inbound = street.inbound("你好")
    done = await asyncio.gather(*(street.deliver(inbound) for _ in range(50)))
    assert sum(not accepted.duplicate for accepted in done) == 1
    assert {(accepted.id, accepted.seq) for accepted in done} == {(done[0].id, 1)}
    assert len(await street.rows(t.message)) == 1


async def test_an_id_used_before_for_other_words_is_refused_and_the_first_words_stay(street: Street) -> None:
    inbound = street.inbound("你好")
    await street.deliver(inbound)
    with pytest.raises(IdTaken):
        await street.deliver(inbound.with_(text="再见"))
    assert (await street.one(t.message))["text"] == "你好"


async def test_an_id_the_bot_used_on_the_thread_is_refused_to_the_customer(street: Street) -> None:
    await street.say("你好")
    bots = (await street.rows(t.message))[-1]
    with pytest.raises(IdTaken):
        await street.deliver(street.inbound("冒名", own_id=bots["public_id"]))
    assert [row["seq"] for row in await street.rows(t.message)] == [1, 2]
    assert (await street.deliver(street.inbound("再来"))).seq == 3


async def test_the_same_id_on_another_channel_is_another_message(street: Street) -> None:
    inbound = street.inbound("你好")
    await street.deliver(inbound)
    assert not (await street.deliver(inbound.with_(channel=BOT))).duplicate
    assert len(await street.rows(t.contact)) == 2


async def test_row_43_fifty_messages_at_once_on_a_new_thread_get_every_seq_once_and_one_contact(
    street: Street,
) -> None:
    done = await asyncio.gather(*(street.deliver(street.inbound(f"{n}")) for n in range(50)))
    assert sorted(accepted.seq or 0 for accepted in done) == list(range(1, 51))
    assert len(await street.rows(t.thread)) == len(await street.rows(t.contact)) == 1
    assert (await street.one(t.thread))["last_seq"] == 50


async def test_one_person_on_two_new_threads_at_once_is_one_contact(street: Street) -> None:
    await asyncio.gather(*(street.deliver(street.inbound(f"{n}", thread=f"t{n}")) for n in range(20)))
    assert len(await street.rows(t.thread)) == 20
    assert len(await street.rows(t.contact)) == len(await street.rows(t.contact_identity)) == 1


async def test_contact_numbers_are_counted_without_gap_or_repetition(street: Street) -> None:
    await asyncio.gather(*(street.deliver(street.inbound("你好", who=f"w{n}")) for n in range(30)))
    numbers = sorted(row["number"] for row in await street.rows(t.contact))
    assert numbers == [f"C20261123{n:03d}" for n in range(1, 31)]


async def test_the_cursor_is_stored_with_the_message_and_alone(street: Street, house: House) -> None:
    await street.deliver(street.inbound("你好"), cursor="5")
    assert await house.database.read(lambda tx: read_cursor(tx, WEB)) == "5"
    await street.deliver(street.inbound("你好"), cursor="6")
    assert await house.database.read(lambda tx: read_cursor(tx, WEB)) == "6"
    assert await house.database.read(lambda tx: read_cursor(tx, MAIL)) is None


async def test_a_file_is_stored_listed_and_found_only_from_its_own_thread(
    street: Street, house: House
) -> None:
    photo = InboundAttachment(name="发票.png", media_type="image/png", content=b"png")
    await street.deliver(street.inbound("看图", attachments=(photo,)))
    kept = await street.one(t.attachment)
    blob = await house.database.read(lambda tx: blob_of(tx, kept["id"]))
    assert await house.blobs.read(blob) == b"png"
    assert b"png" not in house.blobs.path(kept["blob"]).read_bytes()
    assert kept["name"] == "file.png"
    (shown,) = (await house.database.read(lambda tx: read_history(tx, WEB, "of wang", 0, 10))).messages
    assert [(one.id, one.name, one.size) for one in shown.attachments] == [(kept["id"], "发票.png", 3)]
    assert kept["thread_key"] == "of wang"


async def test_words_no_database_takes_are_made_readable(street: Street) -> None:
    await street.deliver(street.inbound("nul \x00 and half \ud83d"))
    assert (await street.one(t.message))["text"] == "nul \ufffd and half ?"


async def test_history_is_read_in_order_from_where_the_client_left_off(street: Street, house: House) -> None:
    for n in range(5):
        await street.deliver(street.inbound(f"{n}"))
    found = await house.database.read(lambda tx: read_history(tx, WEB, "of wang", 2, 2))
    assert ([shown.seq for shown in found.messages], found.last_seq) == ([3, 4], 5)
    empty = await house.database.read(lambda tx: read_history(tx, WEB, "of nobody", 0, 2))
    assert (empty.messages, empty.last_seq) == ((), 0)


async def test_a_raw_message_waits_for_its_parser_without_thread_or_place(street: Street) -> None:
    received = await street.receive(street.inbound("", channel=MAIL, thread=None, kind="raw", raw=b"From: x"))
    assert (received.seq, received.snapshot) == (None, None)
    assert await street.rows(t.message) == []
    assert (await street.one(t.inbox))["raw"] == b"From: x"


async def test_a_large_raw_message_is_a_file_and_not_a_row(street: Street, house: House) -> None:
    raw = b"x" * 100_000
    await street.deliver(street.inbound("", channel=MAIL, thread=None, kind="raw", raw=raw))
    row = await street.one(t.inbox)
    assert row["raw"] is None
    name = raw_name(row["raw_blob"], row["body"])
    assert name is not None
    assert await house.blobs.read(name) == raw
    assert raw not in house.blobs.path(name).read_bytes()


async def test_ids_and_addresses_longer_than_their_columns_are_stored_all_the_same(street: Street) -> None:
    long = street.inbound("你好").with_(external_id="x" * 300, address="a" * 400 + "@shop.example")
    first = await street.deliver(long)
    again, other = await street.deliver(long), await street.deliver(long.with_(external_id="x" * 301))
    assert (first.duplicate, again.duplicate, other.duplicate) == (False, True, False)
