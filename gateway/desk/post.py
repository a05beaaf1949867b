"""Letters to the people of the house: invitations, resets, news of their own account. By the house's mailbox, if any."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import structlog

from adapters.contract import Adapter, AdapterError, Outbound, Refused
from gateway.house import House

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

TRIES = 3
BETWEEN = timedelta(seconds=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail to one person; ``key`` is the message's own."""

    to: str
    subject: str
    text: str
    lang: str
    key: str


class Post(Protocol):
    """Whoever carries letters."""

    def can_send(self) -> bool:
        """Return whether there is any way out."""
        ...

    async def send(self, letter: Letter) -> bool:
        """Carry a letter, with patience; False if it could not be handed over."""
        ...


class NoPost:
    """A house without a mailbox."""

    def can_send(self) -> bool:
        """Return that there is no way out."""
        return False

    async def send(self, letter: Letter) -> bool:
        """Carry nothing."""
        return False


class HousePost:
    """Letters leave by the mail channel that alarms leave by, or by the first there is."""

    def __init__(self, house: House, adapters: Mapping[str, Adapter]) -> None:
        self._house, self._adapters = house, adapters

    def can_send(self) -> bool:
        """Return whether the house has a mailbox."""
        return self._mailbox() is not None

    async def send(self, letter: Letter) -> bool:
        """Try a few times within a minute: a link holds no longer than a quarter of an hour."""
        channel = self._mailbox()
        if channel is None:
            return False
        for attempt in range(1, TRIES + 1):
            try:
                await self._adapters[channel].send(self._outbound(letter, channel, attempt))
            except Refused as refused:
                log.warning("letter.refused", key=letter.key, error=str(refused))
                return False
            except AdapterError as failed:
                log.warning("letter.not_sent", key=letter.key, error=str(failed), attempt=attempt)
                if attempt < TRIES:
                    await self._house.clock.wait(BETWEEN)
            else:
                return True
        return False

    def _mailbox(self) -> str | None:
        wanted = self._house.policy.alarms.mail_channel
        boxes = [name for name in self._adapters if self._house.kind(name) == "mail" and wanted in ("", name)]
        return boxes[0] if boxes else None

    def _outbound(self, letter: Letter, channel: str, attempt: int) -> Outbound:
        return Outbound(
            key=letter.key,
            channel=channel,
            address=letter.to,
            thread=f"account-{letter.key}",
            text=letter.text,
            lang=letter.lang,
            author="system",
            subject=letter.subject,
            attempt=attempt,
            created_at=self._house.clock.now(),
        )
