"""What was just read is not asked for again for some seconds: in memory only, and found by a keyed hash."""

import hmac
from collections import OrderedDict

from gateway.domain.records import Found, NotFound

MOST = 1000


class Cache:
    """At most ``MOST`` answers, none older than ``seconds``."""

    def __init__(self, seconds: float, key: bytes) -> None:
        self._seconds, self._key = seconds, key
        self._kept: OrderedDict[bytes, tuple[float, Found | NotFound]] = OrderedDict()

    def get(self, order: str, now: float) -> Found | NotFound | None:
        """Return what is remembered of an order."""
        kept = self._kept.get(self._name(order))
        return kept[1] if kept is not None and now - kept[0] < self._seconds else None

    def put(self, order: str, answer: Found | NotFound, now: float) -> None:
        """Remember an answer, and forget all that is too old."""
        name = self._name(order)
        self._kept.pop(name, None)
        self._kept[name] = (now, answer)
        while self._kept and (len(self._kept) > MOST or now - self._oldest() >= self._seconds):
            self._kept.popitem(last=False)

    def _oldest(self) -> float:
        return next(iter(self._kept.values()))[0]

    def _name(self, order: str) -> bytes:
        return hmac.digest(self._key, order.encode(), "sha256")
