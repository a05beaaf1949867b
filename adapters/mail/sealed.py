"""Sealing a small secret before it is stored: HMAC-SHA256 in counter mode, then a tag over all of it.

A refresh token that the provider renewed must outlive the process, and a database is copied about. The key is made
of the gateway's own secret, which backups keep apart.
"""

import base64
import binascii
import hashlib
import hmac

_NONCE = 16
_TAG = 32


def sealed(text: str, key: bytes, nonce: bytes) -> str:
    """Return ``text`` so that only the holder of ``key`` can read or change it; a nonce is used once."""
    if len(nonce) != _NONCE:
        raise ValueError("a nonce has 16 bytes")
    hidden = nonce + _mixed(text.encode(), key, nonce)
    return base64.b64encode(hidden + _tag(hidden, key)).decode("ascii")


def opened(text: str, key: bytes) -> str | None:
    """Return what ``sealed`` hid; None if it is none of ours."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    hidden, tag = raw[:-_TAG], raw[-_TAG:]
    if len(hidden) < _NONCE or not hmac.compare_digest(tag, _tag(hidden, key)):
        return None
    return _mixed(hidden[_NONCE:], key, hidden[:_NONCE]).decode()


def _tag(hidden: bytes, key: bytes) -> bytes:
    return hmac.digest(hmac.digest(key, b"tag", hashlib.sha256), hidden, hashlib.sha256)


def _mixed(text: bytes, key: bytes, nonce: bytes) -> bytes:
    stream_key = hmac.digest(key, b"stream", hashlib.sha256)
    blocks = (
        hmac.digest(stream_key, nonce + number.to_bytes(4, "big"), hashlib.sha256)
        for number in range(len(text) // 32 + 1)
    )
    return bytes(a ^ b for a, b in zip(text, b"".join(blocks), strict=False))
