"""What may stand in the audit of an act: references, numbers, words of ours. Whatever else is given becomes a mark."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from gateway.domain.masking import find_personal

_TOKEN = re.compile(r"[A-Za-z0-9_.:/+#,=*-]{1,128}")
_REFERENCE = re.compile(r"(?:[a-z_]{1,24}:)*[TC]\d{8}-?\d{1,8}")
_DIGEST = re.compile(r"[0-9a-f]{16,128}")
_LONG_NUMBER = re.compile(r"\d{9}")
_LARGEST = 10**9
"""A whole number past this could be somebody's telephone."""

Mark = Callable[[str], str]
"""Makes a pseudonym of words: the same for the same words, and nothing to be read in it."""


def safe_details(given: Mapping[str, Any], mark: Mark) -> dict[str, Any]:
    """Return details without personal values; names of people, which nobody can recognise, never are plain tokens.

    Plain tokens (ids, settings' names, codes) stay, unless they look like a number or an address of a person.
    """
    return {name: _safe(value, mark) for name, value in given.items() if value is not None}


def safe_reference(value: str, mark: Mark) -> str:
    """Return ``ticket:T20261122-0001`` as it is; of what is no reference, a mark."""
    kind, colon, rest = value.partition(":")
    return value if _is_plain(value) else f"{kind}:{mark(rest)}" if colon and _is_plain(kind) else mark(value)


def _safe(value: Any, mark: Mark) -> Any:
    match value:
        case bool():
            return value
        case int():
            return value if abs(value) < _LARGEST else mark(str(value))
        case float():
            return round(value, 6)
        case datetime():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case str():
            return value if _is_plain(value) else mark(value)
        case Mapping():
            return {str(name): _safe(inner, mark) for name, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [
                _safe(inner, mark)
                for inner in (sorted(value) if isinstance(value, set | frozenset) else value)
            ]
        case _:
            return mark(repr(value))


def _is_plain(value: str) -> bool:
    if _REFERENCE.fullmatch(value) or (_DIGEST.fullmatch(value) and not value.isdecimal()):
        return True
    if not _TOKEN.fullmatch(value) or _LONG_NUMBER.search(value):
        return False
    return not find_personal(value)
