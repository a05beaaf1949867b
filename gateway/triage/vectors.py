"""A message as the model sees it: what the rules found, by name, and pieces of its text, hashed."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from re import compile as pattern
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from gateway.triage.evidence import Evidence, Message

BUCKETS = 1 << 15
"""Into how many buckets pieces of text fall."""
_MASK = np.uint32(BUCKETS - 1)
_CHINESE_SIZES = (1, 2, 3)
_LATIN_SIZES = (3, 4, 5)
_WORD = pattern(r"[a-z]+|\d+|[!?]")
_DIGITS = str.maketrans("123456789", "000000000")
_LONGEST = 1_500
_STEP = np.uint32(0x01000193)

Buckets = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Vector:
    """Named features with their values, and the buckets of the text's pieces, each once."""

    named: Mapping[str, float]
    buckets: Buckets

    @property
    def each(self) -> float:
        """What each piece counts: a long message has more of them, and no more to say for it."""
        return float(1.0 / np.sqrt(len(self.buckets))) if len(self.buckets) else 0.0


def vector(message: Message, evidence: Evidence) -> Vector:
    """Return ``message`` as the model sees it."""
    return Vector(_named(message, evidence), buckets(evidence.folded))


def _named(message: Message, evidence: Evidence) -> dict[str, float]:
    found = {f"rule:{one.rule.id}": 1.0 for one in evidence.fired}
    found.update((f"fact:{name}", weight) for name, weight in evidence.facts.items())
    found.update((f"topic:{name}", weight / 2) for name, weight in evidence.topics.items())
    size = len(evidence.folded)
    found[f"size:{'tiny' if size < 8 else 'short' if size < 25 else 'middle' if size < 90 else 'long'}"] = 1.0
    found["any"] = 1.0
    if message.channel:
        found[f"channel:{message.channel}"] = 1.0
    if "?" in evidence.folded:
        found["asks"] = 1.0
    if not evidence.topics:
        found["no topic"] = 1.0
    return found


def buckets(folded: str) -> Buckets:
    """Return the buckets of a folded text's pieces: Chinese runs of 1 to 3 signs, Latin of 3 to 5, words and pairs of words."""
    text = _kept(folded)
    codes = _codes(text)
    is_chinese = (codes >= 0x3400) & (codes < 0xA000)
    found = []
    running = np.zeros(len(codes), dtype=np.uint32)
    has_chinese = np.zeros(len(codes), dtype=bool)
    for size in range(1, max(_LATIN_SIZES) + 1):
        count = len(codes) - size + 1
        if count <= 0:
            break
        running = running[:count] * _STEP + codes[size - 1 :]
        has_chinese = has_chinese[:count] | is_chinese[size - 1 :]
        chosen = has_chinese if size in _CHINESE_SIZES else np.zeros(count, dtype=bool)
        if size in _LATIN_SIZES:
            chosen = chosen | ~has_chinese
        found.append(running[chosen] + np.uint32(size * 0x9E3779B1 & 0xFFFFFFFF))
    words = _WORD.findall(text)
    found.append(_crc([*words, *(f"{one} {two}" for one, two in pairwise(words))]))
    return np.unique(_mixed(np.concatenate(found))).astype(np.int64)


def pieces_by_bucket(folded: str) -> dict[int, str]:
    """Return what a reader can be shown of a text's pieces, by bucket: Chinese pairs, Latin words and pairs of words."""
    text = _kept(folded)
    words = [word for word in _WORD.findall(text) if len(word) > 2]
    shown = [*words, *(f"{one} {two}" for one, two in pairwise(_WORD.findall(text)))]
    found = dict(zip(_mixed(_crc(shown)).tolist(), shown, strict=True))
    codes = _codes(text)
    pairs = codes[:-1] * _STEP + codes[1:] + np.uint32(2 * 0x9E3779B1 & 0xFFFFFFFF)
    for bucket, one, two in zip(_mixed(pairs).tolist(), codes[:-1], codes[1:], strict=True):
        if 0x3400 <= one < 0xA000 and 0x3400 <= two < 0xA000:
            found[bucket] = chr(one) + chr(two)
    return found


def _kept(folded: str) -> str:
    return f" {folded[:_LONGEST].translate(_DIGITS)} "


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)


def _crc(words: list[str]) -> NDArray[np.uint32]:
    return np.array([crc32(word.encode()) for word in words], dtype=np.uint32)


def _mixed(hashes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Spread hashes over the buckets (the finishing steps of MurmurHash3)."""
    hashes = hashes ^ (hashes >> np.uint32(16))
    hashes = hashes * np.uint32(0x85EBCA6B)
    hashes = hashes ^ (hashes >> np.uint32(13))
    hashes = hashes * np.uint32(0xC2B2AE35)
    return (hashes ^ (hashes >> np.uint32(16))) & _MASK
