"""The reader of one mailbox: fetch what is new by UID, hand it over raw, remember the place, wait for more."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC

from adapters.contract import Context, IdTaken, Inbound
from adapters.mail.session import MAX_UIDS, FetchRefused, Folder, Listed, Session, imap_date
from adapters.mail.settings import MailSettings

BEGINNING = 64 * 1024
GROUP_BYTES = 2 * 1024 * 1024
GROUP_MAILS = 25
TRIES = 3


@dataclass(frozen=True, slots=True)
class Place:
    """How far a folder has been read. UIDs only mean something together with UIDVALIDITY (RFC 3501 §2.3.1.1).

    ``since`` is the day on which a channel that takes only new mail began. When the server numbers
    everything anew, mails with UIDs below ``bound`` were there already: of those, older ones stay out.
    """

    uidvalidity: int
    uid: int
    since: str | None = None
    bound: int = 0

    def text(self) -> str:
        """Return the place as a cursor."""
        return json.dumps(asdict(self), separators=(",", ":"))


def place_of(cursor: str | None) -> Place | None:
    """Return the place a cursor names; None where there is none or it is none of ours."""
    try:
        values = json.loads(cursor or "null")
        return Place(
            int(values["uidvalidity"]), int(values["uid"]), values.get("since"), values.get("bound", 0)
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


class Reader:
    """Reads one folder for as long as ``run`` is not cancelled and the server plays along."""

    def __init__(self, settings: MailSettings, context: Context) -> None:
        self._settings = settings
        self._imap = settings.imap
        self._context = context
        self._refusals: Counter[tuple[int, int]] = Counter()

    async def run(self) -> None:
        """Fetch until cancelled; any doubt about the connection ends in an exception."""
        session = await Session.open(self._imap)
        try:
            while True:
                folder = await session.enter(self._imap.folder, write=self._imap.mark == "seen")
                place = await self._catch_up(session, await self._place(folder))
                self._context.progress(f"read up to UID {place.uid}")
                await self._wait(session)
        finally:
            await session.close()

    async def _place(self, folder: Folder) -> Place:
        """Return where to go on, storing where a new channel begins."""
        known = place_of(await self._context.cursor())
        if known is not None and known.uidvalidity == folder.uidvalidity:
            return known
        if known is not None:  # renumbered: all is looked at again, what is known is recognised by its hash
            return Place(folder.uidvalidity, 0, known.since, folder.uidnext or 0)
        if self._imap.start == "all" or folder.uidnext is None:
            return Place(folder.uidvalidity, 0)
        place = Place(folder.uidvalidity, folder.uidnext - 1, imap_date(self._context.clock.now()))
        await self._context.deliver(None, place.text())
        return place

    async def _new_uids(self, session: Session, place: Place) -> list[int]:
        uids = await session.uids_after(place.uid)
        if place.since is None or place.uid + 1 >= place.bound:
            return uids
        young = set(await session.uids_after(place.uid, place.since))
        return [uid for uid in uids if uid >= place.bound or uid in young]

    async def _catch_up(self, session: Session, place: Place) -> Place:
        uids = await self._new_uids(session, place)
        for start in range(0, len(uids), MAX_UIDS):
            batch = uids[start : start + MAX_UIDS]
            for group in groups(await session.list_mails(batch), self._settings.max_size):
                for inbound, uid in await self._fetched(session, group, place.uidvalidity):
                    place = replace(place, uid=uid)
                    await self._hand_over(inbound, place)
                    if self._imap.mark == "seen":
                        await session.mark_seen(uid)
            place = replace(
                place, uid=max(place.uid, batch[-1])
            )  # the last ones may have been expunged meanwhile
            self._context.progress(f"read up to UID {place.uid}")
        return place

    async def _hand_over(self, inbound: Inbound | None, place: Place) -> None:
        try:
            await self._context.deliver(inbound, place.text())
        except IdTaken:  # the id is a hash of the mail itself: it is there already
            await self._context.deliver(None, place.text())

    async def _fetched(
        self, session: Session, group: Sequence[Listed], uidvalidity: int
    ) -> list[tuple[Inbound | None, int]]:
        if group[0].size > self._settings.max_size:
            return [(await self._beginning(session, group[0]), group[0].uid)]
        try:
            bodies = await session.bodies([mail.uid for mail in group])
        except FetchRefused:
            if len(group) > 1:  # one of them is to blame: ask for each alone
                return [pair for mail in group for pair in await self._fetched(session, [mail], uidvalidity)]
            return [(self._withheld(group[0], uidvalidity), group[0].uid)]
        return [(self._inbound(mail, bodies.get(mail.uid)), mail.uid) for mail in group]

    def _inbound(
        self, mail: Listed, raw: bytes | None, defects: tuple[str, ...] = (), over_limit: int | None = None
    ) -> Inbound | None:
        if raw is None:
            return None  # expunged between two commands
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
        if session.can("IDLE"):
            await session.idle(lambda: clock.wait(self._imap.poll_with_idle))
        else:
            await session.race(clock.wait(self._imap.poll))


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
