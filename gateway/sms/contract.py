"""What a provider of short messages is."""

from dataclasses import dataclass
from typing import Protocol

from gateway.errors import OutsideFailure


class SmsFailed(OutsideFailure):
    """Not taken this time, or nobody knows: ``maybe_sent``."""

    def __init__(self, message: str, *, maybe_sent: bool = False) -> None:
        super().__init__(message)
        self.maybe_sent = maybe_sent


class SmsRefused(SmsFailed):
    """The provider will never take it: the operator must look at [sms]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortMessage:
    """One message: ``text`` whole, or for providers with templates the values that go into one."""

    to: str
    """E.164."""
    text: str
    code: str = ""
    """Empty: it is a notice."""
    minutes: int = 0


class Sms(Protocol):
    """One provider."""

    async def send(self, message: ShortMessage) -> None:
        """Hand one message over.

        Raises:
            SmsFailed: to be tried again, if it is not ``maybe_sent``.
            SmsRefused: it will not be taken.
        """
        ...
