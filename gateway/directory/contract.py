"""What a directory is, whatever is behind it."""

from typing import Protocol

from gateway.domain.records import Claims, Comparison, Lookup, Unavailable


class Directory(Protocol):
    """Customer records. Neither method raises for what the records do: a fault is ``Unavailable``.

    Both may take two seconds and must not be called inside a transaction.
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

    async def close(self) -> None:
        """Let go of connections."""
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

    async def close(self) -> None:
        """Nothing is held."""
