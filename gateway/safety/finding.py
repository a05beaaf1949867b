"""One thing that is wrong, or worth knowing, with what to do about it."""

from dataclasses import dataclass, field
from typing import Any, Literal

from gateway.errors import Said

Level = Literal["ok", "note", "bad"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """``note`` does not stop anything from working; ``bad`` does, or will."""

    check: str
    level: Level = "bad"
    found: Said
    remedy: Said | None = None
    where: dict[str, Any] = field(default_factory=dict)
    """Names of rows, files, channels; never a customer's words."""

    def as_json(self, lang: str) -> dict[str, Any]:
        """Return it as one line of JSON tells it."""
        told: dict[str, Any] = {"check": self.check, "level": self.level, "found": self.found.in_(lang)}
        if self.where:
            told["where"] = self.where
        if self.remedy is not None:
            told["remedy"] = self.remedy.in_(lang)
        return told

    def as_text(self, lang: str) -> str:
        """Return it as a person reads it."""
        sign = {"ok": "✓", "note": "·", "bad": "✗"}[self.level]
        text = f"{sign} {self.check}: {self.found.in_(lang)}"
        return text if self.remedy is None else f"{text}\n    → {self.remedy.in_(lang)}"
