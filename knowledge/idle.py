"""Clauses that tell a mood and no matter: "sorry to bother you", "气死我了", "I have been waiting for three days"."""

from __future__ import annotations

import re
from functools import lru_cache

from knowledge.lexicon import WORDS, function_words
from knowledge.normalize import fold, is_cjk, runs
from knowledge.stem import stem

# Characters that hold a Chinese sentence together and say nothing of its matter.
_LITTLE = re.compile(
    "[我你您他她它们咱俺的地得了着过吗吧啊呀呢哦噢啦嘛哈就都也还又才却但而且和与及是有在很太真好最更这那个些位不没未要会能可以应该被让把对给为因所从到去来啥什么怎么样多少下上里外中大小只点能]"
)


def is_idle(folded: str) -> bool:
    """Say whether a folded clause is made of nothing but words of mood and little words, at least one of mood."""
    words, pieces = _idle()
    seen = False
    for run in runs(folded):
        if is_cjk(run):
            rest, cut = pieces.subn("", run)
            seen = seen or cut > 0
            if _LITTLE.sub("", rest):
                return False
        elif stem(run) in words:
            seen = True
        elif run not in function_words() and not run.isdecimal():
            return False
    return seen


def content(folded: str) -> int:
    """Return how much of a folded clause is neither mood nor little words: Chinese characters, two for a Latin word."""
    return sum(len(one) if is_cjk(one) else 2 for one in matter(folded))


def matter(folded: str) -> list[str]:
    """Return the words of a folded text, and of its Chinese runs the characters, that tell neither mood nor little."""
    words, pieces = _idle()
    found: list[str] = []
    for run in runs(folded):
        if is_cjk(run):
            found.extend(_LITTLE.sub("", pieces.sub("", run)))
        elif stem(run) not in words and run not in function_words():
            found.append(run)
    return found


@lru_cache(maxsize=1)
def _idle() -> tuple[frozenset[str], re.Pattern[str]]:
    lines = (WORDS / "idle.txt").read_text(encoding="utf-8").splitlines()
    listed = [fold(word) for line in lines if not line.startswith("#") for word in line.split()]
    chinese = sorted((word for word in listed if is_cjk(word)), key=len, reverse=True)
    return frozenset(stem(word) for word in listed if not is_cjk(word)), re.compile("|".join(chinese))
