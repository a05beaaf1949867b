"""The house's own synonyms: ``synonyms.txt`` in the knowledge folder, read beside those of the product."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge.frontmatter import decode
from knowledge.lexicon import WORDS, Lexicon, read_lexicon, shipped_lexicon
from knowledge.problem import FileRefused, Problem

NAMES = ("synonyms.txt", "同义词.txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Synonyms:
    """The lines of the file, its digest ("" where there is none), and what is wrong with it."""

    lines: tuple[str, ...] = ()
    digest: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def lexicon(self) -> Lexicon:
        """The product's synonyms and these; the same object for the same lines."""
        return _lexicon(self.lines)


def read_synonyms(folder: Path, previous: Synonyms | None = None) -> Synonyms:
    """Read the file; one that cannot be read is a problem, and the ``previous`` lines stay in use."""
    for file in (folder / name for name in NAMES):
        try:
            raw = file.read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            return _refused(file, str(error.strerror), "unreadable", previous)
        digest = hashlib.blake2b(raw, digest_size=16).hexdigest()
        if previous is not None and previous.digest == digest:
            return previous
        try:
            return Synonyms(lines=tuple(decode(raw, file).split("\n")), digest=digest)
        except FileRefused as refused:
            return _refused(file, refused.problem.en, digest, previous)
    return Synonyms()


def _refused(file: Path, why: str, digest: str, previous: Synonyms | None) -> Synonyms:
    problem = Problem(
        file=file, line=1,
        en=f"The synonyms cannot be read ({why.rstrip('.')}); the last good ones stay in use.", zh=f"同义词文件读不出来（{why.rstrip('.')}）；仍使用上一次的内容。",
        remedy_en='Save it as "UTF-8", one group a line, words separated by commas.', remedy_zh="请另存为 UTF-8，一行一组，用逗号分隔。", fatal=False,
    )  # fmt: skip
    return Synonyms(lines=previous.lines if previous else (), digest=digest, problems=(problem,))


@lru_cache(maxsize=2)
def _lexicon(lines: tuple[str, ...]) -> Lexicon:
    if not any(line.partition("#")[0].strip() for line in lines):
        return shipped_lexicon()
    shipped = (WORDS / "synonyms.txt").read_text(encoding="utf-8").splitlines()
    return read_lexicon([*shipped, *lines])
