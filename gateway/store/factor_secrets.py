"""An authenticator's secret as it lies in its row: sealed by the house's key for access, bound to that row."""

from gateway.store import keys
from gateway.store.database import Tx

PURPOSE = "access"


def seal_secret(tx: Tx, factor_id: int, secret: str) -> str:
    """Return the secret sealed for this very row."""
    return keys.seal(keys.house(tx, PURPOSE), _place(factor_id), secret)


def open_secret(tx: Tx, factor_id: int, sealed: str) -> str:
    """Return the secret of this row.

    Raises:
        Unreadable: it was sealed for another row, or its key is gone.
    """
    return keys.unseal(tx, _place(factor_id), sealed)


def _place(factor_id: int) -> keys.Place:
    return keys.Place("factor", "secret", factor_id)
