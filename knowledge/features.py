"""What of a question is compared: stems, word pairs, letter groups; characters, their pairs and sounds; meanings."""

from __future__ import annotations

from knowledge.lexicon import Lexicon, function_words, shipped_lexicon
from knowledge.normalize import is_cjk, runs
from knowledge.pinyin import sound
from knowledge.stem import stem

FIRST_CJK = "\u3400"

# How much each family of features counts; measured with the FAQ bench, see benchmarks/faq_fit.py.
STEM, WORD_PAIR, LETTERS, MEANING = 3.0, 1.0, 1.0, 2.0
CHARACTER, CHARACTER_PAIR, AROUND, SOUND, CHINESE_MEANING = 2.0, 1.0, 0.5, 0.3, 1.0

Features = tuple[tuple[str, float], ...]


def is_word(token: str) -> bool:
    """Say whether a token is one Latin word or number."""
    return token < FIRST_CJK and " " not in token


class Reader:
    """Cuts folded texts into tokens and knows each token's weighted features; what it worked out, it remembers."""

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self._lexicon = lexicon or shipped_lexicon()
        self._known: dict[str, Features] = {}

    def tokens(self, folded: str) -> list[str]:
        """Return the units whose features are remembered, none twice: words, word pairs, characters, pairs, long words.

        A pair of words is two stems around a space; three characters stand for the outer two; a lone
        character carries a trailing ``|``.
        """
        found: dict[str, None] = {}
        before = ""
        for run in runs(folded):
            if is_cjk(run):
                size = len(run)
                found.update(dict.fromkeys(run if size > 1 else (run + "|",)))
                found.update(dict.fromkeys([run[n : n + 2] for n in range(size - 1)]))
                found.update(dict.fromkeys([run[n : n + 3] for n in range(size - 2)]))
                if size > 2:
                    found.update((f"@{word}", None) for word in self._lexicon.long_words.findall(run))
                before = ""
            else:
                found[run] = None
                root = stem(run)
                if before:
                    found[f"{before} {root}"] = None
                before = root
        return list(found)

    def features(self, token: str) -> Features:
        """Return a token's features with their family weights."""
        known = self._known.get(token)
        if known is None:
            if len(self._known) > 100_000:
                self._known = {}
            known = self._known[token] = tuple(self._work_out(token))
        return known

    def _work_out(self, token: str) -> list[tuple[str, float]]:
        if token[0] == "@":
            return self._meanings(token[1:], CHINESE_MEANING)
        if token < FIRST_CJK:
            if " " in token:
                return [(token, WORD_PAIR), *self._meanings(token, MEANING)]
            root = stem(token)
            groups = () if token in function_words() else _letter_groups(token)
            return [
                (f"={root}", STEM),
                *self._meanings(root, MEANING),
                *((group, LETTERS) for group in groups),
            ]
        if token[-1] == "|":
            return [
                (token[0], CHARACTER),
                (f"~{sound(token[0])}", SOUND),
                *self._meanings(token[0], CHINESE_MEANING),
            ]
        if len(token) == 1:
            return [(token, CHARACTER), *self._meanings(token, CHINESE_MEANING)]
        if len(token) == 3:
            return [(f"{token[0]}^{token[2]}", AROUND)]
        heard = f"~{sound(token[0])}|{sound(token[1])}"
        return [(token, CHARACTER_PAIR), (heard, SOUND), *self._meanings(token, CHINESE_MEANING)]

    def _meanings(self, word: str, weight: float) -> list[tuple[str, float]]:
        return [(f"@{number}", weight) for number in self._lexicon.meanings(word)]


def _letter_groups(word: str) -> list[str]:
    framed = f"<{word}>"
    size = len(framed)
    return [framed[n : n + k] for k in (2, 3, 4) for n in range(size - k + 1)]
