"""What is over its time goes, kind by kind, on both databases; what is held or not over it stays, and all still fits."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import select, update

from adapters.contract import InboundAttachment
from gateway.desk import actions
from gateway.desk.erasing import Eraser
from gateway.desk.retention import Retention
from gateway.house import House
from gateway.safety.fsck_rows import row_findings
from gateway.settings.retention import Retention as Rules
from gateway.store import audit, holds, retention
from gateway.store import tables as t
from gateway.store.audit_proof import tamperings
from gateway.store.database import Tx
from tests.building import MAIL
from tests.writing import Street, resolving

DAY = timedelta(days=1)


def rounds(house: House, folder: Path, spans: Mapping[str, timedelta] | None = None) -> Retention:
    eraser = Eraser(
        database=house.database,
        blobs=house.blobs,
        clock=house.clock,
        folder=folder,
        is_served=house.is_served,
    )
    kept = Rules().spans() if spans is None else spans
    return Retention(eraser, kept, every=timedelta(hours=1), metrics=house.metrics)


def picture(name: str = "a.png", content: bytes = b"a picture") -> tuple[InboundAttachment, ...]:
    return (InboundAttachment(name=name, media_type="image/png", content=content),)


async def closed(
    street: Street, text: str = "转人工 about an orchid", *, who: str = "wang", **more: object
) -> str:
    """Let somebody write, and an agent settle and close it; return the ticket's number."""
    await street.say(text, who=who, **more)
    number = str((await street.rows(t.ticket))[-1]["number"])
    await street.act(1, number, actions.claim)
    await street.act(1, number, resolving("orchid sent"))
    await street.act(1, number, actions.close)
    return number


async def whole(house: House) -> None:
    assert list(await house.database.read(lambda tx: list(row_findings(tx)))) == []
    assert await house.database.read(lambda tx: list(tamperings(tx))) == []


def blobs(house: House) -> int:
    return len(list(house.blobs.folder.rglob("[0-9a-f]" * 64)))


async def test_each_kind_goes_when_its_time_is_over_and_not_a_day_before(
    house: House, street: Street, tmp_path: Path
) -> None:
    await street.agent()
    await closed(street, attachments=picture())
    await closed(
        street, channel=MAIL, who="li@shop.example", raw=b"From: li", subject="orchid", own_id="li-1"
    )
    sent = update(t.outbox).values(state="delivered", settled_at=house.clock.now())
    await house.database.write(lambda tx: tx.execute(sent))
    task = rounds(house, tmp_path)
    seen: dict[int, set[str]] = {}
    for days in (29, 31, 91, 181, 366, 732):
        street.later(days * DAY - (house.clock.now() - (await street.rows(t.thread))[0]["created_at"]))
        seen[days] = set(await task.once())
        await whole(house)
    assert seen[29] == set()
    assert seen[31] == {"raw"}
    assert seen[91] >= {"inbox", "outbox"}
    assert seen[181] == {"attachments", "files"}
    assert seen[732] >= {"conversations", "contacts", "events"}
    rows = await house.database.read(
        lambda tx: [str(dict(row._mapping)) for row in tx.execute(select(t.message))]
    )
    assert "orchid" not in "".join(rows)
    assert blobs(house) == 0
    assert len(await street.rows(t.ticket)) == 2


async def test_an_open_ticket_and_a_held_one_keep_everything(
    house: House, street: Street, tmp_path: Path
) -> None:
    await street.agent()
    await street.say("转人工 open matter", who="open", attachments=picture("b.png", b"b"))
    held = await closed(street, "转人工 held matter", who="held", attachments=picture("c.png", b"c"))
    await closed(street, "转人工 past matter", who="past")
    now = house.clock.now()
    put = partial(holds.put, kind="ticket", number=held, because="a lawsuit", by="agent:1001", now=now)
    await house.database.write(put)
    street.later(1000 * DAY)
    await rounds(house, tmp_path).once()
    texts = [row["text"] for row in await street.rows(t.message) if row["author"] == "customer"]
    assert texts == ["转人工 open matter", "转人工 held matter", ""]
    assert blobs(house) == 1, "the open one's file was over its time, the held one's stays"
    held_inbox = [row for row in await street.rows(t.inbox) if row["cleared_at"] is None]
    assert len(held_inbox) == 1
    await house.database.write(
        partial(holds.lift, kind="ticket", number=held, by="agent:1001", now=house.clock.now())
    )
    await rounds(house, tmp_path).once()
    assert blobs(house) == 0
    await whole(house)


async def test_row_31_pictures_of_papers_go_after_thirty_days_and_no_old_file_is_left_on_disk(
    house: House, street: Street, tmp_path: Path
) -> None:
    await street.agent()
    await street.say("转人工", who="papers", attachments=picture("id.png", b"an identity card"))
    await street.say("转人工", who="goods", attachments=picture("vase.png", b"a broken vase"))
    papers = (await street.rows(t.ticket))[0]["id"]
    await house.database.write(
        lambda tx: tx.execute(update(t.ticket).where(t.ticket.c.id == papers).values(needs_identity=True))
    )
    street.later(31 * DAY)
    done = await rounds(house, tmp_path).once()
    assert (done["identity_files"], done["files"]) == (1, 1)
    assert [row["thread_key"] for row in await street.rows(t.attachment)] == ["of goods"]
    message = (await street.rows(t.message))[0]
    assert (message["attachments"], message["problems"]) == (None, [retention.LET_GO])


async def test_a_file_that_another_row_names_stays_and_one_noted_before_a_crash_goes(
    house: House, street: Street, tmp_path: Path
) -> None:
    await street.agent()
    await closed(street, who="one", attachments=picture())
    street.later(100 * DAY)
    await closed(street, who="two", attachments=picture())
    street.later(100 * DAY)
    task = rounds(house, tmp_path, {"attachments": 180 * DAY})
    now = house.clock.now()
    unit = partial(retention.let_go, name="attachments", before=now - 180 * DAY, now=now)
    assert await house.database.write(unit) == 1  # and here the power fails, before any file was removed
    await task.once()
    assert [row["thread_key"] for row in await street.rows(t.attachment)] == ["of two"]
    assert blobs(house) == 1
    assert await street.rows(t.doomed_blob) == []


async def test_what_is_due_is_counted_without_touching_it(house: House, street: Street) -> None:
    await street.agent()
    await closed(street)
    street.later(800 * DAY)

    def count(tx: Tx) -> dict[str, int]:
        now, spans = house.clock.now(), Rules().spans()
        return {name: retention.count_due(tx, name, now - spans[name]) for name in retention.KINDS}

    due = await house.database.read(count)
    assert due["conversations"] == 1
    assert due["contacts"] == 0, "not before its conversations have gone"
    assert due["events"] > 0
    assert (await street.rows(t.message))[0]["text"] == "转人工 about an orchid"


async def test_the_audit_is_cut_at_its_oldest_end_and_still_proves_itself(
    house: House, street: Street, tmp_path: Path
) -> None:
    for _ in range(3):
        await house.database.write(partial(audit.write, actor="system", act="try", now=house.clock.now()))
        street.later(400 * DAY)
    assert (await rounds(house, tmp_path, {"audit": 1095 * DAY}).once()) == {"audit": 1}
    assert [row["seq"] for row in await street.rows(t.audit)] == [2, 3, 4]
    await whole(house)
