"""Webhooks signed and checked as Standard Webhooks defines it: two keys may be live at once. Pure.

The signature is of the raw body, under an id and a time: an old delivery cannot be played again, nor another put in its place.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=5)
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
PREFIX = "whsec_"


class BadSignature(Exception):
    """A delivery that was not signed with one of the keys, or too long ago; ``str`` is for the log."""


def key_of(secret: str) -> bytes:
    """Return the key a secret stands for: base64 behind ``whsec_``, or the very characters of any other.

    Raises:
        ValueError: ``whsec_`` and something that is not base64.
    """
    if not secret.startswith(PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("whsec_ must be followed by base64") from error


def signature(key: bytes, id: str, at: datetime, body: bytes) -> str:
    """Return one signature: ``v1,`` and base64."""
    signed = b".".join((id.encode(), str(int(at.timestamp())).encode(), body))
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def headers(keys: Sequence[bytes], id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers of one delivery, signed with every key; ``id`` is the same on every try, the time is not."""
    return {
        "Content-Type": "application/json",
        ID: id,
        TIMESTAMP: str(int(at.timestamp())),
        SIGNATURE: " ".join(signature(key, id, at, body) for key in keys),
    }


def check(keys: Sequence[bytes], given: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Return the id of a delivery that one of the keys signed within five minutes of ``now``.

    ``given`` are the request's headers (any case); all keys are tried, so that time tells nothing.

    Raises:
        BadSignature: it is not to be believed.
    """
    name, stamp, claimed = given.get(ID, ""), given.get(TIMESTAMP, ""), given.get(SIGNATURE, "")
    if not name or not claimed or not (stamp.isascii() and stamp.isdigit()) or len(stamp) > 12:
        raise BadSignature("the headers of a signed delivery are missing or malformed")
    if abs(now.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        raise BadSignature("signed too long ago, or in the future: see that both clocks are right")
    signed = b".".join((name.encode("utf-8", "replace"), stamp.encode(), body))
    right = [b"v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)) for key in keys]
    found = [
        hmac.compare_digest(one.encode("utf-8", "replace"), good)
        for one in claimed.split(" ")[:10]
        for good in right
    ]
    if not any(found):
        raise BadSignature("none of the secrets made this signature")
    return name
