"""Once a night: is every mail of the last days stored? Whatever made one slip through, it is fetched now."""

import logging
from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime, time, timedelta

from adapters.contract import Context
from adapters.mail.place import Place
from adapters.mail.session import MAX_UIDS, Session, imap_date
from adapters.mail.settings import ImapSettings
from adapters.mail.threading import message_ids

log = logging.getLogger(__name__)
_NAME = "reconciled"
DAY = timedelta(days=1)


class Reconciliation:
    """Knows when it is due, and which mails of a folder are not stored."""

    def __init__(self, settings: ImapSettings, context: Context) -> None:
        self._settings = settings
        self._context = context
        self._last: datetime | None = None

    async def is_due(self) -> bool:
        """Say whether the hour has come since it was last done; a new channel begins with the next one."""
        at = self._settings.reconcile_at
        if at is None:
            return False
        now = self._context.clock.now()
        if self._last is None:
            kept = await self._context.recall(_NAME)
            if kept is None:
                await self.done()
                return False
            self._last = datetime.fromisoformat(kept)
        return self._last < latest(at, now)

    async def done(self) -> None:
        """Remember that it was done just now."""
        self._last = self._context.clock.now()
        await self._context.remember(_NAME, self._last.isoformat())

    async def missing(self, session: Session, place: Place) -> AsyncGenerator[Sequence[int], None]:
        """Yield UIDs of the folder that is open whose mails are not known to be stored, some at a time.

        A mail without Message-ID is always among them: that it is stored shows when it is handed over.
        """
        since = imap_date(self._context.clock.now() - self._settings.reconcile_days * DAY)
        uids = [uid for uid in await session.uids_since(since) if place.first <= uid <= place.uid]
        if (
            place.since is not None and place.bound
        ):  # renumbered since we began: the date must tell old from new
            young = set(await session.uids_since(place.since))
            uids = [uid for uid in uids if uid >= place.bound or uid in young]
        for start in range(0, len(uids), MAX_UIDS):
            ids = await _ids(session, uids[start : start + MAX_UIDS])
            known = await self._context.known({one for one in ids.values() if one})
            absent = [uid for uid, one in sorted(ids.items()) if not one or one not in known]
            if absent:
                yield absent

    async def found(self, count: int, folder: str) -> None:
        """Tell the operator that mails had slipped through."""
        if count:
            await self._context.count("reconciled_missing", count)
            log.warning(
                "%s: %d mails in %s were not stored and are now", self._context.channel, count, folder
            )


async def _ids(session: Session, uids: Sequence[int]) -> dict[int, str]:
    """Return the Message-ID of each mail, empty where it has none."""
    heads = await session.headers(uids)
    return {uid: next(iter(message_ids(head)), "") for uid, head in heads.items()}


def latest(at: time, now: datetime) -> datetime:
    """Return the last instant at which the clock showed ``at`` (UTC)."""
    today = datetime.combine(now.astimezone(UTC).date(), at, UTC)
    return today if today <= now else today - DAY
