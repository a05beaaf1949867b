"""One connection to an IMAP server: aioimaplib made safe. Every command ends: answered, timed out or cut off.

aioimaplib 2.0 fails nothing that is pending when a connection dies, sends mailbox names as they are, and
does not know that EXAMINE selects. After any doubt a connection is poisoned here: it is cut, never reused.
"""

import asyncio
import contextlib
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, TypeVar

from aioimaplib import aioimaplib

from adapters.contract import AdapterError, BadCredentials
from adapters.mail.folders import Named, read_list
from adapters.mail.oauth import Tokens
from adapters.mail.settings import ImapSettings
from adapters.mail.tls import tls_context

# At DEBUG it writes credentials and whole mails into the log.
logging.getLogger("aioimaplib").setLevel(logging.WARNING)

T = TypeVar("T")
MAX_UIDS = 200  # aioimaplib recurses once a response line: some 950 lines end in RecursionError


class ConnectionLost(AdapterError):
    """The server is gone, silent, or says no: connect again after a while."""


@dataclass(frozen=True, slots=True)
class Folder:
    """What EXAMINE or SELECT tells of a mailbox folder."""

    uidvalidity: int
    uidnext: int | None
    exists: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """One mail in the folder: its size and when the server received it."""

    uid: int
    size: int
    received_at: datetime | None


class Session:
    """A connection that is logged in."""

    def __init__(self, client: Any, settings: ImapSettings) -> None:
        self._client = client
        self._settings = settings
        self._seconds = settings.timeout.total_seconds()
        self._lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        client.protocol.conn_lost_cb = self._connection_lost
        self._hears_untagged = client.protocol._untagged_response
        client.protocol._untagged_response = self._untagged
        self._has_news = False

    @classmethod
    async def open(cls, settings: ImapSettings, tokens: Tokens | None = None) -> Self:
        """Connect and log in; a token that is refused is renewed once.

        Raises:
            BadCredentials: the server does not accept the login.
            ConnectionLost: it cannot be reached, or not now.
        """
        if settings.oauth2 is None or tokens is None:
            return await cls._open(settings, None)
        token = await tokens.token()
        try:
            return await cls._open(settings, token)
        except BadCredentials:
            return await cls._open(settings, await tokens.token(refused=token))

    @classmethod
    async def _open(cls, settings: ImapSettings, token: str | None) -> Self:
        kind = aioimaplib.IMAP4_SSL if settings.tls else aioimaplib.IMAP4
        context = tls_context(settings.ca_file) if settings.tls else None
        seconds = settings.timeout.total_seconds()
        client = kind(host=settings.host, port=settings.port, timeout=seconds, ssl_context=context)
        session = cls(client, settings)
        try:
            await session._ask(client.wait_hello_from_server(), "greet us")
            await session._log_in(token)
        except BaseException:
            session.cut()
            raise
        return session

    async def _log_in(self, token: str | None) -> None:
        login = self._settings.login
        if token is not None:
            answer = await self._authenticate(login, token)
        else:
            password = self._settings.password.get_secret_value() if self._settings.password else ""
            answer = await self._ask(self._client.login(aioimaplib.quoted(login), password), "log us in")
        if answer.result != "OK":
            said = _said(answer)
            if "UNAVAILABLE" in said.upper() or "INUSE" in said.upper():
                raise ConnectionLost(f"{self._settings.host} cannot log us in now: {said}")
            remedy = "Check imap.login and imap.password; QQ, 163 and Gmail want an authorisation code in place of the password"
            if token is not None:
                remedy = "Check imap.login and oauth2: the account must allow IMAP, and the token its scope"
            raise BadCredentials(f"{self._settings.host} refuses the login of {login}: {said}. {remedy}")
        await self._ask(self._client.protocol.capability(), "say what it can")
        if self._settings.send_id and self.can("ID"):  # NetEase answers “Unsafe Login” to whoever does not
            await self._ask(self._client.id(name="intake-gateway", version="1"), "take our ID")

    async def _authenticate(self, login: str, token: str) -> Any:
        """Log in by XOAUTH2; the server's challenge, which says why it refuses, is answered with an empty line."""
        protocol = self._client.protocol

        def go_on(line: bytes) -> None:
            protocol.transport.write(b"\r\n")

        protocol._continuation = go_on  # the library would leave the challenge without an answer
        try:
            return await self._ask(self._client.xoauth2(login, token), "log us in")
        finally:
            del protocol._continuation

    def can(self, capability: str) -> bool:
        """Say whether the server announced a capability."""
        return bool(self._client.has_capability(capability))

    @property
    def lost(self) -> "asyncio.Future[None]":
        """Done as soon as the connection is gone."""
        return self._lost

    @property
    def has_news(self) -> bool:
        """Whether the server has told of more mail since the last search began.

        It may do so at the end of any command. The library drops that, and IDLE does not say it again.
        """
        return self._has_news

    def _untagged(self, line: bytes) -> Any:
        if line.endswith(b" EXISTS"):
            self._has_news = True
        return self._hears_untagged(line)

    async def enter(self, wire: str, *, write: bool = False) -> Folder:
        """Select a folder by the name the server has for it, read-only unless ``write``."""
        name, folder = aioimaplib.quoted(wire), wire
        call = self._client.select(name) if write else self._client.examine(name)
        answer = await self._ask(call, f"open {folder}")
        if answer.result != "OK":
            raise ConnectionLost(f"{self._settings.host} does not open the folder {folder}: {_said(answer)}")
        self._client.protocol.state = aioimaplib.SELECTED
        told = b" ".join(bytes(line) for line in answer.lines)
        validity = re.search(rb"UIDVALIDITY (\d+)", told)
        nextuid = re.search(rb"UIDNEXT (\d+)", told)
        exists = re.search(rb"(\d+) EXISTS", told)
        return Folder(
            int(validity.group(1)) if validity else 0,
            int(nextuid.group(1)) if nextuid else None,
            int(exists.group(1)) if exists else 0,
        )

    async def folders(self) -> list[Named]:
        """Return the folders there are, with what each is for."""
        extended = self.can("SPECIAL-USE") and self.can("LIST-EXTENDED")
        wanted = '"*" RETURN (SPECIAL-USE)' if extended else '"*"'
        answer = await self._ask(self._client.list('""', wanted), "list its folders")
        return read_list(answer.lines[:-1])

    async def uids_after(self, last: int, since: str | None = None) -> list[int]:
        """Return UIDs greater than ``last`` in order. ``n:*`` names the last mail even if it is older: dropped."""
        self._has_news = False
        criteria = ["UID", f"{last + 1}:*", *(["SINCE", since] if since else [])]
        answer = await self._ask(self._client.uid_search(*criteria, charset=None), "search")
        if answer.result != "OK":
            raise ConnectionLost(f"{self._settings.host} does not search: {_said(answer)}")
        found = re.findall(rb"\d+", bytes(answer.lines[0])) if answer.lines[:-1] else []
        return sorted({uid for uid in map(int, found) if uid > last})

    async def list_mails(self, uids: Sequence[int]) -> list[Listed]:
        """Return size and date of mails; those that somebody expunged meanwhile are missing."""
        answer = await self._fetch(uids, "(UID RFC822.SIZE INTERNALDATE)")
        listed = []
        for line in answer.lines:
            text = bytes(line)
            uid, size = re.search(rb"UID (\d+)", text), re.search(rb"RFC822\.SIZE (\d+)", text)
            if uid and size:
                listed.append(Listed(int(uid.group(1)), int(size.group(1)), _internal_date(text)))
        return sorted(listed, key=lambda it: it.uid)

    async def headers(self, uids: Sequence[int]) -> dict[int, bytes]:
        """Return the Message-ID fields of mails, by UID."""
        answer = await self._fetch(uids, "(UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")
        return {uid: b"".join(parts) for uid, parts in _literals(answer.lines).items()}

    async def uids_since(self, day: str) -> list[int]:
        """Return the UIDs of mails that the server received on ``day`` or later, in order."""
        answer = await self._ask(self._client.uid_search("SINCE", day, charset=None), "search")
        if answer.result != "OK":
            raise ConnectionLost(f"{self._settings.host} does not search: {_said(answer)}")
        return sorted(set(map(int, re.findall(rb"\d+", bytes(answer.lines[0]))))) if answer.lines[:-1] else []

    async def bodies(self, uids: Sequence[int]) -> dict[int, bytes]:
        """Return mails whole, by UID."""
        answer = await self._fetch(uids, "(UID BODY.PEEK[])")
        return {uid: b"".join(parts) for uid, parts in _literals(answer.lines).items()}

    async def beginning(self, uid: int, octets: int) -> bytes:
        """Return a mail's header and the first ``octets`` of its body."""
        header = await self._fetch([uid], "(UID BODY.PEEK[HEADER])")
        text = await self._fetch([uid], f"(UID BODY.PEEK[TEXT]<0.{octets}>)")
        parts = [b"".join(_literals(answer.lines).get(uid, [])) for answer in (header, text)]
        return b"".join(parts)

    async def _fetch(self, uids: Sequence[int], what: str) -> Any:
        wanted = ",".join(str(uid) for uid in uids[:MAX_UIDS])
        # The library's own timer starts anew with each piece that arrives; ours is only the last resort.
        answer = await self._ask(self._client.uid("fetch", wanted, what), "hand out mail", seconds=3600)
        if answer.result != "OK":
            raise FetchRefused(f"{self._settings.host} does not hand out mail {wanted[:60]}: {_said(answer)}")
        return answer

    async def mark_seen(self, uid: int) -> None:
        """Set the \\Seen flag of a mail."""
        await self._ask(self._client.uid("store", str(uid), "+FLAGS.SILENT", r"(\Seen)"), "set a flag")

    async def idle(self, alarm: Callable[[], Awaitable[None]]) -> None:
        """Return when the server says something, or ``alarm`` is over. What it says is only a hint: look yourself."""
        idling = await self._ask(self._client.idle_start(timeout=3600), "idle")
        try:
            await self.race(alarm(), self._client.wait_server_push(timeout=3600))
        finally:
            if not self._lost.done():
                self._client.idle_done()
        await self._ask(idling, "end idling")

    async def race(self, *awaitables: Awaitable[Any]) -> None:
        """Return when the first is done; raise if the connection is lost before."""
        tasks: list[asyncio.Future[Any]] = [asyncio.ensure_future(it) for it in awaitables]
        try:
            await asyncio.wait([*tasks, self._lost], return_when=asyncio.FIRST_COMPLETED)
            if self._lost.done():
                raise ConnectionLost(f"{self._settings.host} closed the connection")
        finally:
            await _cancelled(tasks)

    async def _ask(self, awaitable: Awaitable[T], what: str, seconds: float | None = None) -> T:
        task: asyncio.Future[T] = asyncio.ensure_future(awaitable)
        limit = seconds if seconds is not None else self._seconds
        try:
            waiting: list[asyncio.Future[Any]] = [task, self._lost]
            await asyncio.wait(waiting, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            reason = "closed the connection" if self._lost.done() else f"was silent for {limit:.0f} s"
            raise ConnectionLost(f"{self._settings.host} {reason} when asked to {what}")
        except (aioimaplib.AioImapException, TimeoutError, OSError) as error:
            self.cut()
            reason = str(error) or type(error).__name__
            raise ConnectionLost(f"{self._settings.host} did not {what}: {reason}") from error
        except BaseException:
            self.cut()
            raise
        finally:
            await _cancelled([task])

    def _connection_lost(self, _: Exception | None) -> None:
        if not self._lost.done():
            self._lost.set_result(None)

    def cut(self) -> None:
        """Drop the connection at once."""
        self._connection_lost(None)
        transport = self._client.protocol.transport
        if transport is not None:
            transport.abort()
        waiter = self._client._idle_waiter  # its timer would otherwise live on for an hour
        if waiter is not None:
            waiter.cancel()
        for task in (self._client._client_task, *self._client.tasks, *self._client.protocol.tasks):
            task.cancel()

    async def close(self) -> None:
        """Log out politely if the server still listens, then drop the connection."""
        if not self._lost.done():
            with contextlib.suppress(AdapterError, TimeoutError):
                async with asyncio.timeout(2):
                    await self._ask(self._client.logout(), "log us out")
        self.cut()


class FetchRefused(ConnectionLost):
    """The server said no to a FETCH: perhaps because of one single mail."""


async def _cancelled(tasks: Sequence["asyncio.Future[Any]"]) -> None:
    """Cancel what is still pending and swallow its end, so that nothing is left unawaited."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _said(answer: Any) -> str:
    return bytes(answer.lines[-1]).decode("utf-8", "replace")[:200] if answer.lines else "nothing"


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _internal_date(line: bytes) -> datetime | None:
    match = re.search(rb'INTERNALDATE "([ \d]\d)-(\w{3})-(\d{4}) ([\d:]{8}) ([+-]\d{4})"', line)
    if not match:
        return None
    day, month, year, clock, zone = (part.decode("ascii") for part in match.groups())
    try:
        number = _MONTHS.index(month.lower()) + 1
        return datetime.strptime(f"{year}-{number:02}-{int(day):02} {clock} {zone}", "%Y-%m-%d %H:%M:%S %z")
    except ValueError:
        return None


def _literals(lines: Sequence[bytes | bytearray]) -> dict[int, list[bytes]]:
    """Return the literals of a FETCH answer by UID, which may stand before or after them."""
    found: dict[int, list[bytes]] = {}
    pending: list[bytes] = []
    uid: int | None = None
    for line in lines:
        if isinstance(line, bytearray):
            pending.append(bytes(line))
            continue
        if re.match(rb"\d+ FETCH \(", line):
            uid, pending = None, []
        if match := re.search(rb"(?:\(|\s)UID (\d+)", line):
            uid = int(match.group(1))
            found.setdefault(uid, [])
        if uid is not None and pending:
            found[uid].extend(pending)
            pending = []
    return found


def imap_date(date: datetime) -> str:
    """Return a day as IMAP's SEARCH wants it."""
    return f"{date.day:02}-{_MONTHS[date.month - 1].capitalize()}-{date.year}"
