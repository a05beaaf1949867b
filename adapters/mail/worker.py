"""The parser's process: it reads hostile mail so that the gateway need not, and may be killed at any time.

``python -m adapters.mail.worker`` reads one mail after another from standard input and writes what it found.
It holds no secret: its environment is empty, it may open no file for writing, and its memory is limited.
"""

import asyncio
import contextlib
import resource
import struct
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from datetime import timedelta
from pathlib import Path

from adapters.contract import Clock, SendFailed, Unreadable
from adapters.mail.letter import Mail, pack, unpack

MEMORY = 512 * 1024 * 1024
MAX_ANSWER = 300 * 1024 * 1024
START_DEADLINE = timedelta(seconds=30)
IDLE = timedelta(seconds=60)
_READY, _READ, _UNREADABLE = b"R", b"M", b"U"


class _Died(Exception):
    """The process ended while it read."""


class Parser:
    """Reads mails in a process of its own, started when needed and stopped after a minute of rest."""

    def __init__(self, clock: Clock, deadline: timedelta) -> None:
        self._clock = clock
        self._deadline = deadline
        self._lock = asyncio.Lock()
        self._process: Process | None = None
        self._retirement: asyncio.Task[None] | None = None
        self._is_asking = False

    async def parse(self, raw: bytes) -> Mail:
        """Return what a mail says.

        Raises:
            Unreadable: it cannot be read, or not within the limits of time and memory.
            SendFailed: the process could not be started; the mail may well be readable.
        """
        async with self._lock:
            self._stay()
            had_process = self.is_running
            try:
                status, answer = await self._asked(raw)
            except _Died as error:
                if not had_process:
                    raise Unreadable(str(error)) from error
                status, answer = await self._asked_again(raw)  # it may have died of something else, at rest
            self._retirement = asyncio.create_task(self._retire())
        if status == _READ:
            return unpack(answer)
        raise Unreadable(answer.decode("utf-8", "replace"))

    async def _asked_again(self, raw: bytes) -> tuple[bytes, bytes]:
        try:
            return await self._asked(raw)
        except _Died as error:
            raise Unreadable(str(error)) from error

    async def _asked(self, raw: bytes) -> tuple[bytes, bytes]:
        process = await self._running()
        self._is_asking = True
        try:
            async with asyncio.timeout(self._deadline.total_seconds()):
                return await _ask(process, raw)
        except TimeoutError as error:
            await self._stop()
            raise Unreadable(f"reading it took longer than {self._deadline}") from error
        except (OSError, asyncio.IncompleteReadError) as error:
            await self._stop()
            raise _Died("the parser died of it: too much memory, or a fault of its own") from error
        except BaseException:
            await self._stop()  # cancelled half-way: the next answer would belong to this mail
            raise
        finally:
            self._is_asking = False

    async def close(self) -> None:
        """Stop the process."""
        async with self._lock:
            self._stay()
            await self._stop()

    @property
    def is_running(self) -> bool:
        """Whether there is a process now."""
        return self._process is not None and self._process.returncode is None

    @property
    def is_busy(self) -> bool:
        """Whether a mail is being read now."""
        return self._is_asking

    async def _running(self) -> Process:
        if self._process is not None and self._process.returncode is None:
            return self._process
        try:
            async with asyncio.timeout(START_DEADLINE.total_seconds()):
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "adapters.mail.worker", stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=_environment()
                )  # fmt: skip
                assert self._process.stdout is not None
                await self._process.stdout.readexactly(1)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            await self._stop()
            raise SendFailed(f"the mail parser could not be started: {error}") from error
        except BaseException:
            await self._stop()
            raise
        return self._process

    async def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()

    def _stay(self) -> None:
        if self._retirement is not None:
            self._retirement.cancel()
            self._retirement = None

    async def _retire(self) -> None:
        await self._clock.wait(IDLE)
        async with self._lock:
            self._retirement = None
            await self._stop()


def _environment() -> dict[str, str]:
    """Return an environment without anything of ours but where the code lies."""
    return {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONIOENCODING": "utf-8", "LANG": "C.UTF-8"}


async def _ask(process: Process, raw: bytes) -> tuple[bytes, bytes]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(struct.pack(">Q", len(raw)))
    process.stdin.write(raw)
    await process.stdin.drain()
    status = await process.stdout.readexactly(1)
    (length,) = struct.unpack(">Q", await process.stdout.readexactly(8))
    if length > MAX_ANSWER:
        raise OSError(f"an answer of {length} bytes")
    return status, await process.stdout.readexactly(length)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _answer(raw: bytes) -> tuple[bytes, bytes]:
    from adapters.mail.mime import read  # only here: the gateway's own process never loads an HTML parser

    try:
        return _READ, pack(read(raw))
    except Unreadable as error:
        return _UNREADABLE, str(error).encode()
    except (Exception, RecursionError) as error:  # the fourth wall: whatever it is, the raw mail is kept
        return _UNREADABLE, f"{type(error).__name__}: {error}".encode("utf-8", "replace")[:500]


def main() -> None:
    """Read mails until standard input ends."""
    _limit()
    _answer(b"Subject: warm up\n\n<p>")
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sink.write(_READY)
    sink.flush()
    while len(head := source.read(8)) == 8:
        status, answer = _answer(source.read(struct.unpack(">Q", head)[0]))
        sink.write(status + struct.pack(">Q", len(answer)))
        sink.write(answer)
        sink.flush()


if __name__ == "__main__":
    main()
