"""The gate every upload passes on its way to the store: counted against a day's budget, drawn anew, scanned."""

from collections.abc import AsyncIterator

import structlog

from adapters.contract import NotStored, NotTaken
from gateway.uploads.apart import Apart, Broken
from gateway.uploads.scanner import Found, Scan, Scanner, Unavailable

PER_DAY = 200 * 1024 * 1024
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
"""What is drawn anew; a test holds it to ``pictures.FORMATS``, which is loaded in the other process only."""

_CHUNK = 64 * 1024
log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Uploads:
    """The house's gate: how much one sender may upload in 24 hours, and the scanner, where there is one."""

    def __init__(
        self, *, scanner: Scanner | None = None, per_day: int = PER_DAY, apart: Apart | None = None
    ) -> None:
        self.per_day = per_day
        self._scanner = scanner
        self._apart = apart or Apart()

    def passing(self, chunks: AsyncIterator[bytes], media_type: str, used: int) -> "Passing":
        """Return the upload on its way; ``used`` are the sender's bytes of the last 24 hours."""
        return Passing(chunks, media_type, self.per_day - used, self._scanner, self._apart)


class Passing:
    """One upload. ``is_scanned`` is right once ``run`` has ended: a scanner has found it clean."""

    def __init__(
        self,
        chunks: AsyncIterator[bytes],
        media_type: str,
        left: int,
        scanner: Scanner | None,
        apart: Apart,
    ) -> None:
        self._chunks, self._media_type, self._left = chunks, media_type, left
        self._scanner, self._apart = scanner, apart
        self.is_scanned = False

    async def run(self) -> AsyncIterator[bytes]:
        """Yield what is to be kept; whoever keeps it drops all of it when this raises.

        Raises:
            NotTaken: over the day's budget, no readable picture, or infected.
            NotStored: no process for the picture could be had; it may be sent again.
        """
        scan = await self._scan()
        try:
            async for chunk in self._redrawn():
                scan = await self._fed(scan, chunk)
                yield chunk
            await self._judged(scan)
        finally:
            if scan is not None:
                scan.close()

    async def _redrawn(self) -> AsyncIterator[bytes]:
        if self._media_type not in PICTURES:
            async for chunk in self._counted():
                yield chunk
            return
        raw = b"".join([chunk async for chunk in self._counted()])  # its sender's cap holds: ten megabytes
        try:
            new = await self._apart.redrawn(raw, self._media_type)
        except Broken as error:
            raise NotTaken("picture", str(error)) from error
        except OSError as error:
            raise NotStored(f"no process for pictures: {error}") from error
        for start in range(0, len(new), _CHUNK):
            yield new[start : start + _CHUNK]

    async def _counted(self) -> AsyncIterator[bytes]:
        async for chunk in self._chunks:
            self._left -= len(chunk)
            if self._left < 0:
                raise NotTaken("budget", "more than one sender may upload in 24 hours")
            yield chunk

    async def _scan(self) -> Scan | None:
        if self._scanner is None:
            return None
        try:
            return await self._scanner.open()
        except Unavailable as error:
            log.warning("uploads.unscanned", error=str(error))
            return None

    async def _fed(self, scan: Scan | None, chunk: bytes) -> Scan | None:
        if scan is None:
            return None
        try:
            await scan.feed(chunk)
        except Unavailable as error:
            log.warning("uploads.unscanned", error=str(error))
            scan.close()
            return None
        return scan

    async def _judged(self, scan: Scan | None) -> None:
        if scan is None:
            return
        try:
            await scan.verdict()
        except Unavailable as error:
            log.warning("uploads.unscanned", error=str(error))
        except Found as error:
            log.warning("uploads.infected", found=str(error))
            raise NotTaken("infected", str(error)) from error
        else:
            self.is_scanned = True
