"""Records that fail are left alone for a while: they need not be asked to know that they will not answer. Pure."""

from dataclasses import dataclass

FAILURES = 5
REST = 30.0
"""Seconds."""


@dataclass(slots=True)
class Breaker:
    """Opens after ``FAILURES`` in a row; after ``REST`` one question is let through, and decides."""

    failures: int = 0
    opened_at: float | None = None

    def lets_through(self, now: float) -> bool:
        """Return whether to ask; the one question after a rest is let through once."""
        if self.opened_at is None:
            return True
        if now - self.opened_at < REST:
            return False
        self.opened_at = now
        return True

    def heard(self, *, ok: bool, now: float) -> None:
        """Count an answer, or none."""
        if ok:
            self.failures, self.opened_at = 0, None
            return
        self.failures += 1
        if self.failures >= FAILURES:
            self.opened_at = now
