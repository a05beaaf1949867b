"""The key of the audit's chain: one of the house's data keys, so that writing to the database is not enough to forge."""

import hashlib
import hmac

from gateway.sealing.cells import Key, Unreadable
from gateway.store import keys
from gateway.store.database import Tx


def newest_key(tx: Tx) -> tuple[str, bytes]:
    """Return the id and the bytes of the key that new rows are bound with."""
    key = keys.house(tx, keys.AUDIT)
    return key.kid, _of(key)


def key_of(tx: Tx, kid: str) -> bytes:
    """Return the key a row names.

    Raises:
        KeyError: there is no such key: the row was not written by us.
    """
    try:
        return _of(keys.load(tx, kid))
    except Unreadable as error:
        raise KeyError(kid) from error


def _of(key: Key) -> bytes:
    """Hashes and cells never share a key."""
    return hmac.digest(key.secret, b"gateway audit chain", hashlib.sha256)
