"""A mistake in a knowledge file, told so that its editor can mend it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong where, and what would do, in both languages; ``fatal`` ones refuse the version."""

    file: Path
    line: int
    en: str
    zh: str
    remedy_en: str
    remedy_zh: str
    fatal: bool = True

    def text(self, lang: str = "en") -> str:
        """One line for people: place, finding and remedy in ``lang``."""
        found, remedy = (self.zh, self.remedy_zh) if lang.startswith("zh") else (self.en, self.remedy_en)
        return f"{self.file.name}:{self.line}: {found} {remedy}"

    def __str__(self) -> str:
        return self.text("en")


class FileRefused(Exception):
    """Raised inside the loader: this file cannot be read any further."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem
