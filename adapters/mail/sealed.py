"""Sealing a small secret before it is stored, with AES-GCM.

A refresh token that the provider renewed must outlive the process, and a database is copied about. The key is made
of the gateway's own secret, which backups keep apart.
"""

import base64
import binascii

NONCE = 12
"""Bytes of chance that each sealing needs, used once only."""


def sealed(text: str, key: bytes, nonce: bytes) -> str:
    """Return ``text`` so that only the holder of ``key`` (32 bytes) can read or change it."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # only who signs in by OAuth2 pays for it

    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, text.encode(), None)).decode("ascii")


def opened(text: str, key: bytes) -> str | None:
    """Return what ``sealed`` hid; None if it is none of ours."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        raw = base64.b64decode(text, validate=True)
        return AESGCM(key).decrypt(raw[:NONCE], raw[NONCE:], None).decode()
    except (binascii.Error, ValueError, InvalidTag):
        return None
