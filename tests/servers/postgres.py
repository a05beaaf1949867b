"""A private PostgreSQL on a free port, unprivileged, in a folder of its own; each test gets a database of its own."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from tests.servers.dovecot import free_port

_SETTINGS = (
    "listen_addresses=127.0.0.1",
    "fsync=off",  # the machine does not lose power between two asserts
    "shared_buffers=16MB",
    "max_connections=60",
)
_names = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgres:
    """A running server; anybody on this machine may sign in as ``gateway``."""

    port: int
    programs: Path

    def url(self, name: str) -> str:
        """Return a database's address, as ``database.url`` wants it."""
        return f"postgresql://gateway@127.0.0.1:{self.port}/{name}"

    def create(self) -> str:
        """Make an empty database; return its address."""
        name = f"test_{next(_names)}"
        self._run("createdb", name)
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a database, whoever still uses it."""
        self._run("dropdb", "--force", "--if-exists", url.rpartition("/")[2])

    def _run(self, program: str, *words: str) -> None:
        login = ["--host=127.0.0.1", f"--port={self.port}", "--username=gateway"]
        command = [str(self.programs / program), *login, *words]
        subprocess.run(command, check=True, capture_output=True, timeout=60)


def programs() -> Path | None:
    """Return where the newest server's programs are; None if there is no server on this machine."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]), reverse=True
    )
    if found:
        return found[0].parent
    place = shutil.which("initdb")
    return Path(place).resolve().parent if place else None


@contextlib.contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Start a server and stop it again. Skips the test where there is none; under CI that is a failure."""
    home = programs()
    if home is None:
        why = "PostgreSQL is not installed: apt-get install postgresql"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    folder = Path(tempfile.mkdtemp(prefix="postgres"))
    folder.chmod(0o700)
    user: str | None = None
    if os.getuid() == 0:  # the server refuses uid 0
        user = "nobody"
        shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
    port = free_port()
    files = str(folder / "db")
    try:
        _as(
            user,
            home / "initdb",
            "-D",
            files,
            "-U",
            "gateway",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "-N",
        )
        words = " ".join(f"-c {setting}" for setting in (*_SETTINGS, f"port={port}"))
        words += f" -c unix_socket_directories={folder}"
        _as(user, home / "pg_ctl", "-D", files, "-l", str(folder / "log"), "-w", "-o", words, "start")
        try:
            yield Postgres(port=port, programs=home)
        finally:
            _as(user, home / "pg_ctl", "-D", files, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as(user: str | None, program: Path, *words: str) -> None:
    """Run a program as somebody else; its words are in the error if it fails."""
    done = subprocess.run(
        [str(program), *words],
        cwd="/",
        timeout=60,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if "initdb" in program.name else subprocess.DEVNULL,
        stderr=subprocess.STDOUT if "initdb" in program.name else subprocess.DEVNULL,
        text=True,
        user=user,
        group=None if user is None else pwd.getpwnam(user).pw_gid,
        extra_groups=None if user is None else [],
    )
    if done.returncode:
        raise RuntimeError(f"{program.name} ended with {done.returncode}: {done.stdout}")
