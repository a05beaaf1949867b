"""One thing that ``gateway mail probe`` looked at."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warning", "failed", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing looked at: how it stands, in both languages, and the remedy where it does not stand well."""

    check: str
    level: Level = "ok"
    zh: str
    en: str
    remedy_zh: str = ""
    remedy_en: str = ""


def failed(check: str, zh: str, en: str, error: BaseException, remedy_zh: str, remedy_en: str) -> Line:
    """Return a line for what does not work, with what was said about it."""
    said = str(error) or type(error).__name__
    return Line(
        check=check,
        level="failed",
        zh=f"{zh}：{said}",
        en=f"{en}: {said}",
        remedy_zh=remedy_zh,
        remedy_en=remedy_en,
    )
