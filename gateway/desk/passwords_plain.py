"""Which passwords everybody tries first: made by rules from a short list of our own. Pure.

The lists that guessers use are words, names and rows of keys, each with figures around it and letters turned into
figures. So the rules here take all that away; what remains must still be hard to guess.
"""

import re
from importlib.resources import files
from itertools import pairwise

LEAST_LETTERS, LEAST_LEFT = 5, 6
"""So many different characters, and so many in all, must remain."""

WORDS = tuple(files("gateway.desk").joinpath("plain_words.txt").read_text("utf-8").split())
"""Longest first where they are taken away, so that ``loveyou`` goes before ``love``."""

_KEYS = (
    "1234567890",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
    "1q2w3e4r5t6y7u8i9o0p",
)
_LEET = str.maketrans(
    {"@": "a", "4": "a", "8": "b", "3": "e", "1": "i", "!": "i", "0": "o", "5": "s", "$": "s", "7": "t"}
)
_YEARS = re.compile(r"(?:19|20)\d\d(?:[01]?\d[0-3]?\d)?")
_ORDERED = tuple(sorted(WORDS, key=len, reverse=True))


def what_is_left(password: str, *own: str) -> str:
    """Return what of a password no list knows; ``own`` are words about the person (login, name)."""
    folded = "".join(password.casefold().split())
    words = tuple("".join(word.casefold().split()) for word in own)
    plain = _without(folded, words)
    # Once as it stands and once read as letters: p4ssw0rd is no better than password.
    return min((plain, _without(folded.translate(_LEET), words)), key=len)


def is_plain(password: str, *own: str) -> bool:
    """Return whether a password is little more than what everybody tries first."""
    left = what_is_left(password, *own)
    return len(left) < LEAST_LEFT or len(set(left)) < LEAST_LETTERS or _is_a_row(left)


def _without(text: str, own: tuple[str, ...]) -> str:
    text = _YEARS.sub("", text)
    for word in (*sorted(own, key=len, reverse=True), *_ORDERED):
        if len(word) >= 3:
            text = text.replace(word, "")
    return _without_walks(text)


def _without_walks(text: str) -> str:
    """Take away four and more keys that lie side by side, either way round."""
    for row in _KEYS:
        for walk in (row, row[::-1]):
            for length in range(len(walk), 3, -1):
                for start in range(len(walk) - length + 1):
                    text = text.replace(walk[start : start + length], "")
    return text


def _is_a_row(text: str) -> bool:
    """abcdefgh, 12345678, backwards too, and such rows one after the other."""
    steps = [abs(ord(after) - ord(before)) for before, after in pairwise(text)]
    return sum(step <= 1 for step in steps) > 0.8 * len(steps)
