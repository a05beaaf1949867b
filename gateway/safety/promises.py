"""What a changed configuration makes of promises that run: shown without writing, or written while no gateway runs."""

from datetime import datetime
from functools import partial

from gateway.house import kind_of
from gateway.safety.reading import reading
from gateway.settings import Settings
from gateway.store.database import open_database
from gateway.store.migrate import migrate
from gateway.store.promises_anew import Change, Page, reckon_page
from gateway.store.root_file import ring_of

PAGE = 500


async def changes_of(settings: Settings, now: datetime) -> list[Change]:
    """Return what would be due at another time; a gateway may run meanwhile."""
    changes: list[Change] = []
    async with reading(settings.database_url) as database:
        after: int | None = 0
        while after is not None:
            page = await database.read(_page(settings, now, after, apply=False))
            changes += page.changes
            after = page.last_id
    return changes


async def apply_changes(settings: Settings, now: datetime) -> list[Change]:
    """Write it; return what is due at another time from now on."""
    changes: list[Change] = []
    database = open_database(settings.database_url, ring_of(settings, lambda: now))
    try:
        migrate(database)
        after: int | None = 0
        while after is not None:
            page = await database.write(_page(settings, now, after, apply=True))
            changes += page.changes
            after = page.last_id
    finally:
        await database.close()
    return changes


def _page(settings: Settings, now: datetime, after: int, *, apply: bool) -> "partial[Page]":
    capabilities = {one.name: one.spec.capabilities for one in settings.channels.values()}
    return partial(
        reckon_page,
        after_id=after,
        policy=settings.policy(),
        kind=lambda channel: kind_of(capabilities.get(channel)),
        now=now,
        limit=PAGE,
        apply=apply,
    )
