"""The reader of one mailbox: fetch what is new by UID, hand it over raw, remember the place, wait for more."""

import asyncio
import contextlib
import hashlib
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import replace
from datetime import UTC

from adapters.contract import Accepted, AdapterError, BadCredentials, Context, IdTaken, Inbound
from adapters.mail.folders import Named, chosen, is_ours
from adapters.mail.lockout import Lockout
from adapters.mail.oauth import Tokens
from adapters.mail.place import Place, cursor_of, places_of
from adapters.mail.reconcile import Reconciliation
from adapters.mail.session import MAX_UIDS, FetchRefused, Folder, Listed, Session, imap_date
from adapters.mail.settings import ImapSettings, MailSettings

BEGINNING = 64 * 1024
GROUP_BYTES = 2 * 1024 * 1024
GROUP_MAILS = 50
ALONE = 48 * 1024
"""A mail from this size on is handed over by itself: its bytes go into a file, and none may overtake it."""
TRIES = 3

Fetched = tuple[int, Inbound | None]


class Reader:
    """Reads the folders of one mailbox for as long as ``run`` is not cancelled and the server plays along."""

    def __init__(self, settings: MailSettings, context: Context, tokens: Tokens | None = None) -> None:
        self._settings = settings
        self._imap = settings.imap
        self._context = context
        self._tokens = tokens
        self._lockout = Lockout(context, "imap", self._imap.host, self._imap.login, secret_of(self._imap))
        self._reconciliation = Reconciliation(self._imap, context)
        self._refusals: Counter[tuple[int, int]] = Counter()
        self._places: dict[str, Place] = {}
        self._junk: set[str] = set()

    async def run(self) -> None:
        """Fetch until cancelled; any doubt about the connection ends in an exception."""
        await self._lockout.before()
        try:
            session = await Session.open(self._imap, self._tokens)
        except BadCredentials as error:
            await self._lockout.refused(error)
            raise
        await self._lockout.let_in()
        try:
            self._places = places_of(await self._context.cursor())
            folders = await self._folders(session)
            while True:
                for folder in folders:
                    await self._read(session, folder)
                if await self._reconciliation.is_due():
                    await self._reconcile(session, folders)
                self._context.progress(f"read up to UID {self._places[folders[-1]].uid}")
                await self._wait(session)
        finally:
            await session.close()

    async def _folders(self, session: Session) -> list[str]:
        """Return the server's names of the folders to read; the first one set comes last and is the one watched."""
        if self._imap.folders == ("INBOX",):
            return ["INBOX"]
        there = await session.folders()
        self._junk = {one.wire for one in there if one.role == "\\junk"}
        return [wire_of(one, there, self._imap.host) for one in reversed(self._imap.folders)]

    async def _read(self, session: Session, folder: str) -> None:
        here = await session.enter(folder, write=self._imap.mark == "seen")
        self._places[folder] = await self._place(folder, here)
        await self._catch_up(session, folder)

    async def _place(self, name: str, folder: Folder) -> Place:
        """Return where to go on, storing where a new channel begins."""
        known = self._places.get(name)
        if known is not None and known.uidvalidity == folder.uidvalidity:
            return known
        if known is not None:  # renumbered: all is looked at again, what is known is recognised by its hash
            await self._context.count("renumbered")
            return Place(folder.uidvalidity, 0, known.since, folder.uidnext or 0)
        if self._imap.start == "all" or folder.uidnext is None:
            return Place(folder.uidvalidity, 0)
        since = imap_date(self._context.clock.now())
        place = Place(folder.uidvalidity, folder.uidnext - 1, since, first=folder.uidnext)
        await self._context.deliver(None, cursor_of(self._places | {name: place}))
        return place

    async def _new_uids(self, session: Session, place: Place) -> list[int]:
        uids = await session.uids_after(place.uid)
        if place.since is None or place.uid + 1 >= place.bound:
            return uids
        young = set(await session.uids_after(place.uid, place.since))
        return [uid for uid in uids if uid >= place.bound or uid in young]

    async def _catch_up(self, session: Session, folder: str) -> None:
        uids = await self._new_uids(session, self._places[folder])
        for start in range(0, len(uids), MAX_UIDS):
            batch = uids[start : start + MAX_UIDS]
            validity = self._places[folder].uidvalidity
            async with contextlib.aclosing(self.fetched(session, batch, validity)) as groups:
                async for group in groups:
                    await self._hand_over(folder, group)
                    if self._imap.mark == "seen":
                        for uid, _ in group:
                            await session.mark_seen(uid)
            if batch[-1] > self._places[folder].uid:  # the last ones may have been expunged meanwhile
                await self._remember(folder, batch[-1])
            self._context.progress(f"read up to UID {batch[-1]}")

    async def _reconcile(self, session: Session, folders: Sequence[str]) -> None:
        """Fetch what is not stored of the mails of the last days."""
        for folder in folders:
            await session.enter(folder)
            place, count = self._places[folder], 0
            async with contextlib.aclosing(self._reconciliation.missing(session, place)) as absent:
                async for uids in absent:
                    count += await self._fetch_again(session, uids, place.uidvalidity)
            await self._reconciliation.found(count, folder)
        await self._reconciliation.done()

    async def _fetch_again(self, session: Session, uids: Sequence[int], uidvalidity: int) -> int:
        """Hand mails over once more; return how many of them were not stored."""
        count = 0
        async with contextlib.aclosing(self.fetched(session, uids, uidvalidity)) as groups:
            async for group in groups:
                for _, inbound in group:
                    accepted = await self.deliver(inbound) if inbound is not None else None
                    count += accepted is not None and not accepted.duplicate
        return count

    async def _remember(self, folder: str, uid: int, inbound: Inbound | None = None) -> None:
        """Store how far the folder has been read, in one transaction with the mail that was read last."""
        self._places[folder] = replace(self._places[folder], uid=uid)
        cursor = cursor_of(self._places)
        if inbound is None or await self.deliver(inbound, cursor) is None:
            await self._context.deliver(None, cursor)

    async def _hand_over(self, folder: str, group: Sequence[Fetched]) -> None:
        """Store mails, small ones side by side so that they share a commit; the last of them moves the cursor."""
        spam = "it lay in the folder for spam" if folder in self._junk else None
        found = [(uid, inbound.with_(spam=spam)) for uid, inbound in group if inbound is not None]
        for run in runs(found):
            others = (self.deliver(inbound) for _, inbound in run[:-1])
            for outcome in await asyncio.gather(*others, return_exceptions=True):
                if isinstance(outcome, BaseException):
                    raise outcome
            await self._remember(folder, *run[-1])
        if group[-1][1] is None:
            await self._remember(folder, group[-1][0])

    async def deliver(self, inbound: Inbound, cursor: str | None = None) -> Accepted | None:
        """Store one mail; None if exactly this one is there already under its hash."""
        try:
            return await self._context.deliver(inbound, cursor)
        except IdTaken:  # the id is a hash of the mail itself: it is there already
            return None

    async def fetched(
        self, session: Session, uids: Sequence[int], uidvalidity: int
    ) -> AsyncGenerator[Sequence[Fetched], None]:
        """Yield mails in order, group by group; while one group is worked on, the next is on its way."""
        ahead: asyncio.Task[Sequence[Fetched]] | None = None
        try:
            for group in groups(await session.list_mails(uids), self._settings.max_size):
                coming = ahead
                if coming is not None:
                    done = await coming
                ahead = asyncio.create_task(self._bodies(session, group, uidvalidity))
                if coming is not None:
                    yield done
            if ahead is not None:
                yield await ahead
        finally:
            if ahead is not None and not ahead.done():
                ahead.cancel()
            if ahead is not None:
                await asyncio.gather(ahead, return_exceptions=True)

    async def _bodies(self, session: Session, group: Sequence[Listed], uidvalidity: int) -> Sequence[Fetched]:
        if group[0].size > self._settings.max_size:
            return [(group[0].uid, await self._beginning(session, group[0]))]
        try:
            bodies = await session.bodies([mail.uid for mail in group])
        except FetchRefused:
            if len(group) > 1:  # one of them is to blame: ask for each alone
                return [pair for mail in group for pair in await self._bodies(session, [mail], uidvalidity)]
            return [(group[0].uid, self._withheld(group[0], uidvalidity))]
        return [(mail.uid, self._inbound(mail, bodies.get(mail.uid))) for mail in group]

    def _inbound(
        self, mail: Listed, raw: bytes | None, defects: tuple[str, ...] = (), over_limit: int | None = None
    ) -> Inbound | None:
        if not raw:
            return None  # expunged between two commands: Dovecot then gives NIL for its body
        return Inbound(
            channel=self._context.channel,
            external_id=hashlib.sha256(raw).hexdigest(),
            kind="raw",
            raw=raw,
            sent_at=mail.received_at.astimezone(UTC) if mail.received_at else None,
            defects=defects,
            over_limit=over_limit,
        )

    async def _beginning(self, session: Session, mail: Listed) -> Inbound | None:
        raw = await session.beginning(mail.uid, BEGINNING)
        defects = (f"mail of {mail.size} bytes: only its beginning was fetched",)
        return self._inbound(mail, raw or None, defects, self._settings.max_size)

    def _withheld(self, mail: Listed, uidvalidity: int) -> Inbound:
        """Return a stand-in for a mail the server will not give; raises until it was asked three times."""
        self._refusals[uidvalidity, mail.uid] += 1
        if self._refusals[uidvalidity, mail.uid] < TRIES:
            raise FetchRefused(f"the server does not hand out the mail with UID {mail.uid}")
        stand_in = f"Message-ID: <{uidvalidity}.{mail.uid}@withheld.intake>\r\n\r\n".encode()
        found = self._inbound(mail, stand_in, (f"the server would not hand out this mail (UID {mail.uid})",))
        assert found is not None
        return found

    async def _wait(self, session: Session) -> None:
        clock = self._context.clock
        if session.has_news:
            return
        if self._imap.idle and session.can("IDLE"):
            await session.idle(lambda: clock.wait(self._imap.poll_with_idle))
        else:
            await session.race(clock.wait(self._imap.poll))


def secret_of(imap: ImapSettings) -> str:
    """Return what an account is proven with, to know whether an operator changed it."""
    secret = imap.oauth2.refresh_token if imap.oauth2 is not None else imap.password
    return secret.get_secret_value() if secret is not None else ""


def wire_of(wanted: str, there: Sequence[Named], host: str) -> str:
    """Return the server's name of a folder that is to be read.

    Raises:
        AdapterError: there is none, or it holds what we wrote ourselves.
    """
    wire = chosen(wanted, there)
    if wire is None:
        names = ", ".join(one.name for one in there if one.selectable)[:400]
        raise AdapterError(f"{host} has no folder {wanted}: set imap.folders to some of: {names}")
    if role := is_ours(wire, there):
        raise AdapterError(f"the folder {wanted} is {role} at {host}: leave it out of imap.folders")
    return wire


def runs(mails: Sequence[tuple[int, Inbound]]) -> Iterator[list[tuple[int, Inbound]]]:
    """Give mails in order, as many at a time as may be stored side by side; a large one alone."""
    run: list[tuple[int, Inbound]] = []
    for uid, inbound in mails:
        if len(inbound.raw or b"") < ALONE:
            run.append((uid, inbound))
            continue
        if run:
            yield run
            run = []
        yield [(uid, inbound)]
    if run:
        yield run


def groups(mails: Sequence[Listed], max_size: int) -> Iterator[list[Listed]]:
    """Give mails in order, as many at a time as may sensibly travel in one answer; a too large one alone."""
    group: list[Listed] = []
    size = 0
    for mail in mails:
        is_full = size + mail.size > GROUP_BYTES or len(group) == GROUP_MAILS
        if group and (is_full or max(mail.size, group[-1].size) > max_size):
            yield group
            group, size = [], 0
        group.append(mail)
        size += mail.size
    if group:
        yield group
