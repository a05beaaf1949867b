"""A scripted IMAP server, for what a real one will not do on demand: silence, half an answer, a wrong one."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field


@dataclass
class ScriptedImap:
    """One mailbox. ``at`` maps a command's name to what shall go wrong the next times it is given.

    Faults: ``silence``, ``bye`` (says BYE and closes), ``reset`` (hangs up), ``half`` (half an answer, then
    silence), ``no``, ``bad``, ``junk`` (untagged nonsense before the answer), ``wrong tag``.
    """

    mails: dict[int, bytes] = field(default_factory=dict)
    uidvalidity: int = 1
    capabilities: str = "IMAP4rev1 IDLE ID"
    at: dict[str, list[str]] = field(default_factory=dict)
    refuse_uid: int | None = None
    late: bytes | None = None
    """A mail that arrives just after the next search was answered."""
    port: int = 0
    connections: int = 0
    commands: list[str] = field(default_factory=list)
    idling: asyncio.Event = field(default_factory=asyncio.Event)
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _selected: set[asyncio.StreamWriter] = field(default_factory=set)

    def add(self, raw: bytes) -> None:
        """Let a mail arrive, telling whoever listens."""
        self.mails[max(self.mails, default=0) + 1] = raw
        for writer in self._selected:
            writer.write(f"* {len(self.mails)} EXISTS\r\n".encode())

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk to one client."""
        self.connections += 1
        self._writers.add(writer)
        try:
            if not await self._goes_well("GREETING", "*", writer):
                return
            writer.write(b"* OK ready\r\n")
            while line := await reader.readline():
                tag, _, rest = line.decode("latin-1").strip().partition(" ")
                name = rest.upper().removeprefix("UID ").partition(" ")[0]
                if tag == "DONE":
                    tag, name = self._idle_tag, "DONE"
                self.commands.append(f"{name} {rest.partition(' ')[2]}".strip())
                if await self._goes_well(name, tag, writer):
                    self._answer(tag, name, rest, writer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._writers.discard(writer)
            self._selected.discard(writer)
            writer.close()

    _idle_tag: str = ""

    async def _goes_well(self, name: str, tag: str, writer: asyncio.StreamWriter) -> bool:
        faults = self.at.get(name)
        fault = faults.pop(0) if faults else None
        match fault:
            case None:
                return True
            case "silence":
                return False
            case "half":
                writer.write(b"* 1 FETCH (UID 1 BODY[] {1000}\r\nSubject: ha")
                return False
            case "junk":
                writer.write(b"* \xff\xfe nonsense\r\n* 999999999 RECENT\r\n* ** (((\r\n")
                return True
            case "wrong tag":
                writer.write(b"ZZ99 OK done\r\n")
                return False
            case "no" | "bad":
                writer.write(f"{tag} {fault.upper()} not now\r\n".encode())
                return False
            case "bye":
                writer.write(b"* BYE going down\r\n")
            case "reset":
                writer.transport.abort()
        writer.close()
        raise ConnectionError

    def _answer(self, tag: str, name: str, rest: str, writer: asyncio.StreamWriter) -> None:
        match name:
            case "CAPABILITY":
                writer.write(f"* CAPABILITY {self.capabilities}\r\n".encode())
            case "EXAMINE" | "SELECT":
                uidnext = max(self.mails, default=0) + 1
                told = f"* OK [UIDVALIDITY {self.uidvalidity}] ok\r\n* OK [UIDNEXT {uidnext}] ok\r\n"
                writer.write(f"* {len(self.mails)} EXISTS\r\n{told}".encode())
                self._selected.add(writer)
            case "SEARCH":
                self._search(rest, writer)
                if self.late is not None:  # as Dovecot does: told at the end of the command, and never again
                    raw, self.late = self.late, None
                    self.mails[max(self.mails, default=0) + 1] = raw
                    writer.write(f"* {len(self.mails)} EXISTS\r\n".encode())
            case "FETCH":
                if not self._fetch(rest, writer):
                    writer.write(f"{tag} NO [SERVERBUG] cannot read this one\r\n".encode())
                    return
            case "IDLE":
                self._idle_tag = tag
                writer.write(b"+ idling\r\n")
                self.idling.set()
                return
            case "DONE":
                self.idling.clear()
            case "LOGOUT":
                writer.write(b"* BYE bye\r\n")
        writer.write(f"{tag} OK done\r\n".encode())

    def _search(self, rest: str, writer: asyncio.StreamWriter) -> None:
        first = int((re.search(r"UID (\d+):\*", rest.partition(" ")[2]) or re.match(r"", "")).group(1))  # type: ignore[union-attr]  # our client always sends a range
        last = max(self.mails, default=0)
        found = [uid for uid in self.mails if uid >= first] or ([last] if last else [])  # n:* names the last
        writer.write(f"* SEARCH {' '.join(map(str, found))}\r\n".encode())

    def _fetch(self, rest: str, writer: asyncio.StreamWriter) -> bool:
        uids = [int(uid) for uid in re.findall(r"\d+", rest.split()[2])]
        is_body = "BODY" in rest
        for uid in uids:
            raw = self.mails.get(uid)
            if raw is None:
                continue
            if is_body and uid == self.refuse_uid:
                return False
            number = list(self.mails).index(uid) + 1
            if is_body:
                writer.write(
                    f"* {number} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"
                )
            else:
                writer.write(f"* {number} FETCH (UID {uid} RFC822.SIZE {len(raw)})\r\n".encode())
        return True


@contextlib.asynccontextmanager
async def running_imap(server: ScriptedImap) -> AsyncIterator[ScriptedImap]:
    """Listen on a free port until the block ends."""
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        for writer in tuple(server._writers):
            writer.transport.abort()
        await listener.wait_closed()
