"""How verification keeps what was given: sealed under the contact's key, and marks in place of what is looked for."""

from gateway.store import keys
from gateway.store.database import Tx
from gateway.store.keys import Place, Unreadable

PURPOSE = "identity"
"""The house's key for what is proven before it is known by which contact."""


def seal_given(tx: Tx, contact_id: int, table: str, column: str, row: str, text: str) -> str:
    """Return ``text`` as it may lie in a row; ``contact_id`` 0 is nobody known yet."""
    key = keys.of_contact(tx, contact_id) if contact_id else keys.house(tx, PURPOSE)
    return keys.seal(key, Place(table, column, row), text)


def unseal_given(tx: Tx, table: str, column: str, row: str, sealed: str) -> str | None:
    """Return what was sealed; None where its key is gone or the cell is not its own: then nothing is proven."""
    try:
        return keys.unseal(tx, Place(table, column, row), sealed)
    except Unreadable:
        return None


def mark(tx: Tx, purpose: str, value: str) -> str:
    """Return what stands for ``value`` where rows are looked for by it: an HMAC under a key of this house."""
    return keys.blind(tx, f"verification.{purpose}", value)


def order_key(order: str) -> str:
    """Return an order number in one form, however it was typed."""
    return "".join(filter(str.isalnum, order)).upper()
