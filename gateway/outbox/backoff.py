"""When to try again, and when to give up. PURE."""

from dataclasses import dataclass
from datetime import datetime, timedelta

MAIL = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30))
MAIL_THEN = timedelta(hours=1)
FIRST = timedelta(seconds=15)
LONGEST = timedelta(hours=1)
GIVE_UP = timedelta(days=4)
"""RFC 5321 §4.5.4.1: four to five days."""


def next_try(attempts: int, *, mail: bool, jitter: float, retry_after: timedelta | None = None) -> timedelta:
    """Return how long to wait after ``attempts`` tries; ``jitter`` is 0–1 and shortens by up to a quarter.

    A provider that names its pause (``retry_after``) is obeyed to the second.
    """
    if retry_after is not None:
        return retry_after
    if mail:
        wait = MAIL[attempts - 1] if attempts <= len(MAIL) else MAIL_THEN
    else:
        wait = min(FIRST * 2 ** min(attempts - 1, 10), LONGEST) * (1 - jitter / 4)
    return wait


def is_hopeless(created_at: datetime, now: datetime) -> bool:
    """Return whether a message has been tried long enough."""
    return now - created_at > GIVE_UP


FIRST_PAUSE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A provider wants less: its whole channel rests until then, longer each time it says so again."""

    until: datetime | None = None
    times: int = 0

    def holds(self, now: datetime) -> bool:
        """Return whether nothing is sent now."""
        return self.until is not None and now < self.until

    def longer(self, now: datetime, wish: timedelta | None) -> "Pause":
        """Return the next pause: the provider's own, else 1, 2, 4 … minutes, an hour at most."""
        wait = wish if wish is not None else min(FIRST_PAUSE * 2 ** min(self.times, 10), LONGEST)
        return Pause(until=now + wait, times=self.times + (wish is None))
