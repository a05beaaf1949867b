"""Who else gets a mail: addresses an agent typed, checked before anything is owed to them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

MOST = 20
"""A reply to more people than this is a circular, and those are not sent from a ticket."""

_LOCAL = re.compile(r"[^\s\x00-\x20\x7f()<>\[\]:;@\\,\"]{1,64}")
_LABEL = re.compile(r"(?!-)[^\W_]([\w-]{0,61}[^\W_])?", re.UNICODE)


class Role(StrEnum):
    """Where a recipient stands in the header; a ``bcc`` stands nowhere."""

    TO = "to"
    CC = "cc"
    BCC = "bcc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One more recipient of a mail."""

    address: str
    role: Role


def recipients(
    to: Iterable[str] = (), cc: Iterable[str] = (), bcc: Iterable[str] = ()
) -> tuple[Recipient, ...]:
    """Return everybody once, in the first of the roles they were named in.

    Raises:
        ValueError: an address is no plain one, or there are too many; ``str`` of it is the address, or the number.
    """
    found: dict[str, Recipient] = {}
    for role, addresses in ((Role.TO, to), (Role.CC, cc), (Role.BCC, bcc)):
        for typed in addresses:
            address = typed.strip()
            if not is_plain(address):
                raise ValueError(address[:100])
            found.setdefault(address.casefold(), Recipient(address=address, role=role))
    if len(found) > MOST:
        raise ValueError(str(len(found)))
    return tuple(found.values())


def is_plain(address: str) -> bool:
    """Return whether it is one bare address: no name, no second one, nothing a header could begin with."""
    local, at, domain = address.rpartition("@")
    if not at or len(address.encode()) > 254 or not _LOCAL.fullmatch(local):
        return False
    if local.startswith(".") or local.endswith(".") or ".." in local:
        return False
    labels = domain.split(".")
    return len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
