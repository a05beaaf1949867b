"""What the desk is told about a channel that works, but not as usual: until when, and what to do about it."""

from dataclasses import dataclass, field
from datetime import datetime

from gateway.errors import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What is unusual, what an operator does about it, and until when it is so."""

    found: Said
    remedy: Said
    until: datetime


@dataclass(slots=True)
class Notices:
    """The present notice of each channel, in this process."""

    _by_channel: dict[str, Notice] = field(default_factory=dict)

    def put(self, channel: str, notice: Notice) -> None:
        """Show a notice in place of the one before."""
        self._by_channel[channel] = notice

    def of(self, channel: str, now: datetime) -> Notice | None:
        """Return the channel's notice while it holds."""
        notice = self._by_channel.get(channel)
        return notice if notice is not None and now < notice.until else None
