"""What the desk's knowledge page works with: the folder made searchable, its use counted, its drafts written."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import ClassVar, Protocol

from sqlalchemy import insert

from gateway.domain.policy import Policy
from gateway.editing.catalogue import Catalogue
from gateway.editing.draft import draft_of
from gateway.editing.draft_commit import Committed, commit_file
from gateway.editing.draft_file import safe_stem, write_new
from gateway.editing.gaps import Gap, find_gaps
from gateway.errors import Conflict, Said
from gateway.library import Library
from gateway.store import tables as t
from gateway.store.database import Database, Tx
from gateway.store.load import read_load
from gateway.store.questions import read_questions
from gateway.store.usage import LOOK_BACK, Use, usage

COUNTED_FOR = timedelta(minutes=1)
"""How old a count of uses may be: at a million messages it takes half a second."""
LOOKED_FOR = timedelta(minutes=5)
"""How old the gaps may be: grouping thousands of questions takes seconds."""
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


class Drafted(Conflict):
    """Somebody has begun a draft for this gap."""

    code: ClassVar[str] = "drafted"
    said = Said("已经有人为这个问题写了草稿。", "A draft for this question has been begun already.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A draft that was written, and what git made of it."""

    file: Path
    kept: Committed


class Workshop:
    """Built once; every page of every desk asks the same one."""

    def __init__(self, *, library: Library, database: Database, clock: Clock, policy: Policy) -> None:
        self.library = library
        self._database, self._clock = database, clock
        self._zone, self._handling = policy.hours.zone, policy.handling_default
        self._catalogue: Catalogue | None = None
        self._used: tuple[float, Mapping[str, Use]] | None = None
        self._gaps: tuple[float, Sequence[Gap]] | None = None
        self._counting, self._looking, self._writing = asyncio.Lock(), asyncio.Lock(), asyncio.Lock()

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

    async def gaps(self) -> Sequence[Gap]:
        """Return what customers asked in the last three months and people had to answer; some minutes old at most."""
        async with self._looking:
            now = self._clock.monotonic()
            if self._gaps is None or now - self._gaps[0] > LOOKED_FOR.total_seconds():
                self._gaps = now, await self._look()
            return self._gaps[1]

    async def _look(self) -> Sequence[Gap]:
        since = self._clock.now() - LOOK_BACK
        entries = self.library.loaded.entries
        known = [
            text for one in entries for wording in one.wordings.values() for text in wording.all_phrasings
        ]
        questions, load = await self._database.read(
            lambda tx: (read_questions(tx, since), read_load(tx, self._handling))
        )
        return await asyncio.to_thread(find_gaps, questions, handling=load.handling, known=known)

    def draft_file(self, gap: Gap) -> Path | None:
        """Return the draft that somebody has begun for a gap, if it is still in the folder."""
        file = self.library.folder / f"{_MARK}{safe_stem(gap.question)}.md"
        return file if file.exists() else None

    async def write_draft(self, gap: Gap, *, name: str, number: str) -> Written:
        """Write the draft of a gap, commit it where the folder is a repository, and leave a line in the audit trail.

        ``name`` and ``number`` are the editor's; one draft is written at a time, since git locks its index.

        Raises:
            Drafted: there is one already. NotWritten, NameTaken: nothing was written.
        """
        made = draft_of(gap, self.today, author=name)
        async with self._writing:
            if (begun := self.draft_file(gap)) is not None:
                raise Drafted(f"{begun.name} is there already")
            file = await asyncio.to_thread(write_new, self.library.folder, made.stem, made.text, mark=_MARK)
            kept = await commit_file(file, name=name, message=f"knowledge: Draft {file.name}.")
        data = {"what": "drafted", "file": file.name, "kept": kept.state, "commit": kept.commit}
        because = f"agent {number} drafted an entry"
        line = {"at": self._clock.now(), "kind": "knowledge", "actor": f"agent:{number}", "because": because}

        def record(tx: Tx) -> None:
            tx.execute(insert(t.event).values(line | {"data": data}))

        await self._database.write(record)
        return Written(file=file, kept=kept)
