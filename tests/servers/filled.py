"""A gateway's data as its own doors leave them: messages received, turns taken, files stored. No web, no waiting."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from adapters.contract import Inbound, InboundAttachment
from gateway.clock import FakeClock
from gateway.domain.wording import Texts
from gateway.house import House
from gateway.intake.arrival import from_body
from gateway.intake.inbox import Inbox
from gateway.intake.turns import Job, Turns
from gateway.intake.worker import Worker
from gateway.library import Library
from gateway.metrics import Metrics
from gateway.settings import Settings, load
from gateway.store import tables as t
from gateway.store.blobs import Blobs
from gateway.store.database import Database, open_database
from gateway.store.feed import Feed
from gateway.store.migrate import migrate
from gateway.store.root_file import ring_of
from gateway.texts import load_texts
from tests.sealed_rows import read_row

ENTRY = """---
question: 怎么退货？
---
请在七天内把商品寄回。
"""


def settings_in(folder: Path, url: str = "", more: str = "") -> Settings:
    """Write a configuration with a web chat and one knowledge entry, and read it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "knowledge").mkdir(exist_ok=True)
    (folder / "knowledge" / "退货.md").write_text(ENTRY, "utf-8")
    text = f'[data]\ndir = "data"\n[database]\nurl = "{url}"\n[knowledge]\nfolder = "knowledge"\n'
    text += '[channels.web]\nkind = "webchat"\n[channels.mirror]\nkind = "echo"\nfolder = "mirror"\n'
    (folder / "config.toml").write_text(text + more, "utf-8")
    return load(folder / "config.toml", environ={})


@dataclass(kw_only=True)
class Filled:
    """The data, opened for writing as a running gateway holds them."""

    settings: Settings
    database: Database
    house: House
    inbox: Inbox
    turns: Turns
    count: int = 0

    async def say(self, text: str, *, thread: str = "wang", channel: str = "web", file: bytes = b"") -> int:
        """A customer writes; the turn is taken. Return the inbox row's number."""
        inbox_id = await self.only_store(text, thread=thread, channel=channel, file=file)
        await self.turns.take(Job(inbox_id=inbox_id, inbound=await self._inbound(inbox_id)))
        return inbox_id

    async def only_store(
        self, text: str, *, thread: str = "wang", channel: str = "web", file: bytes = b""
    ) -> int:
        """A customer writes, and the power fails before the turn."""
        self.count += 1
        files = (InboundAttachment(name="发票.png", media_type="image/png", content=file),) if file else ()
        inbound = Inbound(
            channel=channel,
            external_id=f"{thread}:{thread}-{self.count}",
            address=thread,
            thread=thread,
            text=text,
            attachments=files,
        )
        return (await self.inbox.receive(inbound)).id

    async def _inbound(self, inbox_id: int) -> Inbound:
        row = select(t.inbox).where(t.inbox.c.id == inbox_id)
        return from_body(
            await self.database.read(lambda tx: read_row(tx, t.inbox, tx.execute(row).one()._mapping)["body"])
        )


@asynccontextmanager
async def filled(settings: Settings, clock: FakeClock | None = None) -> AsyncIterator[Filled]:
    """Open the data of ``settings``, made if need be."""
    clock = clock or FakeClock()
    settings.data.dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = open_database(settings.database_url, ring_of(settings, clock.now))
    migrate(database)
    texts: Texts = load_texts()
    house = House(
        database=database,
        feed=Feed(),
        blobs=Blobs(settings.data.dir / "blobs"),
        policy=settings.policy(),
        texts=texts,
        library=Library(settings.knowledge.folder, lambda: clock.now().date()),
        clock=clock,
        metrics=Metrics(),
        capabilities={one.name: one.spec.capabilities for one in settings.channels.values()},
        owner="test",
    )
    try:
        yield Filled(
            settings=settings,
            database=database,
            house=house,
            inbox=Inbox(house, Worker(house, {})),
            turns=Turns(house, {}),
        )
    finally:
        await database.close()
