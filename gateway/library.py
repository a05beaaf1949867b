"""The knowledge base in use: loaded from its folder, swapped whole, the last good version always serving."""

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path

import structlog
from watchfiles import awatch

from gateway import memory
from knowledge.entry import KnowledgeEntry
from knowledge.load import Loaded, load_folder
from knowledge.match import Matcher, Outcome, Thresholds

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Library:
    """What the house knows, as the steps ask for it."""

    def __init__(self, folder: Path, today: Callable[[], date]) -> None:
        self.folder = folder
        self._today = today
        self._loaded: Loaded = load_folder(folder)
        self._matcher = Matcher(self._loaded.entries)

    @property
    def loaded(self) -> Loaded:
        """The version read last, with its problems; its entries are the ones serving."""
        return self._loaded

    def match(
        self, text: str, *, lang: str | None = None, topic: str | None = None, channel: str | None = None
    ) -> Outcome:
        """Return what the house knows about ``text`` today."""
        return self._matcher.match(text, lang=lang, topic=topic, channel=channel, today=self._today())

    def search(self, text: str, k: int) -> list[tuple[str, float]]:
        """Return up to ``k`` entry ids with the probability that each is meant, best first."""
        return self._matcher.search(text, k)

    @property
    def thresholds(self) -> Thresholds:
        """From which probability on an answer is given, and choices are."""
        return self._matcher.thresholds

    def entry(self, id: str) -> KnowledgeEntry:
        """Return an entry by its id; KeyError if there is none (any more)."""
        return self._matcher.entry(id)

    async def watch(self) -> None:
        """Read the folder again whenever it changes, until cancelled."""
        if not self.folder.is_dir():
            return
        async for _ in awatch(self.folder, debounce=400, step=50):
            await self.reload()

    async def reload(self) -> bool:
        """Read the folder now; return whether a new version serves."""
        loaded = await asyncio.to_thread(load_folder, self.folder, previous=self._loaded)
        for problem in loaded.problems:
            log.warning("knowledge.problem", problem=str(problem))
        if not loaded.accepted or loaded.fingerprint == self._loaded.fingerprint:
            return False
        matcher = await asyncio.to_thread(Matcher, loaded.entries)
        self._loaded, self._matcher = loaded, matcher
        await asyncio.to_thread(memory.trim)
        log.info("knowledge.reloaded", entries=len(loaded.entries))
        return True
