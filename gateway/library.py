"""The knowledge base in use: loaded from its folder, swapped whole, the last good version always serving."""

import asyncio
from collections.abc import Callable, Collection
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import structlog

from gateway import memory
from gateway.clock import SystemClock
from gateway.kept_knowledge import KeptKnowledge
from gateway.watching import QUIET_MS, changes
from knowledge.calibration import read_calibration
from knowledge.entry import KnowledgeEntry
from knowledge.load import Loaded, load_folder
from knowledge.match import Matcher, Outcome, Thresholds
from knowledge.problem import Problem
from knowledge.read_folder import FIRST_LANGUAGE
from knowledge.semantic import Encoder, Wish, load_encoder
from knowledge.semantic_scorer import shipped_thresholds

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

ReloadOutcome = Literal["swapped", "unchanged", "refused"]

MANY = 50
"""Files in one burst, from which on all are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reload:
    """What came of reading the folder again."""

    outcome: ReloadOutcome
    entries: int
    problems: tuple[str, ...]
    seconds: float


class Library:
    """What the house knows, as the steps ask for it.

    With a ``clock``, files that keep their size and time are not opened again; with ``kept`` besides, what was
    read is kept on disk for the next start. Where meaning is wished, ``deepen`` or ``watch`` adds it, in seconds;
    until then words alone are compared.
    """

    def __init__(
        self,
        folder: Path,
        today: Callable[[], date],
        *,
        clock: SystemClock | None = None,
        kept: KeptKnowledge | None = None,
        semantic: Wish = "off",
        first_language: str = FIRST_LANGUAGE,
    ) -> None:
        self.folder = folder
        self._first_language = first_language
        self._today = today
        self._clock = clock
        self._kept = kept
        self._semantic = semantic
        self._encoder: Encoder | None = None
        self.on_reload: Callable[[Reload], None] = lambda reload: None
        self._reloading = asyncio.Lock()
        known = kept.pages() if kept else {}
        self._loaded: Loaded = load_folder(
            folder, now=self._now(), known=known, first_language=first_language
        )
        for problem in self._loaded.problems:
            log.warning("knowledge.problem", problem=str(problem))
        if kept:
            self._matcher = kept.matcher(self._loaded)
        else:
            self._matcher = Matcher(self._loaded.entries, lexicon=self._loaded.synonyms.lexicon)
        self._is_kept = kept is None or (kept.is_current and dict(self._loaded.pages) == known)
        self._uncalibrated: Problem | None = None
        self._matcher.thresholds = self._calibrated()

    @property
    def loaded(self) -> Loaded:
        """The version read last, with its problems; its entries are the ones serving."""
        return self._loaded

    def match(
        self,
        text: str,
        *,
        lang: str | None = None,
        topic: str | None = None,
        channel: str | None = None,
        explain: bool = False,
    ) -> Outcome:
        """Return what the house knows about ``text`` today; with ``explain``, with all the evidence."""
        today = self._today()
        return self._matcher.match(
            text, lang=lang, topic=topic, channel=channel, today=today, explain=explain
        )

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

    async def watch(self, *, polling: bool = False, quiet_ms: int = QUIET_MS) -> None:
        """Read what changes in the folder, until cancelled; in a quiet moment look at all, and keep what was read."""
        is_doubtful = True  # something may have changed between our reading and this watch
        told = changes(self.folder, polling=polling, quiet_ms=quiet_ms)
        async with asyncio.TaskGroup() as beside, aclosing(told):
            beside.create_task(self._deepen())
            async for changed in told:
                if changed is None or changed:
                    is_doubtful = True
                    await self.reload(changed)
                elif is_doubtful:
                    is_doubtful = False
                    await self.reload()
                    await self._keep()

    def deepen(self) -> None:
        """Compare by meaning too, where that is wished and installed; blocks for the seconds it takes."""
        self._encoder = load_encoder(self._semantic)
        if self._encoder is not None:
            self._matcher = self._built(self._loaded)

    async def _deepen(self) -> None:
        try:
            self._encoder = await asyncio.to_thread(load_encoder, self._semantic)
            while self._encoder is not None:
                loaded = self._loaded
                matcher = await asyncio.to_thread(self._built, loaded)
                async with self._reloading:
                    if loaded is self._loaded:
                        self._matcher = matcher
                        break
        except (
            Exception
        ):  # whatever an extra package raises: customers are answered by words alone, as before
            log.exception("knowledge.semantic_failed")
            return
        if self._encoder is not None:
            await asyncio.to_thread(memory.trim)
            log.info("knowledge.semantic", encoder=self._encoder.name)

    def _built(self, loaded: Loaded) -> Matcher:
        """Return the matcher of a version, made from the one before."""
        return Matcher(
            loaded.entries,
            lexicon=loaded.synonyms.lexicon,
            before=self._matcher,
            thresholds=self._calibrated(),
            encoder=self._encoder,
        )

    async def reload(self, changed: Collection[Path] | None = None, *, force: bool = False) -> Reload:
        """Read the folder now, or only the files known to have ``changed``; ``force`` takes a version whatever it lost."""
        async with self._reloading:
            began = self._monotonic()
            if changed is not None and (len(changed) > MANY or not self._loaded.accepted):
                changed = None
            outcome, loaded, matcher = await asyncio.to_thread(self._read, changed, force)
            self._loaded, self._matcher = loaded, matcher or self._matcher
            self._is_kept = self._is_kept and matcher is None
            if matcher and changed is None:
                await asyncio.to_thread(memory.trim)
            reload = Reload(
                outcome=outcome,
                entries=len(loaded.entries),
                problems=tuple(str(problem) for problem in loaded.problems),
                seconds=self._monotonic() - began,
            )
        if outcome != "unchanged":
            self._tell(reload)
        return reload

    def _read(
        self, changed: Collection[Path] | None, force: bool
    ) -> tuple[ReloadOutcome, Loaded, Matcher | None]:
        """Return what came of it, the version to go on with, and its matcher if it is a new one."""
        was = self._loaded
        self._matcher.thresholds = self._calibrated()
        loaded = load_folder(
            self.folder,
            previous=was,
            changed=changed,
            force=force,
            now=self._now(),
            first_language=self._first_language,
        )
        if loaded.fingerprint == was.fingerprint and (was.accepted or not force):
            return "unchanged", replace(was, pages=loaded.pages), None
        if not loaded.accepted:
            return "refused", loaded, None
        return "swapped", loaded, self._built(loaded)

    def _tell(self, reload: Reload) -> None:
        for problem in reload.problems:
            log.warning("knowledge.problem", problem=problem)
        log.info(
            "knowledge.reloaded",
            outcome=reload.outcome,
            entries=reload.entries,
            seconds=round(reload.seconds, 3),
        )
        self.on_reload(reload)

    async def _keep(self) -> None:
        if self._kept is not None and not self._is_kept:
            self._is_kept = True
            await asyncio.to_thread(self._kept.keep, self._loaded, self._matcher)

    def _now(self) -> datetime | None:
        return self._clock.now() if self._clock else None

    def _monotonic(self) -> float:
        return self._clock.monotonic() if self._clock else 0.0

    def _calibrated(self) -> Thresholds:
        """Return the thresholds of the folder's calibration.json, or the shipped ones where it cannot be used."""
        calibration, problem = read_calibration(self.folder, self._encoder)
        if problem is not None and problem != self._uncalibrated:
            log.warning("knowledge.problem", problem=str(problem))
        self._uncalibrated = problem
        return calibration.thresholds if calibration else shipped_thresholds(self._encoder)
