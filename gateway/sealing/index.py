"""Blind indexes: what is equal can be found, and nothing else can be learned without the key."""

import hmac

from gateway.sealing.cells import Key, to_text

SIZE = 16
"""Bytes kept of the HMAC: 128 bits, which no two addresses of a house will ever share."""


def blind_index(key: Key, column: str, value: str) -> str:
    """Return the index of a value in one column (``table.column``): 22 characters, other in every column.

    The value is taken as it is: bring it into its one form before. Never index what has few values (a phone's last
    four digits, names): whoever holds the index key could then list them all.
    """
    said = f"{column}\x00{value}".encode()
    return to_text(hmac.digest(key.secret, said, "sha256")[:SIZE])
