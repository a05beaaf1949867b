"""The denominators: a bare WebSocket echo, and a durable one (two transactions a message, group commit).

Each is as fast as Python, aiohttp and SQLite let it be; what the gateway reaches is told as a share of them.
"""

import argparse
import asyncio
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import orjson
import uvloop
from aiohttp import WSMsgType, web

SCHEMA = (
    "CREATE TABLE messages(id INTEGER PRIMARY KEY, conversation_id INTEGER NOT NULL, direction INTEGER NOT NULL,"
    " body TEXT NOT NULL, created_at REAL NOT NULL, client_id TEXT)",
    "CREATE INDEX ix_messages_conv ON messages(conversation_id, id)",
    "CREATE UNIQUE INDEX ux_client ON messages(conversation_id, client_id) WHERE client_id IS NOT NULL",
    "CREATE TABLE conversations(id INTEGER PRIMARY KEY, last_id INTEGER, unread INTEGER DEFAULT 0, updated_at REAL)",
    "CREATE TABLE outbox(id INTEGER PRIMARY KEY, message_client_id TEXT, kind TEXT, created_at REAL)",
)
MESSAGE = "INSERT INTO messages(conversation_id,direction,body,created_at,client_id) VALUES(?,?,?,?,?)"
CONVERSATION = (
    "INSERT INTO conversations(id,last_id,unread,updated_at) VALUES(?,0,1,?) "
    "ON CONFLICT(id) DO UPDATE SET unread=unread+1, updated_at=excluded.updated_at"
)
OUTBOX = "INSERT INTO outbox(message_client_id,kind,created_at) VALUES(?,'agent_notify',?)"
Row = tuple[int, int, str, float, str | None]


class Writer:
    """One thread; the loop flips two buffers, the thread takes the whole buffer in one transaction."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
            self._connection.execute(f"PRAGMA {pragma}")
        for statement in SCHEMA:
            self._connection.execute(statement)
        self._loop = asyncio.get_running_loop()
        self._waiting: list[tuple[list[Row], asyncio.Future[None]]] = []
        self._busy = False
        self._thread = ThreadPoolExecutor(1)

    def store(self, rows: list[Row]) -> asyncio.Future[None]:
        """Return a future that is done once the rows are on disk."""
        future: asyncio.Future[None] = self._loop.create_future()
        self._waiting.append((rows, future))
        if not self._busy:
            self._busy = True
            self._loop.call_soon(self._kick)
        return future

    def _kick(self) -> None:
        batch, self._waiting = self._waiting, []
        self._thread.submit(self._commit, batch)

    def _commit(self, batch: list[tuple[list[Row], asyncio.Future[None]]]) -> None:
        rows = [row for unit, _ in batch for row in unit]
        inward = [row for row in rows if row[1] == 0]
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(MESSAGE, rows)
        self._connection.executemany(CONVERSATION, [(row[0], row[3]) for row in inward])
        self._connection.executemany(OUTBOX, [(row[4], row[3]) for row in inward])
        self._connection.execute("COMMIT")
        self._loop.call_soon_threadsafe(self._finish, batch)

    def _finish(self, batch: list[tuple[list[Row], asyncio.Future[None]]]) -> None:
        for _, future in batch:
            if not future.done():
                future.set_result(None)
        if self._waiting:
            self._kick()
        else:
            self._busy = False


async def bare(request: web.Request) -> web.StreamResponse:
    """Parse, answer, forget."""
    socket = web.WebSocketResponse(compress=False)
    await socket.prepare(request)
    async for frame in socket:
        if frame.type is WSMsgType.TEXT:
            read = orjson.loads(frame.data)
            reply = {"type": "reply", "ack": read["id"], "text": read["text"]}
            await socket.send_str(orjson.dumps(reply).decode())
    return socket


def durable(writer: Writer) -> Any:
    """In, commit, ack; out, commit, reply."""
    numbers = iter(range(1, 1 << 60))

    async def handle(request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        conversation = next(numbers)
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                continue
            read = orjson.loads(frame.data)
            await writer.store([(conversation, 0, read["text"], time.time(), read["id"])])
            await socket.send_str('{"type":"ack","id":"' + read["id"] + '"}')
            answer = "Thanks! You said: " + read["text"]
            await writer.store([(conversation, 1, answer, time.time(), None)])
            reply = {"type": "reply", "ack": read["id"], "text": answer}
            await socket.send_str(orjson.dumps(reply).decode())
        return socket

    return handle


async def main() -> None:
    """Serve ``/ws`` until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--database", type=Path, help="make it the durable one")
    arguments = parser.parse_args()
    application = web.Application()
    handler = durable(Writer(arguments.database)) if arguments.database else bare
    application.router.add_get("/ws", handler)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", arguments.port, backlog=4096).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main())
