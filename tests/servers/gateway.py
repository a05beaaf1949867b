"""The gateway as an operator runs it: a process of its own in a folder of its own, on a free port."""

import contextlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.servers.dovecot import free_port

ROOT = Path(__file__).parents[2]
PASSWORD = "drei-graue-Enten-im-Regen"
START_WITHIN = 60.0
STOP_WITHIN = 10.0

CONFIG = """
[server]
port = {port}

[accounts]
second_factor = "optional"

[knowledge]
folder = "{knowledge}"
semantic = "off"

[promises]
first_response = {{ chat = "10m" }}

[hours]
holidays = ""
{days}
"""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ALWAYS = "\n".join(f'{day} = ["00:00-24:00"]' for day in DAYS)
WEB = '[channels.web]\nkind = "webchat"\n'


@dataclass(kw_only=True)
class Gateway:
    """One installation: configuration and data in ``folder``; started, stopped, killed and started again."""

    folder: Path
    port: int
    environ: Mapping[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def data(self) -> Path:
        """Its data folder."""
        return self.folder / "data"

    @property
    def out(self) -> str:
        """What it printed for people, of all its starts."""
        return _text(self.folder / "out.txt")

    @property
    def log(self) -> str:
        """What it logged, of all its starts."""
        return _text(self.folder / "log.jsonl")

    @property
    def setup_link(self) -> str:
        """The one-time link that makes the first administrator."""
        end = time.monotonic() + 5  # it answers a moment before it prints
        while not (found := re.findall(r"http\S+/desk/setup#\w+", self.out)):
            assert time.monotonic() < end, f"no one-time link was printed:\n{self.out}\n{self.log}"
            time.sleep(0.05)
        return str(found[-1])

    def start(self) -> None:
        """Start the process and wait until it answers.

        Raises:
            RuntimeError: it ended, or did not answer in time; the message holds its log.
        """
        self.launch()
        end = time.monotonic() + START_WITHIN
        while self.status("/healthz") != 200:
            assert self.process is not None
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"the gateway did not start:\n{self.out}\n{self.log}")
            time.sleep(0.05)

    def launch(self) -> None:
        """Start the process and wait for nothing."""
        with (self.folder / "out.txt").open("ab") as out, (self.folder / "log.jsonl").open("ab") as log:
            self.process = subprocess.Popen(
                _command("run"), cwd=self.folder, env=self._environment(), stdout=out, stderr=log
            )

    def stop(self) -> float:
        """End it as systemd does; return the seconds it took. It must take less than ten."""
        if self.process is None:
            return 0.0
        started = time.monotonic()
        self.process.terminate()
        try:
            code = self.process.wait(timeout=STOP_WITHIN + 5)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        self.process = None
        assert code == 0, f"it ended with {code}:\n{self.log[-4000:]}"
        return time.monotonic() - started

    def kill(self) -> None:
        """kill -9: no goodbye."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def ended(self, seconds: float = START_WITHIN) -> int:
        """Wait until the process ends by itself; return its exit code."""
        assert self.process is not None
        code = self.process.wait(timeout=seconds)
        self.process = None
        return code

    def command(self, *words: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        """Run another command of ``gateway`` in the same folder."""
        return subprocess.run(
            _command(*words), cwd=self.folder, env=self._environment() | environ,
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    def add_agent(self, login: str, number: str, name: str, role: str = "agent") -> None:
        """``gateway agent add``, whether it runs or not."""
        words = ("agent", "add", login, "--number", number, "--name", name, "--role", role)
        done = self.command(*words, GATEWAY_PASSWORD=PASSWORD)
        assert done.returncode == 0, done.stdout + done.stderr

    def set_up(self, login: str, number: str, name: str) -> None:
        """Create the first administrator by the one-time link; quicker than a command, which starts a process."""
        person = {"login": login, "number": number, "name": name, "password": PASSWORD}
        body = json.dumps(person | {"token": self.setup_link.partition("#")[2]}).encode()
        headers = {"Content-Type": "application/json"}
        asked = urllib.request.Request(f"{self.url}/api/v1/setup", data=body, headers=headers)
        with urllib.request.urlopen(asked, timeout=10) as answer:
            assert answer.status == 201

    def token(self, role: str) -> str:
        """``gateway token create``."""
        done = self.command("token", "create", "--role", role)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read its SQLite file, as an auditor with a copy would."""
        with contextlib.closing(
            sqlite3.connect(f"file:{self.data / 'gateway.db'}?mode=ro", uri=True)
        ) as file:
            return file.execute(query).fetchall()

    def status(self, path: str) -> int:
        """Return the status of a GET, 0 if nobody answers."""
        return self.get(path)[0]

    def get(self, path: str, **headers: str) -> tuple[int, Any]:
        """Return status and JSON of a GET; 0 and None if nobody answers."""
        asked = urllib.request.Request(self.url + path, headers=headers)
        try:
            with urllib.request.urlopen(asked, timeout=10) as answer:
                return answer.status, _json(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, _json(error.read())
        except OSError:
            return 0, None

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GATEWAY")}
        paths = [str(ROOT), *filter(None, [kept.get("PYTHONPATH")])]
        return kept | {"PYTHONPATH": os.pathsep.join(paths), "LANG": "C.UTF-8"} | dict(self.environ)


def prepared(
    folder: Path, *, channels: str = WEB, more: str = "", days: str = ALWAYS, knowledge: Path | None = None
) -> Gateway:
    """Write a folder to start from; ``channels`` and ``more`` are TOML."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    entries = knowledge or ROOT / "knowledge" / "entries"
    text = CONFIG.format(port=port, knowledge=entries, days=days) + more + "\n" + channels
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return Gateway(folder=folder, port=port)


@contextlib.contextmanager
def running(gateway: Gateway) -> Iterator[Gateway]:
    """Start it, and see that it is gone afterwards."""
    try:
        gateway.start()
        yield gateway
    finally:
        gateway.kill()


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "gateway", *words]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")
