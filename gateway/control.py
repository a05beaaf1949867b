"""Admin commands reach a running gateway over a local socket in the data folder; else they open the database.

One JSON line in, one out. Whoever may use the folder (mode 0700) may use the socket.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from gateway.errors import GatewayError, OutsideFailure

SOCKET = "control.sock"
DEADLINE = 60.0
LONGEST_PATH = 100
Verb = Callable[[Mapping[str, Any]], Awaitable[Any]]


class CommandFailed(GatewayError):
    """The running gateway refused a command; the message is its own."""


async def serve(folder: Path, verbs: Mapping[str, Verb]) -> None:
    """Answer commands until cancelled."""
    (folder / SOCKET).unlink(missing_ok=True)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            line = await reader.readline()
            if not line:
                return  # somebody only looked whether we are here
            asked = orjson.loads(line)
            writer.write(orjson.dumps(await _carry_out(asked, verbs)) + b"\n")
            await writer.drain()
        finally:
            writer.close()

    with _address(folder) as address:
        server = await asyncio.start_unix_server(answer, path=address)
    (folder / SOCKET).chmod(0o600)
    try:
        async with server:
            await server.serve_forever()
    finally:
        (folder / SOCKET).unlink(missing_ok=True)


@contextmanager
def _address(folder: Path) -> Iterator[str]:
    """Yield the socket's path in a form the system takes: it allows some hundred bytes, folders may be deeper."""
    path = str(folder / SOCKET)
    if len(os.fsencode(path)) <= LONGEST_PATH:
        yield path
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{handle}/{SOCKET}"
    finally:
        os.close(handle)


async def _carry_out(asked: Mapping[str, Any], verbs: Mapping[str, Verb]) -> Mapping[str, Any]:
    verb = verbs.get(str(asked.get("verb")))
    if verb is None:
        return {"error": f"unknown command {asked.get('verb')!r}"}
    try:
        return {"result": await verb(asked.get("with", {}))}
    except GatewayError as error:
        return {"error": str(error)}


async def ask(folder: Path, verb: str, values: Mapping[str, Any]) -> Any | None:
    """Have the running gateway carry out ``verb``; None if none runs on this folder.

    Raises:
        CommandFailed: it refused; the message says why.
        OutsideFailure: it did not answer.
    """
    try:
        with _address(folder) as address:
            reader, writer = await asyncio.open_unix_connection(address)
    except (FileNotFoundError, ConnectionRefusedError):
        return None
    writer.write(orjson.dumps({"verb": verb, "with": dict(values)}) + b"\n")
    await writer.drain()
    try:
        line = await asyncio.wait_for(reader.readline(), DEADLINE)
    except TimeoutError as error:
        raise OutsideFailure("the running gateway does not answer: look at its log, or restart it") from error
    finally:
        writer.close()
    answered = (
        orjson.loads(line) if line else {"error": "the running gateway closed the line: look at its log"}
    )
    if "error" in answered:
        raise CommandFailed(answered["error"])
    return answered["result"]
