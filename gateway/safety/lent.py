"""A context for an adapter that is only asked something: it can derive its secrets, and do nothing else."""

import hashlib
import hmac
from collections.abc import AsyncIterator, Callable, Collection
from pathlib import Path

from adapters.contract import Accepted, Blob, Clock, History, Inbound, NotStored, Push, Vouched
from gateway.clock import SystemClock
from gateway.safety.manifest import KEY_FILE
from gateway.settings import Settings


class LentContext:
    """One channel's context without a gateway behind it; nothing is ever stored."""

    def __init__(self, channel: str, settings: Settings, clock: SystemClock) -> None:
        self.channel = channel
        self.clock: Clock = clock
        self.public_url = settings.server.public_url or f"http://127.0.0.1:{settings.server.port}"
        self.consent = ""
        self._clock = clock
        self._root = root_key(settings.data.dir) or clock.chance(32)

    async def deliver(self, inbound: Inbound | None, cursor: str | None = None) -> Accepted | None:
        """Refuse: nobody could keep it."""
        raise NotStored("no gateway runs behind this context")

    async def cursor(self) -> str | None:
        """There is none."""
        return None

    async def known(self, ids: Collection[str]) -> frozenset[str]:
        """Nothing is stored here."""
        return frozenset()

    async def recall(self, name: str) -> str | None:
        """Nothing was remembered."""
        return None

    async def remember(self, name: str, value: str) -> None:
        """Forget it at once."""

    def progress(self, detail: str = "") -> None:
        """Nobody watches."""

    def secret(self, purpose: str) -> bytes:
        """Derive a key as a running gateway does."""
        return hmac.digest(self._root, f"{self.channel}\x00{purpose}".encode(), hashlib.sha256)

    def chance(self, nbytes: int) -> bytes:
        """Return fresh random bytes."""
        return self._clock.chance(nbytes)

    async def history(self, thread: str, since: int = 0, limit: int = 200) -> History:
        """Every thread is empty."""
        return History(messages=(), last_seq=0)

    def subscribe(self, thread: str, push: Push) -> Callable[[], None]:
        """Nothing ever comes."""
        return lambda: None

    def typing(self, thread: str) -> None:
        """Nobody sees it."""

    async def put_blob(self, thread: str, name: str, media_type: str, chunks: AsyncIterator[bytes]) -> str:
        """Refuse: nobody could keep it."""
        raise NotStored("no gateway runs behind this context")

    async def get_blob(self, thread: str, id: str) -> Blob | None:
        """There is none."""
        return None

    async def vouch(self, thread: str, fresh: str, who: Vouched) -> str | None:
        """Refuse: nobody could keep it."""
        raise NotStored("no gateway runs behind this context")

    async def count(self, name: str, amount: int = 1) -> None:
        """Nobody counts."""


def root_key(folder: Path) -> bytes | None:
    """Return the gateway's root secret if it was made already; unlike a start, making none."""
    path = folder / KEY_FILE
    return path.read_bytes() if path.is_file() else None
