"""The form of a message that rules are written for: narrow, lower case, simplified, no apostrophes, marks kept."""

import re
import unicodedata

from knowledge.normalize import simplify

LONGEST = 4_000
"""What is read of a message: the first words say what it is about, and a triage must end in time."""
_BLANKS = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r"\s*\n\s*")
_PARTED = re.compile(r" +(?=n['’]t\b|['’](?:s|re|ve|ll|d|m)\b)")
"""As some programs write: ``did n't``, ``I 've``."""
_SENTENCE_END = re.compile(r"[.!?;。…\n]+")


def fold(text: str) -> str:
    """Return ``text`` as the rules see it.

    Full-width signs are narrow (``！`` is ``!``), Traditional characters simplified, Latin letters lower case,
    apostrophes gone (``don't`` is ``dont``), runs of blanks one blank; sentence marks and line breaks stay.
    """
    text = text[:LONGEST]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _BREAKS.sub("\n", _BLANKS.sub(" ", simplify(_PARTED.sub("", text.lower())))).strip()


def sentence_around(folded: str, start: int, end: int) -> str:
    """Return the sentence of a folded text in which ``folded[start:end]`` stands."""
    begin, finish = 0, len(folded)
    for mark in _SENTENCE_END.finditer(folded):
        if mark.end() <= start:
            begin = mark.end()
        elif mark.start() >= end:
            finish = mark.start()
            break
    return folded[begin:finish]
