"""What was read of the knowledge folder, kept in the data folder's cache, so that a start need not read it again.

Whatever is damaged, foreign or out of date there is passed over with a line in the log, and written anew.
"""

from pathlib import Path

import structlog

from knowledge.index_shelf import IndexShelf, ShelfRefused
from knowledge.load import Loaded
from knowledge.match import Matcher
from knowledge.page_shelf import PageShelf
from knowledge.read_folder import FIRST_LANGUAGE, ReadPage

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class KeptKnowledge:
    """The cache of one knowledge folder: its parsed pages, and the index made of them."""

    def __init__(self, cache: Path, folder: Path, first_language: str = FIRST_LANGUAGE) -> None:
        self._pages = PageShelf(cache / "knowledge-pages.json", folder, first_language)
        self._index = cache / "knowledge-index.npz"
        self.is_current = False
        """Whether the index last asked for was there."""

    def pages(self) -> dict[Path, ReadPage]:
        """Return the pages kept; none if they cannot be used."""
        try:
            return self._pages.take()
        except ShelfRefused as refused:
            log.warning("knowledge.cache.ignored", reason=str(refused))
            return {}

    def matcher(self, loaded: Loaded) -> Matcher:
        """Return a matcher for ``loaded``, from the index kept if it is the right one."""
        lexicon, shelf = loaded.synonyms.lexicon, self._shelf(loaded)
        try:
            matcher = Matcher(loaded.entries, lexicon=lexicon, shelf=shelf)
        except ShelfRefused as refused:
            log.warning("knowledge.cache.ignored", reason=str(refused))
            return Matcher(loaded.entries, lexicon=lexicon)
        self.is_current = matcher.is_from_shelf
        return matcher

    def keep(self, loaded: Loaded, matcher: Matcher) -> None:
        """Write both; a disk that is full or read-only costs the next start a second, nothing more."""
        try:
            self._pages.put(loaded.pages)
            matcher.put_away(self._shelf(loaded))
        except OSError as error:
            log.warning("knowledge.cache.not_written", reason=str(error))

    def _shelf(self, loaded: Loaded) -> IndexShelf:
        return IndexShelf(self._index, key="\n".join(loaded.synonyms.lines))
