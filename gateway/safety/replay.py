"""What the present rules would do with a stored message, as things stand now. Nothing is written.

The thread, its conversation and its ticket are taken as they are now, not as they were when it came: a
message that was handed over then may find a person on the floor today.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from adapters.contract import Adapter, AdapterError, Completes, Inbound
from gateway.clock import SystemClock
from gateway.domain.contact import Contact
from gateway.house import House
from gateway.intake.arrival import from_body
from gateway.intake.turns import Turns
from gateway.library import Library
from gateway.metrics import Metrics
from gateway.pipeline.run import decide
from gateway.safety.lent import LentContext
from gateway.safety.reading import Reading, reading
from gateway.safety.replayed import Replayed
from gateway.safety.stored import Stored, find_stored
from gateway.safety.trouble import NotDone
from gateway.settings import Settings
from gateway.store import tables as t
from gateway.store.blobs import Blobs, raw_name
from gateway.store.database import Tx
from gateway.store.feed import Feed
from gateway.store.finding import find_thread
from gateway.store.newcomers import find_contact
from gateway.store.personal import name_of
from gateway.store.root_file import ring_of
from gateway.store.snapshot import Snapshot, read_snapshot
from gateway.texts import load_texts


async def replay(settings: Settings, names: Sequence[str], clock: SystemClock) -> list[Replayed]:
    """Walk each message through the present steps; return the plans, in the order asked.

    Raises:
        NotDone: one is not stored, or cannot be read any more.
    """
    async with opened_house(settings, clock) as (house, adapters):
        replayed: list[Replayed] = []
        for name in names:
            for stored in await house.database.read(lambda tx, name=name: find_stored(tx, name)):  # type: ignore[misc] # bound now
                replayed.append(await _replay(house, adapters, stored))
        return replayed


@asynccontextmanager
async def opened_house(
    settings: Settings, clock: SystemClock
) -> AsyncIterator[tuple[House, Mapping[str, Adapter]]]:
    """Open the house for reading, with adapters that parse and never run."""
    async with reading(settings.database_url, ring_of(settings, clock.now)) as database:
        adapters = {
            one.name: one.spec.create(one.settings, LentContext(one.name, settings, clock))
            for one in settings.channels.values()
        }
        try:
            yield _house(settings, database, clock), adapters
        finally:
            for adapter in adapters.values():
                await adapter.close()


async def _replay(house: House, adapters: Mapping[str, Adapter], stored: Stored) -> Replayed:
    if stored.channel not in house.capabilities:
        raise NotDone(
            f"通道 {stored.channel} 已不在配置中：请重新加入 [channels.{stored.channel}] 后再试。",
            f"Channel {stored.channel} is not configured any more: add [channels.{stored.channel}] to replay this.",
        )
    inbound = await _completed(house, adapters[stored.channel], stored)
    snapshot = await house.database.read(lambda tx: _snapshot(tx, stored, inbound))
    turn = await Turns(house, adapters).turn(inbound, snapshot)
    return Replayed(stored=stored, turn=turn, plan=decide(turn))


async def _completed(house: House, adapter: object, stored: Stored) -> Inbound:
    """Parse what was stored raw; files at the provider are left there, no step reads them."""
    name = raw_name(stored.raw_blob, stored.body)
    raw = await house.blobs.read(name) if name else stored.raw
    inbound = from_body(stored.body, raw)
    if inbound.kind != "raw" or not isinstance(adapter, Completes):
        return inbound
    try:
        return await adapter.complete(inbound)
    except AdapterError as error:
        raise NotDone(
            f"收件 {stored.inbox_id} 无法解析（{error}）：原文已作为工单附件展示给客服。",
            f"Inbox row {stored.inbox_id} cannot be parsed ({error}): agents are shown its raw form in a ticket.",
        ) from error


def _snapshot(tx: Tx, stored: Stored, inbound: Inbound) -> Snapshot:
    if stored.thread_id is not None:
        return read_snapshot(tx, stored.thread_id)
    key = inbound.thread or find_thread(tx, inbound).key
    if key is not None:
        there = select(t.thread.c.id).where(t.thread.c.channel == inbound.channel, t.thread.c.key == key)
        if (thread_id := tx.execute(there).scalar()) is not None:
            return read_snapshot(tx, thread_id)
    return _new_thread(tx, inbound, key or "")


def _new_thread(tx: Tx, inbound: Inbound, key: str) -> Snapshot:
    """The thread it would begin; numbers of what would be made are 0."""
    contact_id = find_contact(tx, inbound.channel, inbound.address)
    contact = Contact(id=0, number="", name=inbound.name, lang=inbound.lang or "zh-CN")
    if contact_id is not None:
        row = tx.execute(select(t.contact).where(t.contact.c.id == contact_id)).one()
        contact = replace(
            contact, id=row.id, number=row.number, name=name_of(tx, row.number, row.name), lang=row.lang
        )
    return Snapshot(
        thread_id=0,
        channel=inbound.channel,
        key=key,
        version=0,
        subject=inbound.subject,
        contact=contact,
        conversation=None,
        ticket=None,
    )


def _library(settings: Settings, today: Callable[[], date]) -> Library:
    library = Library(
        settings.knowledge.folder,
        today,
        semantic=settings.knowledge.semantic,
        first_language=settings.house.languages[0],
    )
    library.deepen()
    return library


def _house(settings: Settings, database: Reading, clock: SystemClock) -> House:
    policy = settings.policy()
    return House(
        database=database,
        feed=Feed(),
        blobs=Blobs(settings.data.dir / "blobs"),
        policy=policy,
        texts=load_texts(),
        library=_library(settings, lambda: clock.now().astimezone(policy.hours.zone).date()),
        clock=clock,
        metrics=Metrics(),
        capabilities={one.name: one.spec.capabilities for one in settings.channels.values()},
        owner="replay",
        triager=settings.triager(),
    )
