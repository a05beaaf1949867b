"""Cut a rambling message into the clauses one of which may hold the question."""

from __future__ import annotations

import re
from typing import NamedTuple

MAX_CLAUSES = 24
READ_CHARACTERS = 4_000

_CUT = re.compile(
    r"[。！？!?；;：\n，,…~～]+|[.:](?:\s+|$)|\s[-–—]+\s|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])"
)
_MIN_CHINESE, _MIN_WORDS = 4, 2
_ASKS = re.compile(
    r"[吗么嘛呢]$|什么|啥|怎么|怎样|咋|如何|哪|谁|几(?!乎)|多(?:少|久|长|大|远|快|重|高)|为何|是否|请问|(.)不\1|有没有|有无|能否|可否|"
    r"^(?:(?:and|so|but|or|also|then|hi|hello|please|well|ok|plus) )*(?:how|what|whats|where|wheres|when|why|who|whose|which|"
    r"can|could|do|does|did|is|are|was|were|will|would|should|may|am|have|has)\b|"
    r"\b(?:how (?:to|do|can|much|many|long|often)|what (?:is|are|do|if)|where (?:is|are|can|do)|when (?:is|will|do|can)|"
    r"(?:can|could|may|should|do) (?:i|we|you)|(?:is|are) (?:there|it)|tell me|want to know|wondering)\b",
    re.IGNORECASE,
)


class Clause(NamedTuple):
    """A part of a message between two stops, and whether it has the form of a question."""

    text: str
    asks: bool


def clauses(text: str) -> list[Clause]:
    """Return the parts between stops and commas that are long enough to be a question, at most 24.

    Of a longer message the beginning and the end are kept: people ask first or last.
    """
    found, begin = list[Clause](), 0
    for cut in _CUT.finditer(text + "\n"):
        part = text[begin : cut.start()].strip()
        begin = cut.end()
        if part and _long_enough(part):
            found.append(Clause(part, bool(_MARK.search(cut[0]) or _ASKS.search(part))))
    if len(found) <= MAX_CLAUSES:
        return found
    half = MAX_CLAUSES // 2
    return found[:half] + found[-half:]


_MARK = re.compile("[?？]")


def readable(text: str) -> str:
    """Return the part of a very long message that is read at all: its beginning and its end."""
    if len(text) <= READ_CHARACTERS:
        return text
    half = READ_CHARACTERS // 2
    return f"{text[:half]}\n{text[-half:]}"


def _long_enough(part: str) -> bool:
    return len(part.split()) >= _MIN_WORDS if part.isascii() else len(part) >= _MIN_CHINESE
