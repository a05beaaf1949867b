"""Asking a virus scanner (clamd) about a stream, chunk by chunk as it passes: its INSTREAM command."""

import asyncio
import struct

DEADLINE = 20.0
_END = struct.pack(">I", 0)


class Unavailable(Exception):
    """The scanner does not answer: the file is kept and marked unscanned."""


class Found(Exception):
    """The scanner found something; ``str`` is its name for it."""


class Scanner:
    """Where clamd listens: ``host:port``, or the path of its socket."""

    def __init__(self, where: str, deadline: float = DEADLINE) -> None:
        self._where, self._deadline = where, deadline

    async def open(self) -> "Scan":
        """Begin a scan.

        Raises:
            Unavailable: nobody listens there.
        """
        try:
            async with asyncio.timeout(self._deadline):
                if self._where.startswith("/"):
                    lines = await asyncio.open_unix_connection(self._where)
                else:
                    host, _, port = self._where.rpartition(":")
                    lines = await asyncio.open_connection(host, int(port))
                scan = Scan(*lines, self._deadline)
                await scan.say(b"zINSTREAM\0")
                return scan
        except (OSError, TimeoutError, ValueError) as error:
            raise Unavailable(str(error) or type(error).__name__) from error


class Scan:
    """One file on its way through the scanner."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, deadline: float) -> None:
        self._reader, self._writer, self._deadline = reader, writer, deadline

    def close(self) -> None:
        """Hang up."""
        self._writer.close()

    async def say(self, chunk: bytes) -> None:
        """Send bytes as they are."""
        try:
            async with asyncio.timeout(self._deadline):
                self._writer.write(chunk)
                await self._writer.drain()
        except (OSError, TimeoutError) as error:
            raise Unavailable(str(error) or type(error).__name__) from error

    async def feed(self, chunk: bytes) -> None:
        """Send a piece of the file."""
        await self.say(struct.pack(">I", len(chunk)) + chunk)

    async def verdict(self) -> None:
        """Return if the file is clean.

        Raises:
            Found: it is not. Unavailable: the scanner does not say.
        """
        await self.say(_END)
        try:
            async with asyncio.timeout(self._deadline):
                said = (await self._reader.read(4096)).rstrip(b"\0\n").decode("utf-8", "replace")
        except (OSError, TimeoutError) as error:
            raise Unavailable(str(error) or type(error).__name__) from error
        if said.endswith(" FOUND"):
            raise Found(said.removeprefix("stream: ").removesuffix(" FOUND"))
        if said != "stream: OK":
            raise Unavailable(said or "the scanner hung up")
