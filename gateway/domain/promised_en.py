"""Whose promise an English clause is: ours, nobody's of ours (asked, past, denied, a third party's), or open."""

import re
from collections.abc import Iterator

from gateway.domain.promised import Clause, Stance

_CUT = re.compile(
    r",|:|\s(?=(?:and|but|so|then|once|after|when|if|unless|because|although|though)\s)| [–—-] "
)
_WILL = r"(?:\s*(?:'ll| will| shall|'re going to| are going to|'m going to| am going to| promise to|'d like to| aim to| plan to)\b)"
_CREW = (
    r"(?:(?:our|a|an|my|the|one of our)\s+(?:\w+\s+)?(?:team|colleagues?|technicians?|engineers?|specialists?|managers?|agents?|"
    r"supervisors?|staff|department|warehouse|advisers?|advisors?|representatives?|people|finance)|someone|somebody)"
)
_OURS = re.compile(
    rf"\b(?:(?:i|we){_WILL}|{_CREW}(?:\s+(?:from|of|in|at)\s+\w+(?:\s+\w+)?)?\s+(?:will|is going to|are going to)\b"
    rf"|you(?:'ll| will| should)\s+(?:hear|have|receive|get)\b|(?:expect|await)\s+(?:our|a|an|my)\s+(?:reply|answer|call|response|mail|update)"
    rf"|(?:give|allow|let)\s+(?:me|us)\b|please\s+(?:wait|bear with (?:me|us))\s+(?:for\s+)?(?:\d|a|an|another|half|one|two|three|ten|fifteen)"
    rf"|(?:i|we)\s+promise\b)"
)
_DENIED = re.compile(r"n't\b|\bnot\b|\bnever\b|\bcannot\b|\bunable\b|\bno (?:one|longer)\b|\bunlikely\b")
_ASKED = re.compile(
    r"\b(?:please|could you|can you|would you|will you|did we|do you|kindly|if|unless|when you|once you|let us know|let me know)\b"
)
_OTHERS = re.compile(
    r"\b(?:courier|carrier|voucher|coupon|opening hours|valid|you can|you may|you have|you ordered)\b"
)
_FOLLOWS = re.compile(r"^\s*(?:and|but|then|so)\s+(?!you\b|the\b|your\b|it\b|they\b|please\b)\w+")


def clauses_en(sentence: str, offset: int) -> Iterator[Clause]:
    """Yield the clauses of one lower-case sentence, each with whose promise it could be."""
    is_asked = sentence.rstrip().endswith("?")
    was_ours = False
    start = 0
    for cut in (*(match.end() for match in _CUT.finditer(sentence)), len(sentence)):
        if cut > start:
            stance = Stance.OTHER if is_asked else _stance(sentence[start:cut], was_ours)
            was_ours = stance is Stance.OURS
            yield Clause(start=offset + start, end=offset + cut, stance=stance)
        start = cut


def _stance(clause: str, was_ours: bool) -> Stance:
    if _DENIED.search(clause):
        return Stance.OTHER
    if _OURS.search(clause):
        return Stance.OURS
    if _ASKED.search(clause) or _OTHERS.search(clause):
        return Stance.OTHER
    return Stance.OURS if was_ours and _FOLLOWS.search(clause) else Stance.OPEN
