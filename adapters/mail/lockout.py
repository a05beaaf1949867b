"""Stop knocking: after three refused logins the account is left alone, also after a restart.

Providers lock accounts that are tried again and again. What is counted is kept with the channel's data, bound to the
login and its secret: a new password begins anew.
"""

import hashlib
import hmac
import json
from datetime import datetime, timedelta

from adapters.contract import BadCredentials, Context

TRIES = 3
REST = timedelta(hours=1)
"""After the third refusal one try an hour is made: some providers refuse for a while and then let in again."""


class Resting(BadCredentials):
    """Refused so often that it is not even tried now."""


class Lockout:
    """Counts the refused logins of one account; ``door`` is ``imap`` or ``smtp``."""

    def __init__(self, context: Context, door: str, server: str, login: str, secret: str) -> None:
        self._context = context
        self._server = server
        self._name = f"logins.{door}"
        self._state: tuple[int, datetime | None, str] | None = None
        about = f"{server}\x00{login}\x00{secret}".encode()
        self._account = hmac.digest(context.secret("logins"), about, hashlib.sha256).hex()[:32]

    async def before(self) -> None:
        """Let a try go on, or not yet.

        Raises:
            Resting: it was refused three times, the last time less than an hour ago.
        """
        refusals, last, words = await self._read()
        if refusals < TRIES or last is None:
            return
        again = last + REST
        if self._context.clock.now() < again:
            raise Resting(
                f"{self._server} refused our login {refusals} times; it is left alone until {again:%H:%M} UTC, "
                f"so that the account is not locked. Change the password or token and restart. It said: {words}"
            )

    async def refused(self, error: BadCredentials) -> None:
        """Count a refusal."""
        if isinstance(error, Resting):
            return
        refusals, _, _ = await self._read()
        now, words = self._context.clock.now(), str(error)[:300]
        self._state = (refusals + 1, now, words)
        kept = [self._account, refusals + 1, now.isoformat(), words]
        await self._context.remember(self._name, json.dumps(kept, ensure_ascii=False))
        await self._context.count("login_refused")
        if refusals + 1 == TRIES:
            await self._context.count("login_stopped")

    async def let_in(self) -> None:
        """Forget what was counted."""
        if (await self._read())[0]:
            self._state = (0, None, "")
            await self._context.remember(self._name, "[]")

    async def _read(self) -> tuple[int, datetime | None, str]:
        if self._state is None:
            self._state = self._told(await self._context.recall(self._name) or "[]")
        return self._state

    def _told(self, kept: str) -> tuple[int, datetime | None, str]:
        try:
            account, refusals, at, words = json.loads(kept)
            if account == self._account:
                return int(refusals), datetime.fromisoformat(at), str(words)
        except (ValueError, TypeError):  # nothing was kept, or nothing we understand
            pass
        return 0, None, ""
