"""One thing a rule found, told so that an editor can mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Level = Literal["error", "warning", "note"]
LEVELS: tuple[Level, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Where, what and what would do; an error must be mended, a warning should be, a note is worth knowing."""

    rule: str
    level: Level
    file: Path
    line: int
    en: str
    zh: str
    remedy_en: str
    remedy_zh: str

    def found_in(self, lang: str) -> str:
        """The finding in ``lang``."""
        return self.zh if lang.startswith("zh") else self.en

    def remedy_in(self, lang: str) -> str:
        """What would do, in ``lang``."""
        return self.remedy_zh if lang.startswith("zh") else self.remedy_en

    def as_json(self, folder: Path) -> Mapping[str, Any]:
        """Everything in both languages, the file as seen from ``folder``."""
        return {
            "rule": self.rule, "level": self.level, "file": name_in(folder, self.file), "line": self.line,
            "zh": self.zh, "en": self.en, "remedy_zh": self.remedy_zh, "remedy_en": self.remedy_en,
        }  # fmt: skip


def name_in(folder: Path, file: Path) -> str:
    """Name a file as seen from ``folder``."""
    return file.relative_to(folder).as_posix() if file.is_relative_to(folder) else str(file)
