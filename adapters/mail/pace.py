"""How fast a provider lets us send: our own count of what it allows, and its words when that was too much."""

import re
from datetime import datetime, timedelta

from adapters.contract import Context, SendFailed

_ENHANCED = re.compile(r"^\s*([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_TOO_MUCH = re.compile(
    r"""too\s+many\s+(?!recipients?\b)|rate\s*-?limit|throttl|slow\s+down|frequen(cy|tly)\s+limit|limit(ed)?\s+frequen
      | (daily|hourly|sending|user|message)\s+(user\s+)?(sending\s+)?(limit|quota|rate)\s+(is\s+|was\s+|has\s+been\s+)?(exceed|reach)
      | exceeded?\s+(the\s+|your\s+)?(daily|hourly|sending|max\w*|rate)|频率|发信.{0,8}(限|超)|超过.{0,8}(限制|上限)
      | ^\s*(4\.7\.(28|650)|5\.4\.5|4\.3\.2|4\.2\.1\s+unusual)""",
    re.IGNORECASE | re.VERBOSE,
)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
REMEMBERED = "smtp-sent-today"


def code_of(code: int, message: str) -> str:
    """Return a server's answer as ``550 5.1.1``, or its number alone."""
    match = _ENHANCED.match(message)
    return f"{code} {match.group(1)}" if match else str(code)


def asks_for_pause(code: int, message: str) -> str | None:
    """Return words if an answer is about how much we send, whatever its number; None if it is about this mail."""
    if code == 421 or (400 <= code < 600 and _TOO_MUCH.search(message)):
        return "the server asks for a pause"
    return None


class Pace:
    """Counts the mails of one account against its limits; the day's count outlives the process."""

    def __init__(self, context: Context, per_minute: int | None, daily: int | None) -> None:
        self._context, self._per_minute, self._daily = context, per_minute, daily
        self._minute: list[datetime] = []
        self._day: tuple[str, int] | None = None

    async def before(self) -> None:
        """Return if one more mail may go now.

        Raises:
            SendFailed: not before ``retry_after``; nothing was sent, and nothing else of the channel need be tried.
        """
        now = self._context.clock.now()
        self._minute = [at for at in self._minute if now - at < MINUTE]
        if self._per_minute is not None and len(self._minute) >= self._per_minute:
            raise self._full(f"{self._per_minute} mails a minute", self._minute[0] + MINUTE - now)
        if self._daily is not None and await self._today(now) >= self._daily:
            midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + DAY
            raise self._full(f"{self._daily} mails a day", midnight - now)

    async def sent(self) -> None:
        """Count one mail that the server has, or may have."""
        now = self._context.clock.now()
        if self._per_minute is not None:
            self._minute.append(now)
        if self._daily is not None:
            count = await self._today(now) + 1
            self._day = (now.date().isoformat(), count)
            await self._context.remember(REMEMBERED, f"{self._day[0]} {count}")

    async def _today(self, now: datetime) -> int:
        if self._day is None:
            date, _, count = (await self._context.recall(REMEMBERED) or "").partition(" ")
            self._day = (date, int(count) if count.isdigit() else 0)
        return self._day[1] if self._day[0] == now.date().isoformat() else 0

    def _full(self, what: str, wait: timedelta) -> SendFailed:
        return SendFailed(
            f"the account's limit of {what} is reached: it waits", retry_after=wait, channel_wide=True
        )
