"""Erasing a person on both databases: nothing of them is left in any row or file, and what counts still counts."""

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from adapters.contract import InboundAttachment
from gateway.desk import actions
from gateway.desk.erasing import Eraser
from gateway.house import House
from gateway.safety.fsck_rows import row_findings
from gateway.store import audit, erasure, holds, tombstones
from gateway.store import tables as t
from gateway.store.audit_proof import tamperings
from gateway.store.database import Tx
from gateway.store.history import read_history
from gateway.store.holds import OnHold
from tests.building import BOT, MAIL, WEB
from tests.writing import Street, replying, resolving

MARKS = ("wang-fang", "王芳", "Elm Street", "orchid", "secret.png", "13812345678", "said-by-agent", "因王芳")


def eraser(house: House, folder: Path) -> Eraser:
    return Eraser(
        database=house.database,
        blobs=house.blobs,
        clock=house.clock,
        folder=folder,
        is_served=house.is_served,
        feed=house.feed,
    )


async def lived(house: House, street: Street) -> str:
    """Let a customer write on three channels, be answered, and leave traces everywhere; return their number."""
    await street.agent()
    picture = InboundAttachment(name="secret.png", media_type="image/png", content=b"orchid picture")
    first = {"who": "visitor-1", "name": "王芳", "attachments": (picture,)}
    await street.say("转人工 my orchid at 12 Elm Street, 13812345678", **first)
    await street.say(
        "转人工 orchid", channel=MAIL, who="wang-fang@shop.example", subject="orchid", own_id="wang-fang@1"
    )
    await street.say("转人工 orchid", channel=BOT, who="wang-fang-77", name="王芳")
    contact = (await street.rows(t.contact))[0]
    number = await house.database.write(partial(_one_contact, contact_id=contact["id"]))
    tickets = await street.rows(t.ticket)
    for at, ticket in enumerate(tickets):
        await street.act(1, ticket["number"], actions.claim)
        await street.act(1, ticket["number"], replying("said-by-agent", id=f"r{at}"))
        await street.act(1, ticket["number"], lambda case: actions.note(case, "orchid note"))
    await street.act(1, tickets[0]["number"], resolving("orchid sent"))
    await house.database.write(partial(_traces, ticket=tickets[0], now=house.clock.now()))
    return number


def _one_contact(tx: Tx, contact_id: int) -> str:
    """All three identities are one person's."""
    for table in (t.contact_identity, t.thread, t.conversation, t.ticket):
        tx.execute(table.update().values(contact_id=contact_id))
    tx.execute(t.contact.delete().where(t.contact.c.id != contact_id))
    number: str = tx.execute(select(t.contact.c.number).where(t.contact.c.id == contact_id)).scalar_one()
    return number


def _traces(tx: Tx, ticket: Any, now: Any) -> None:
    about = f"ticket:{ticket['number']}"
    audit.write(tx, actor="agent:1001", act="reveal", about=about, reason="因王芳 asked", now=now)
    tx.execute(
        insert(t.tag).values(
            kind="contact", row_id=ticket["contact_id"], name="orchid", because="orchid", by="x", at=now
        )
    )
    tx.execute(
        insert(t.complaint).values(ticket_id=ticket["id"], content="orchid", because="orchid", made_at=now)
    )
    tx.execute(insert(t.ticket_key).values(key="13812345678", ticket_id=ticket["id"]))
    tx.execute(
        insert(t.alarm).values(
            name="a1", kind="urgent", ticket_id=ticket["id"], gaps={"x": "orchid"}, because="orchid", at=now
        )
    )
    data = {"outcome": "none", "missed": ["orchid?"]}
    row = {"at": now, "kind": "message", "actor": "bot", "because": "orchid", "data": data}
    tx.execute(insert(t.event).values(row | {"conversation_id": ticket["conversation_id"]}))


def everything(tx: Tx) -> str:
    """Return all rows of all tables, as somebody who has the database would read them."""
    return "\n".join(
        f"{table.name} {dict(row._mapping)!r}"
        for table in t.metadata.sorted_tables
        for row in tx.execute(select(table))
    )


async def test_nothing_of_an_erased_person_is_left_and_all_counts_hold(
    house: House, street: Street, tmp_path: Path
) -> None:
    number = await lived(house, street)
    await street.say("转人工 I am Li", who="li")
    before = await house.database.read(everything)
    assert all(mark in before for mark in ("orchid", "said-by-agent"))
    tickets = {row["number"]: row["opened_at"] for row in await street.rows(t.ticket)}
    await eraser(house, tmp_path).erase(number, by="agent:2001", approved_by="agent:2002")
    after = await house.database.read(everything)
    assert [mark for mark in MARKS if mark in after] == []
    assert "I am Li" in after
    assert {row["number"]: row["opened_at"] for row in await street.rows(t.ticket)} == tickets
    assert {row["status"] for row in await street.rows(t.ticket)} == {"closed", "open"}
    assert not any((house.blobs.folder / "tmp").parent.rglob("[0-9a-f]" * 64))
    assert list(await house.database.read(lambda tx: list(row_findings(tx)))) == []
    assert await house.database.read(lambda tx: list(tamperings(tx))) == []
    assert [one.number for one in tombstones.read(tmp_path)] == [number]
    acts = [(row["act"], row["outcome"]) for row in await street.rows(t.audit)]
    assert acts[-2:] == [("person.erase", "begun"), ("person.erase", "done")]


async def test_what_is_owed_offered_or_unsent_ends_with_the_person(
    house: House, street: Street, tmp_path: Path
) -> None:
    number = await lived(house, street)
    await eraser(house, tmp_path).erase(number, by="agent:2001")
    promises = {row["state"] for row in await street.rows(t.promise)}
    assert "withdrawn" in promises
    assert promises.isdisjoint({"running", "paused"})
    o = t.outbox.c
    sent = await house.database.read(lambda tx: tx.execute(select(o.state, o.body, o.recipient)).all())
    assert {tuple(row) for row in sent} == {("cancelled", "", None)}
    assert {row["state"] for row in await street.rows(t.conversation)} == {"closed"}


@pytest.mark.parametrize("strokes", [0, 1, 2])
async def test_an_erasure_that_a_crash_cut_short_is_finished_after_the_next_start(
    house: House, street: Street, tmp_path: Path, strokes: int
) -> None:
    number = await lived(house, street)
    now = house.clock.now()
    one = await house.database.write(partial(erasure.begin, number=number, by="agent:2001", now=now))
    if strokes > 0:
        await house.database.write(lambda tx: erasure.erase_keys_and_names(tx, one, house.is_served, now))
    if strokes > 1:
        assert await house.database.write(lambda tx: erasure.erase_words(tx, one, now, limit=1)) == 1
    assert await eraser(house, tmp_path).resume() == 1
    assert await eraser(house, tmp_path).resume() == 0
    after = await house.database.read(everything)
    assert [mark for mark in MARKS if mark in after] == []
    assert not any(house.blobs.folder.rglob("[0-9a-f]" * 64))


async def test_a_person_may_be_erased_twice_and_write_again_in_between(
    house: House, street: Street, tmp_path: Path
) -> None:
    number = await lived(house, street)
    await eraser(house, tmp_path).erase(number, by="agent:2001")
    street.later(timedelta(minutes=1))
    await street.say("转人工 I am back", who="visitor-1")
    await street.say("转人工 I am back", channel=MAIL, who="wang-fang@shop.example", subject="again")
    await street.say("转人工 I am back", channel=BOT, who="wang-fang-77")
    contacts = {row["channel"]: row["contact_id"] for row in await street.rows(t.thread)}
    first = (await street.rows(t.contact))[0]["id"]
    assert contacts[WEB] == first, "a browser goes on counting where it was"
    assert contacts[BOT] != first
    assert contacts[MAIL] != first
    assert list(await house.database.read(lambda tx: list(row_findings(tx)))) == []
    await eraser(house, tmp_path).erase(number, by="agent:2001")
    assert len(await street.rows(t.erasure)) == 2


async def test_an_erased_person_who_writes_again_begins_a_new_conversation_without_empty_messages(
    house: House, street: Street, tmp_path: Path
) -> None:
    await street.say("转人工 orchid", who="wang")
    contact, ticket = await street.one(t.contact), await street.one(t.ticket)
    await eraser(house, tmp_path).erase(contact["number"], by="agent:2001")
    erased = await street.one(t.ticket)
    street.later(timedelta(minutes=1))
    await street.say("转人工 I am back", who="wang")
    before, after = await street.rows(t.ticket)
    assert before == erased, "the erased ticket is not reopened"
    assert (before["status"], after["status"]) == ("closed", "open")
    assert after["number"] != ticket["number"]
    assert len({row["conversation_id"] for row in (before, after)}) == 2
    shown = await house.database.read(lambda tx: read_history(tx, WEB, "of wang", 0, 50))
    assert shown.messages[0].text == "转人工 I am back"
    assert all(one.text for one in shown.messages)
    assert shown.messages[-1].seq == shown.last_seq
    assert list(await house.database.read(lambda tx: list(row_findings(tx)))) == []


async def test_a_person_erased_twice_has_one_tombstone_and_is_erased_once_after_a_restore(
    house: House, street: Street, tmp_path: Path
) -> None:
    await street.say("转人工 orchid", who="wang")
    number = (await street.one(t.contact))["number"]
    for _ in range(2):
        await eraser(house, tmp_path).erase(number, by="agent:2001")
        street.later(timedelta(minutes=1))
    assert len(tombstones.read(tmp_path)) == 1
    await street.say("转人工 I am back", who="wang")
    street.later(timedelta(minutes=1))
    await eraser(house, tmp_path).erase(number, by="agent:2001")
    assert len(tombstones.read(tmp_path)) == 2, "what was written since needs one of its own"
    await house.database.write(lambda tx: tx.execute(t.contact.update().values(erased_at=None)))
    assert await eraser(house, tmp_path).repeat() == 1
    assert await eraser(house, tmp_path).repeat() == 0


async def test_a_legal_hold_on_the_person_or_on_a_ticket_forbids_it(
    house: House, street: Street, tmp_path: Path
) -> None:
    number = await lived(house, street)
    ticket = (await street.rows(t.ticket))[1]["number"]
    now = house.clock.now()
    held: tuple[tuple[holds.Kind, str], ...] = (("contact", number), ("ticket", ticket))
    for kind, of in held:
        await house.database.write(
            partial(holds.put, kind=kind, number=of, because="a lawsuit", by="agent:2001", now=now)
        )
        with pytest.raises(OnHold):
            await eraser(house, tmp_path).erase(number, by="agent:2001")
        await house.database.write(partial(holds.lift, kind=kind, number=of, by="agent:2001", now=now))
    await eraser(house, tmp_path).erase(number, by="agent:2001")
    assert {row["act"] for row in await street.rows(t.audit)} >= {"hold.put", "hold.lift"}
