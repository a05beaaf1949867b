"""Which web pages may talk to the chat: an allow-list of origins, for fetch and sockets alike. Pure."""

from collections.abc import Iterable
from urllib.parse import urlsplit


class Origins:
    """The pages that may talk to us: those of our own host, and of ``allowed``.

    Clients that send no Origin (programs, not pages) pass: the token, not a cookie, is what counts.
    """

    __slots__ = ("_allowed", "_any", "_own")

    def __init__(self, allowed: Iterable[str], public_url: str) -> None:
        self._allowed = frozenset(allowed)
        self._any = "*" in self._allowed
        self._own = urlsplit(public_url.lower()).netloc

    def allows(self, origin: str | None, host: str) -> bool:
        """Say whether a page of ``origin`` may send a request that names ``host``."""
        if origin is None or self._any:
            return True
        given = origin.lower()
        if given in self._allowed:
            return True
        there = urlsplit(given).netloc
        return bool(there) and there in (host.lower(), self._own)
