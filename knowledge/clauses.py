"""Cut a rambling message into the clauses one of which may hold the question."""

from __future__ import annotations

import re

MAX_CLAUSES = 24
READ_CHARACTERS = 4_000

_CUT = re.compile(r"[。！？!?；;\n，,…~～]+|\.(?:\s+|$)|\s[-–—]+\s")
_MIN_CHINESE, _MIN_WORDS = 4, 2


def clauses(text: str) -> list[str]:
    """Return the parts between stops and commas that are long enough to be a question, at most 24.

    Of a longer message the beginning and the end are kept: people ask first or last.
    """
    parts = [part.strip() for part in _CUT.split(text) if part and _long_enough(part)]
    if len(parts) <= MAX_CLAUSES:
        return parts
    half = MAX_CLAUSES // 2
    return parts[:half] + parts[-half:]


def readable(text: str) -> str:
    """Return the part of a very long message that is read at all: its beginning and its end."""
    if len(text) <= READ_CHARACTERS:
        return text
    half = READ_CHARACTERS // 2
    return f"{text[:half]}\n{text[-half:]}"


def _long_enough(part: str) -> bool:
    part = part.strip()
    return len(part.split()) >= _MIN_WORDS if part.isascii() else len(part) >= _MIN_CHINESE
