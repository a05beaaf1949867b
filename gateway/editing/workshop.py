"""What the desk's knowledge page works with: the folder made searchable, its use counted, its drafts written."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Protocol

from sqlalchemy import insert

from gateway.editing.catalogue import Catalogue
from gateway.editing.draft_commit import Committed, commit_file
from gateway.editing.draft_file import write_new
from gateway.library import Library
from gateway.store import tables as t
from gateway.store.database import Database, Tx
from gateway.store.usage import LOOK_BACK, Use, usage

COUNTED_FOR = timedelta(minutes=1)
"""How old a count of uses may be: at a million messages it takes half a second."""
_MARK = "_"
"""What a draft's name begins with: the gateway does not answer from such a file."""


class Clock(Protocol):
    """What the workshop needs of the clock."""

    def now(self) -> datetime:
        """Return the present instant, aware UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never go backwards."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A draft that was written, and what git made of it."""

    file: Path
    kept: Committed


class Workshop:
    """Built once; every page of every desk asks the same one."""

    def __init__(self, *, library: Library, database: Database, clock: Clock, zone: tzinfo) -> None:
        self.library = library
        self._database, self._clock, self._zone = database, clock, zone
        self._catalogue: Catalogue | None = None
        self._used: tuple[float, Mapping[str, Use]] | None = None
        self._counting, self._writing = asyncio.Lock(), asyncio.Lock()

    @property
    def today(self) -> date:
        """The house's own day."""
        return self._clock.now().astimezone(self._zone).date()

    async def catalogue(self) -> Catalogue:
        """Return the version that serves, made ready for searching once."""
        loaded = self.library.loaded
        if self._catalogue is None or self._catalogue.loaded is not loaded:
            self._catalogue = await asyncio.to_thread(Catalogue, loaded)
        return self._catalogue

    async def uses(self) -> Mapping[str, Use]:
        """Return how often each entry was the answer in the last three months; at most a minute old."""
        async with self._counting:
            now = self._clock.monotonic()
            if self._used is None or now - self._used[0] > COUNTED_FOR.total_seconds():
                since = self._clock.now() - LOOK_BACK
                self._used = now, await self._database.read(lambda tx: usage(tx, since=since))
            return self._used[1]

    async def write_draft(
        self, stem: str, text: str, *, because: str, name: str, number: str, message: str
    ) -> Written:
        """Write a draft, commit it where the folder is a repository, and leave a line in the audit trail.

        ``name`` and ``number`` are the editor's; one draft is written at a time, since git locks its index.

        Raises:
            NotWritten, NameTaken: nothing was written.
        """
        async with self._writing:
            file = await asyncio.to_thread(write_new, self.library.folder, stem, text, mark=_MARK)
            kept = await commit_file(file, name=name, message=message)
        data = {"what": "drafted", "file": file.name, "kept": kept.state, "commit": kept.commit}
        line = {"at": self._clock.now(), "kind": "knowledge", "actor": f"agent:{number}", "because": because}

        def record(tx: Tx) -> None:
            tx.execute(insert(t.event).values(line | {"data": data}))

        await self._database.write(record)
        return Written(file=file, kept=kept)
