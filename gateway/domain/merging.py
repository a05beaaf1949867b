"""Whether two tickets look like one matter: what they name, and their words. Pure."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from gateway.domain.phone import phone_key

WITHIN = timedelta(hours=48)
"""Words are compared with those of tickets opened within this before or after."""
ALIKE = 0.8
"""From this share of common pairs of characters on two texts say the same."""
LEAST = 6
"""Shorter texts are all alike."""
NAMED = ("order", "tracking", "phone", "email")
"""What two tickets about one matter have in common; sums, days and products many have."""


def keys_of(entities: Iterable[Mapping[str, str]], addresses: Iterable[str]) -> frozenset[str]:
    """Return what a ticket can be found by: ``order:DD2026112300``, ``phone:13812345678``, ``email:a@b.example``."""
    found = {_key(one["kind"], one["value"]) for one in entities if one["kind"] in NAMED}
    for address in addresses:
        if "@" in address:
            found.add(_key("email", address))
        elif address.lstrip("+").isdigit():
            found.add(_key("phone", address))
    return frozenset(key for key in found if key)


def keys_for(word: str) -> frozenset[str]:
    """Return every key that a word looked for may stand for."""
    return frozenset(key for kind in NAMED if (key := _key(kind, word)))


def likeness(one: str, other: str) -> float:
    """Return the share of pairs of neighbouring characters that two texts have in common, 0 for short ones."""
    first, second = _pairs(one), _pairs(other)
    if min(len(first), len(second)) < LEAST:
        return 0.0
    return len(first & second) / len(first | second)


def _key(kind: str, value: str) -> str:
    if kind == "phone":
        digits = phone_key(value)
        return f"phone:{digits}" if digits else ""
    return f"{kind}:{value.strip().casefold()}"[:128]


def _pairs(text: str) -> frozenset[str]:
    letters = "".join(c for c in text.casefold() if c.isalnum())
    return frozenset(letters[place : place + 2] for place in range(len(letters) - 1))
