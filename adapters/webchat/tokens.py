"""Visitor tokens that need no table: the visitor's id and the hour of issue, signed. Pure."""

import base64
import binascii
import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256

_ID = 16
_TIME = 5
_MAC = 32


class BadToken(Exception):
    """Not a token of ours, or one that is too old; the visitor needs a new one."""


def issue(visitor: bytes, now: datetime, secret: bytes) -> str:
    """Return the token of the visitor with this id of 16 random bytes."""
    body = visitor + int(now.timestamp()).to_bytes(_TIME, "big")
    return base64.urlsafe_b64encode(body + _sign(body, secret)).rstrip(b"=").decode()


def verify(token: str, now: datetime, ttl: timedelta, secret: bytes) -> str:
    """Return the visitor's id in hex: its thread and its address.

    Raises:
        BadToken: forged, mangled, issued in the future or longer ago than ``ttl``.
    """
    try:
        data = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BadToken("not a token") from None
    body, mac = data[: _ID + _TIME], data[_ID + _TIME :]
    if len(mac) != _MAC or not hmac.compare_digest(mac, _sign(body, secret)):
        raise BadToken("signature does not fit")
    age = now - datetime.fromtimestamp(int.from_bytes(body[_ID:], "big"), UTC)
    if not timedelta(minutes=-5) <= age <= ttl:
        raise BadToken(f"issued {age} ago")
    return body[:_ID].hex()


def _sign(body: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, b"visitor token 1:" + body, sha256)
