"""Root keys: they wrap the data keys, and never lie in the database.

Written as text, one key a line in base64url, the newest first: that one wraps, the others still unwrap.
"""

import hmac
import os
from binascii import Error as NotBase64

from gateway.sealing.cells import NONCE, Key, Unreadable, from_text, to_text

WRONG = "is no root key: 32 bytes in base64url, 43 characters"


def root_key(secret: bytes) -> Key:
    """Return a root key under the name by which its wrapped keys know it; the name tells nothing of the secret."""
    return Key(hmac.digest(secret, b"gateway root key", "sha256").hex()[:12], secret)


def new_root() -> Key:
    """Return a root key nobody has seen."""
    return root_key(os.urandom(Key.size))


def parse_roots(text: str) -> tuple[Key, ...]:
    """Return the root keys of a file or variable, newest first; blank lines and ``#`` lines are skipped.

    Raises:
        ValueError: a line is no root key, or there is none; the message names the line, never its content.
    """
    lines = [(at, line.strip()) for at, line in enumerate(text.splitlines(), 1)]
    wanted = [(at, line) for at, line in lines if line and not line.startswith("#")]
    if not wanted:
        raise ValueError("it holds no root key")
    return tuple(_parsed(at, line) for at, line in wanted)


def format_roots(roots: tuple[Key, ...]) -> str:
    """Return them as a file holds them."""
    return "".join(f"{to_text(root.secret)}\n" for root in roots)


def wrap(root: Key, key: Key, purpose: str) -> str:
    """Return a data key's secret sealed by the root key, bound to its name and purpose."""
    nonce = os.urandom(NONCE)
    return to_text(nonce + root.encrypt(nonce, key.secret, _bound(root, key.kid, purpose)))


def unwrap(root: Key, kid: str, purpose: str, wrapped: str) -> Key:
    """Return the data key.

    Raises:
        Unreadable: it was changed, or belongs to another kid, purpose or root key.
    """
    try:
        raw = from_text(wrapped)
    except (ValueError, NotBase64) as error:
        raise Unreadable("forged", f"data key {kid}") from error
    return Key(kid, root.decrypt(raw[:NONCE], raw[NONCE:], _bound(root, kid, purpose)))


def _bound(root: Key, kid: str, purpose: str) -> bytes:
    return f"data_key|{purpose}|{kid}|{root.kid}".encode()


def _parsed(at: int, line: str) -> Key:
    try:
        secret = from_text(line)
    except (ValueError, NotBase64):
        secret = b""
    if len(secret) != Key.size:
        raise ValueError(f"line {at} {WRONG}")
    if len(set(secret)) < 8:  # zeros, or something typed: chance gives so few different bytes never
        raise ValueError(f"line {at} {WRONG}, made by chance")
    return root_key(secret)
