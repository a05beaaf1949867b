"""The address a bounce comes back to: made for one copy of one mail, so that no report need be understood. Pure."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable

_HEX = re.compile(r"[0-9a-f]{32}")
_SHORT = re.compile(r"[a-z0-9]{1,25}")
_TOKEN = re.compile(r"b-([a-z2-7]{26}|[a-z0-9]{1,25})-(\d{1,2})\.([a-z2-7]{16})")


def bounce_address(address: str, key: str, copy: int, secret: bytes) -> str | None:
    """Return ``support+b-<key>-<copy>.<signature>@…``; None if the key or the length forbids it.

    The same on every try: greylisting remembers the sender (RFC 6647 §2.1). Lower case, as servers fold local parts.
    """
    local, _, domain = address.rpartition("@")
    if _HEX.fullmatch(key):
        short = base64.b32encode(bytes.fromhex(key)).decode("ascii").rstrip("=").lower()
    elif _SHORT.fullmatch(key):
        short = key
    else:
        return None
    tokened = f"{local}+b-{short}-{copy}.{_signature(short, copy, secret)}"
    return f"{tokened}@{domain}" if len(tokened.encode()) <= 64 and 0 <= copy < 100 else None


def bounced_copy(addresses: Iterable[str], ours: Iterable[str], secret: bytes) -> tuple[str, int] | None:
    """Return key and copy from the first address of ours that was made by ``bounce_address``, rightly signed."""
    names = {tuple(address.lower().rpartition("@")[::2]) for address in ours}
    for address in addresses:
        local, _, domain = address.lower().rpartition("@")
        base, _, token = local.rpartition("+")
        match = _TOKEN.fullmatch(token)
        if match is None or (base, domain) not in names:
            continue
        short, copy, signed = match.group(1), int(match.group(2)), match.group(3)
        if hmac.compare_digest(signed, _signature(short, copy, secret)):
            return _key(short), copy
    return None


def _key(short: str) -> str:
    if len(short) != 26:
        return short
    return base64.b32decode(short.upper() + "======").hex()


def _signature(short: str, copy: int, secret: bytes) -> str:
    digest = hmac.digest(secret, f"bounce/{short}/{copy}".encode("ascii"), hashlib.sha256)
    return base64.b32encode(digest[:10]).decode("ascii").lower()
