"""A lean load generator: raw frames over asyncio, for the echoes and for the gateway's own chat protocol.

Closed loop: each chat sends, waits for its answer, sends again. ``--rate``: open loop, latency from the scheduled
send. A chat of the gateway that was handed over ends there; its place is taken by a new visitor, whose socket was
opened beforehand: what is measured is messages, not handshakes.
"""

import argparse
import array
import asyncio
import json
import random
import sys
import time
from collections import deque
from typing import Any

import psutil
import uvloop

HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
now = time.perf_counter


def frame(payload: bytes) -> bytes:
    """Return one masked text frame (the mask is zero)."""
    size = len(payload)
    if size < 126:
        return bytes((0x81, 0x80 | size)) + b"\0\0\0\0" + payload
    return bytes((0x81, 0x80 | 126, size >> 8, size & 255)) + b"\0\0\0\0" + payload


class Load:
    """What all chats share: the settings, the texts, what was measured."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments = arguments
        self.chance = random.Random(7)
        self.texts: list[tuple[str, str]] = []
        if arguments.texts:
            with open(arguments.texts, encoding="utf-8") as file:
                self.texts = [(row["text"], row["kind"]) for row in map(json.loads, file)]
        self.tokens: deque[str] = deque()
        self.latencies = array.array("d")
        self.is_recording = self.is_running = False
        self.errors = self.handed_over = 0
        self.kinds = {"answer": 0, "choices": 0, "none": 0}

    def next_text(self) -> tuple[str, str]:
        """Return a message and what it comes to, in the mix of the file."""
        if not self.texts:
            return "Where is my order number 12345, it should have arrived by now?", "answer"
        return self.chance.choice(self.texts)


class Chat(asyncio.Protocol):
    """One customer on one socket."""

    def __init__(self, load: Load, number: int) -> None:
        self.load, self.number, self.sent = load, number, 0
        self.buffer, self.is_open = b"", False
        self.awaited: deque[tuple[float, str]] = deque()
        self.frames = 0
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.is_gateway = load.arguments.protocol == "gateway"
        self.is_over = False
        self.place = -1

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        path, port = self.load.arguments.path, self.load.arguments.port
        transport.write(HANDSHAKE.format(path=path, port=port).encode())

    def connection_lost(self, error: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("closed during the handshake"))
        elif not self.is_over and self.load.is_running:
            self.load.errors += 1

    def send(self, at: float) -> None:
        """Send the next message; ``at`` is when it was due."""
        text, kind = self.load.next_text()
        self.sent += 1
        self.awaited.append((at, kind))
        message = {
            "type": "message",
            "id": f"{self.load.arguments.salt}-{self.number:06d}-{self.sent:09d}",
            "text": text,
        }
        self.transport.write(frame(json.dumps(message, ensure_ascii=False).encode()))

    def data_received(self, data: bytes) -> None:
        data = self.buffer + data if self.buffer else data
        self.buffer = b""
        if not self.is_open:
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self.buffer = data
                return
            if not data.startswith(b"HTTP/1.1 101"):
                self.load.errors += 1
                self.opened.set_exception(RuntimeError(data[:200].decode(errors="replace")))
                return
            self.is_open, data = True, data[end + 4 :]
            if self.is_gateway:
                hello = {"type": "hello", "token": self.load.tokens.popleft(), "since": 0}
                self.transport.write(frame(json.dumps(hello).encode()))
            else:
                self.opened.set_result(None)
        self._frames(data)

    def _frames(self, data: bytes) -> None:
        at, size = 0, len(data)
        while size - at >= 2:
            length, head = data[at + 1] & 127, 2
            if length == 126:
                if size - at < 4:
                    break
                length, head = data[at + 2] << 8 | data[at + 3], 4
            if size - at < head + length:
                break
            if data[at] & 15 == 1:
                self._received(data[at + head : at + head + length])
            elif data[at] & 15 == 8:
                self.load.errors += not self.is_over
            elif data[at] & 15 == 9:
                self.transport.write(b"\x8a\x80\0\0\0\0")
            at += head + length
        if at < size:
            self.buffer = data[at:]

    def _received(self, payload: bytes) -> None:
        if not self.is_gateway:
            self.frames += 1
            if self.frames == self.load.arguments.frames:
                self.frames = 0
                self._answered()
        elif b'"type":"ready"' in payload:
            self.opened.set_result(None)
        elif b'"author":"bot"' in payload:
            self._answered()
        elif b'"type":"error"' in payload:
            self.load.errors += 1
            if self.load.errors < 5:
                print(payload.decode(), file=sys.stderr)

    def _answered(self) -> None:
        if not self.awaited:
            return
        at, kind = self.awaited.popleft()
        load = self.load
        if load.is_recording:
            load.latencies.append(now() - at)
            load.kinds[kind] = load.kinds.get(kind, 0) + 1
        if kind == "none":
            self.is_over = True
            load.handed_over += 1
            load.arguments.replace(self)
        elif load.is_running and not load.arguments.rate:
            self.send(now())


def cpu_of(pid: int) -> float:
    """Return the CPU seconds of a process and its children."""
    if not pid:
        return 0.0
    process = psutil.Process(pid)
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        try:
            total += sum(one.cpu_times()[:2])
        except psutil.Error:
            continue
    return total


async def mint(load: Load, count: int) -> None:
    """Ask for visitor tokens."""
    import aiohttp

    async with aiohttp.ClientSession() as session:
        for _ in range(count):
            async with session.post(f"http://127.0.0.1:{load.arguments.port}/chat/v1/visitors") as response:
                load.tokens.append((await response.json())["token"])


async def watch_desks(load: Load) -> list[asyncio.Task[int]]:
    """Hold the desks' event streams open and count what comes."""

    async def watch() -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", load.arguments.port, limit=1 << 24)
        writer.write(
            f"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:{load.arguments.port}\r\n"
            f"Authorization: Bearer {load.arguments.desk_token}\r\nAccept: text/event-stream\r\n\r\n".encode()
        )
        seen = 0
        try:
            while chunk := await reader.read(1 << 16):
                seen += chunk.count(b"event: message")
        except asyncio.CancelledError:
            writer.close()
        return seen

    return [asyncio.create_task(watch()) for _ in range(load.arguments.desks)]


async def main() -> None:
    """Run one measurement and print it as one JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", default="/ws")
    parser.add_argument("--protocol", choices=("echo", "gateway"), default="echo")
    parser.add_argument("--chats", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--warm", type=float, default=1)
    parser.add_argument("--frames", type=int, default=1)
    parser.add_argument("--rate", type=float, default=0)
    parser.add_argument("--hold", type=float, default=0, help="only open the chats and hold them")
    parser.add_argument("--server-pid", type=int, default=0)
    parser.add_argument("--texts", default="")
    parser.add_argument("--desks", type=int, default=0)
    parser.add_argument("--desk-token", default="")
    parser.add_argument("--spare", type=int, default=0, help="visitors who follow those handed over")
    arguments = parser.parse_args()
    arguments.salt = f"{int(time.time() * 1000) % 10**9:09d}"
    load = Load(arguments)
    loop = asyncio.get_running_loop()
    chats: list[Chat] = []
    numbers = iter(range(1 << 30))

    spare: deque[Chat] = deque()

    async def open_chat(into: Any) -> None:
        chat = Chat(load, next(numbers))
        await loop.create_connection(lambda: chat, "127.0.0.1", arguments.port)
        await chat.opened
        into.append(chat)

    def replace(chat: Chat) -> None:
        if not spare:
            load.errors += 1
            print("no spare visitor is left: give more --spare", file=sys.stderr)
            return
        follower = spare.popleft()
        follower.place, chats[chat.place] = chat.place, follower
        if load.is_running and not arguments.rate:
            follower.send(now())

    arguments.replace = replace
    if arguments.protocol == "gateway":
        await mint(load, arguments.chats + arguments.spare)
    desks = await watch_desks(load)
    opened = now()
    for into, count in ((chats, arguments.chats), (spare, arguments.spare)):
        for begin in range(0, count, 100):
            await asyncio.gather(*(open_chat(into) for _ in range(begin, min(begin + 100, count))))
    for place, chat in enumerate(chats):
        chat.place = place
    opened = now() - opened
    if arguments.hold:
        print("READY", file=sys.stderr, flush=True)
        await asyncio.sleep(arguments.hold)
        print(json.dumps({"opened": len(chats), "open_s": round(opened, 2), "errors": load.errors}))
        return
    load.is_running = True
    pacing = None
    if arguments.rate:

        async def pace() -> None:
            began, count, behind = now(), 0, 1 / arguments.rate
            while load.is_running:
                due = int((now() - began) / behind)
                while count < due:
                    chat = chats[count % len(chats)]
                    if not chat.is_over and not any(kind == "none" for _, kind in chat.awaited):
                        chat.send(began + (count + 1) * behind)
                    count += 1
                await asyncio.sleep(0.001)

        pacing = asyncio.create_task(pace())
    else:
        for chat in chats:
            chat.send(now())
    await asyncio.sleep(arguments.warm)
    load.is_recording = True
    began, server, own = now(), cpu_of(arguments.server_pid), cpu_of(psutil.Process().pid)
    await asyncio.sleep(arguments.seconds)
    spent, used = cpu_of(arguments.server_pid) - server, cpu_of(psutil.Process().pid) - own
    lasted = now() - began
    load.is_recording = load.is_running = False
    await asyncio.sleep(0.5)
    for task in desks:
        task.cancel()
    seen = await asyncio.gather(*desks)
    if pacing:
        await pacing
    ordered = sorted(load.latencies)
    count = len(ordered)

    def quantile(share: float) -> float | None:
        return round(ordered[min(count - 1, int(count * share))] * 1000, 2) if count else None

    print(
        json.dumps(
            {
                "chats": arguments.chats,
                "messages": count,
                "per_second": round(count / lasted, 1),
                "per_cpu_second": round(count / spent, 1) if spent > 0.02 else None,
                "p50_ms": quantile(0.5),
                "p99_ms": quantile(0.99),
                "max_ms": quantile(1),
                "server_cpu": round(spent / lasted, 3),
                "client_cpu": round(used / lasted, 3),
                "kinds": load.kinds,
                "desk_events": seen,
                "errors": load.errors,
            }
        )
    )


if __name__ == "__main__":
    uvloop.run(main())
