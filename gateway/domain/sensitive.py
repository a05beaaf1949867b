"""Sensitive data in a customer's message: what must be masked, asked for elsewhere, or kept from strangers (K6).

The value itself must be in the text: "I forgot my password" gives nothing away. Order, tracking, ticket, invoice and
serial numbers, amounts and dates are not sensitive.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Literal

from gateway.domain.sensitive_addresses import addresses
from gateway.domain.sensitive_mail import emails
from gateway.domain.sensitive_numbers import cards, identities
from gateway.domain.sensitive_phones import phones
from gateway.domain.sensitive_secrets import secrets, tokens
from gateway.domain.sensitive_text import Found, narrow

Tag = Literal["id_number", "bank_card", "phone", "address", "password"]
TAGS: tuple[Tag, ...] = ("id_number", "bank_card", "phone", "address", "password")

Detector = Callable[[str], Iterator[Found]]

# In order of certainty: what an earlier one has taken, a later one leaves.
_DETECTORS: tuple[Detector, ...] = (identities, cards, secrets, phones, addresses, emails, tokens)


def find_sensitive(text: str) -> tuple[Found, ...]:
    """Return the sensitive data a message gives, in order of place, none overlapping."""
    return tuple(one for one in find_given(text) if one.kind in TAGS)


@lru_cache(maxsize=64)
def find_given(text: str) -> tuple[Found, ...]:
    """Return all personal data a message gives, addresses of mail and tokens of machines among it, as ``find_sensitive``.

    A message is asked about by several in one turn: the last ones are remembered.
    """
    return found_by(_DETECTORS, text, with_doubt=False)


def sensitive_tags(text: str) -> tuple[Tag, ...]:
    """Return which kinds of sensitive data a message gives, in the order of ``TAGS``."""
    kinds = {one.kind for one in find_sensitive(text)}
    return tuple(tag for tag in TAGS if tag in kinds)


def found_by(detectors: tuple[Detector, ...], text: str, *, with_doubt: bool) -> tuple[Found, ...]:
    """Return what the detectors find, the earlier before the later; ``with_doubt`` takes what only looks so, too."""
    folded = narrow(text)
    found: list[Found] = []
    taken = bytearray(len(text))
    for detector in detectors:
        for new in detector(folded):
            if (with_doubt or not new.in_doubt) and 1 not in taken[new.start : new.end]:
                found.append(new)
                taken[new.start : new.end] = b"\1" * (new.end - new.start)
    return tuple(sorted(found, key=lambda one: one.start))
