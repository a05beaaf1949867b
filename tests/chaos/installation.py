"""One gateway in a folder of its own: started cold or warm, killed, and watched for what it leaves behind."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import aiohttp

ROOT = Path(__file__).parents[2]
ENTRIES = ("退货政策", "查询物流", "开具发票", "会员等级", "支付方式")
"""What this shop knows: enough to answer; loading more would only make every start longer."""
READY_WITHIN = 60.0

CONFIG = """
[server]
port = {port}

[database]
url = "{database}"

[knowledge]
folder = "entries"
semantic = "off"

[hours]
holidays = ""
{days}

[automatic_mail]
per_hour = 100000
per_day = 100000

[channels.web]
kind = "webchat"
flood = {{ frames = 1000000, window = "1s" }}

[channels.tg]
kind = "telegram"
token = {{ file = "token" }}
base_url = "{bot_api}"
poll = "10s"

[channels.mail]
kind = "mail"
address = "support@shop.example"
imap = {{ host = "127.0.0.1", port = {imap}, login = "support", password = {{ file = "password" }}, tls = false, start = "all", poll = "1s" }}
smtp = {{ host = "127.0.0.1", port = {relay}, security = "none" }}
"""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(kw_only=True)
class Installation:
    """Configuration, data and log in ``folder``; at most one process at a time."""

    folder: Path
    port: int
    session: aiohttp.ClientSession
    pid: int = 0
    handle: int = -1
    children: set[int] = field(default_factory=set)
    """Every process the killed ones had started: all of them must end by themselves."""
    _warm: "subprocess.Popen[bytes] | None" = None
    _cold: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What it printed and logged, of all its starts."""
        return self.folder / "log.jsonl"

    async def warm_up(self) -> None:
        """Have a process ready to fork from."""
        await asyncio.to_thread(self._warmed)

    async def start(self, *, cold: bool) -> float:
        """Start the process; return the seconds until it answered.

        Raises:
            RuntimeError: it ended, or did not answer in time.
        """
        began = time.monotonic()
        self.pid = self._start_cold() if cold else await asyncio.to_thread(self._start_warm)
        self.handle = os.pidfd_open(self.pid)
        while not await self._answers():
            if self.has_ended or time.monotonic() - began > READY_WITHIN:
                raise RuntimeError(f"the gateway did not start:\n{self.log.read_text()[-3000:]}")
            await asyncio.sleep(0.02)
        return time.monotonic() - began

    @property
    def has_ended(self) -> bool:
        """Whether the process is gone (or waits to be reaped)."""
        if self._cold is not None:
            return self._cold.poll() is not None
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        return False

    async def kill(self) -> None:
        """kill -9, and nothing else."""
        self.children |= _children(self.pid)
        signal.pidfd_send_signal(self.handle, signal.SIGKILL)
        await self._gone(10)

    async def stop(self) -> float:
        """SIGTERM; return the seconds it took. More than ten are a broken promise."""
        began = time.monotonic()
        self.children |= _children(self.pid)
        signal.pidfd_send_signal(self.handle, signal.SIGTERM)
        await self._gone(15)
        return time.monotonic() - began

    async def left_behind(self) -> set[int]:
        """Return the children that outlived their gateway by five seconds."""
        for _ in range(100):
            alive = {pid for pid in self.children if _exists(pid)}
            if not alive:
                return set()
            await asyncio.sleep(0.05)
        return alive

    def close(self) -> None:
        """End whatever still runs of what was started here."""
        if self.handle >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.handle, signal.SIGKILL)
            self._forget()
        if self._warm is not None:
            self._warm.kill()
            self._warm.communicate()

    async def _answers(self) -> bool:
        try:
            async with self.session.get(f"{self.url}/healthz") as answer:
                return answer.status == 200
        except (aiohttp.ClientError, OSError):
            return False

    async def _gone(self, seconds: float) -> None:
        loop, gone = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self.handle, gone.set)
        try:
            async with asyncio.timeout(seconds):
                await gone.wait()
        finally:
            loop.remove_reader(self.handle)
        self._forget()

    def _forget(self) -> None:
        os.close(self.handle)
        self.handle = -1
        if self._cold is not None:
            self._cold.wait()
            self._cold = None

    def _start_cold(self) -> int:
        command = [str(Path(sys.executable).with_name("gateway")), "run", "--config", "config.toml"]
        environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        with self.log.open("ab") as log:
            self._cold = subprocess.Popen(
                command, cwd=self.folder, env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        return self._cold.pid

    def _warmed(self) -> "subprocess.Popen[bytes]":
        if self._warm is None:
            command = [sys.executable, "-m", "tests.chaos.warm", str(self.folder / "entries")]
            self._warm = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            assert self._warm.stdout is not None
            self._warm.stdout.readline()
        return self._warm

    def _start_warm(self) -> int:
        warm = self._warmed()
        assert warm.stdin is not None
        assert warm.stdout is not None
        asked = {"folder": str(self.folder), "log": str(self.log)}
        warm.stdin.write(json.dumps(asked).encode() + b"\n")
        warm.stdin.flush()
        return int(warm.stdout.readline())


def write_files(folder: Path, *, token: str, password: str, **values: object) -> None:
    """Write what an installation starts from."""
    (folder / "entries").mkdir(parents=True)
    for stem in ENTRIES:
        for path in (ROOT / "knowledge" / "entries").glob(f"{stem}*.md"):
            shutil.copy(path, folder / "entries")
    days = "\n".join(f'{day} = ["00:00-24:00"]' for day in DAYS)
    (folder / "token").write_text(token)
    (folder / "password").write_text(password)
    for name in ("token", "password"):
        (folder / name).chmod(0o600)
    (folder / "config.toml").write_text(CONFIG.format(days=days, **values), encoding="utf-8")


def quiet_port(rng: Random) -> int:
    """Return a free port from where no outgoing connection begins.

    A client that knocks at a closed port of the ephemeral range may be given that very port to knock from, and
    is then connected with itself: the gateway would find its port taken.
    """
    while True:
        port = rng.randint(20_000, 30_000)
        with socket.socket() as it, contextlib.suppress(OSError):
            it.bind(("127.0.0.1", port))
            return port


def _exists(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def _children(pid: int) -> set[int]:
    try:
        tasks = Path(f"/proc/{pid}/task").iterdir()
        return {int(child) for task in tasks for child in (task / "children").read_text().split()}
    except OSError:
        return set()
