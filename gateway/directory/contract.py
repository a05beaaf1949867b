"""What a directory is, whatever is behind it; and what is asked of each kind of records."""

from typing import Protocol, runtime_checkable

from gateway.domain.records import Claims, Comparison, Found, Lookup, Match, NoMatch, NotFound, Unavailable
from gateway.errors import OutsideFailure


class Trouble(OutsideFailure):
    """The records could not be asked. ``reason`` is one word for the metric; the sentence is for the operator."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Directory(Protocol):
    """Customer records. Neither question raises for what the records do: a fault is ``Unavailable``.

    Both may take two seconds and must not be put inside a transaction.
    """

    @property
    def is_there(self) -> bool:
        """Whether the house has records at all; where not, nobody need be asked for an order number."""
        ...

    async def find(self, order: str) -> Lookup:
        """Return what is on file about an order, its number as somebody typed it."""
        ...

    async def verify(self, order: str, claims: Claims) -> Comparison:
        """Return whether all of ``claims`` is so; where the records compare for themselves, nothing leaves them."""
        ...

    async def run(self) -> None:
        """Keep up with the records until cancelled."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class Source(Protocol):
    """One kind of records. ``key`` is an order number in its one form. Raises ``Trouble`` for every fault."""

    kind: str
    is_near: bool
    """In our own memory: nothing to remember, and no need to spare it."""

    async def find(self, key: str) -> Found | NotFound:
        """Return what is on file."""
        ...

    async def count(self) -> int | None:
        """Return how many orders there are, None where nobody counts them; a fault here is a fault of the records."""
        ...

    async def run(self) -> None:
        """Keep up with the records until cancelled."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@runtime_checkable
class Compares(Protocol):
    """Records that may compare for themselves, so that nothing personal leaves them."""

    compares: bool
    """Whether they do; where not, they are read and compared here."""

    async def verify(self, key: str, claims: Claims) -> Match | NoMatch:
        """Return whether the claims are so. Raises ``Trouble``."""
        ...


class Nowhere:
    """The directory of a house without records: people verify."""

    is_there = False

    async def find(self, order: str) -> Lookup:
        """Return that nothing can be known."""
        return Unavailable("no directory is configured")

    async def verify(self, order: str, claims: Claims) -> Comparison:
        """Return that nothing can be known."""
        return Unavailable("no directory is configured")

    async def run(self) -> None:
        """Nothing changes."""

    async def close(self) -> None:
        """Nothing is held."""
