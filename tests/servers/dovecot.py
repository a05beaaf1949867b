"""A private Dovecot 2.3 on free ports, unprivileged, in a folder of its own: IMAP, IMAPS, LMTP, submission, Sieve."""

import contextlib
import grp
import itertools
import os
import pwd
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

USERS = ("support", "alice", "bob")
PASSWORD = "secret"

_CONF = """
base_dir = {d}/run
state_dir = {d}/state
log_path = {d}/dovecot.log
instance_name = t{imap}
default_internal_user = {u}
default_login_user = {u}
default_internal_group = {g}
listen = 127.0.0.1
protocols = imap lmtp submission
ssl = yes
ssl_cert = <{d}/cert.pem
ssl_key = <{d}/key.pem
disable_plaintext_auth = no
auth_failure_delay = 0
auth_mechanisms = plain login
mail_fsync = never
mail_location = maildir:{d}/mail/%n
mail_home = {d}/mail/%n
first_valid_uid = 0
recipient_delimiter = +
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%n {d}/users
}}
userdb {{
  driver = static
  args = uid={u} gid={g} home={d}/mail/%n
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service submission-login {{
  chroot =
  inet_listener submission {{
    port = {submission}
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
{more}
submission_relay_host = 127.0.0.1
submission_relay_port = {relay}
submission_host = 127.0.0.1:{relay}
hostname = mx.shop.example
protocol lmtp {{
  postmaster_address = postmaster@shop.example
  auth_username_format = %n
  mail_plugins = $mail_plugins sieve
}}
plugin {{
  sieve = file:~/sieve;active=~/.dovecot.sieve
}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dovecot:
    """A running server: its ports, its folder, its certificate."""

    folder: Path
    imap: int
    imaps: int
    submission: int
    lmtp: int
    relay: int
    is_root: bool

    @property
    def ca_file(self) -> Path:
        """The certificate to trust."""
        return self.folder / "cert.pem"

    def tls(self) -> ssl.SSLContext:
        """Return a context that trusts this server."""
        return ssl.create_default_context(cafile=str(self.ca_file))

    def deliver(self, recipient: str, raw: bytes, sender: str = "alice@cust.example") -> None:
        """Hand a mail in by LMTP; when this returns the server has accepted it."""
        with smtplib.LMTP("127.0.0.1", self.lmtp) as client:
            client.sendmail(sender, [recipient], raw)

    def doveadm(self, *words: str) -> str:
        """Run a command of the administrator's tool on this instance."""
        command = ["doveadm", "-c", str(self.folder / "dovecot.conf"), *words]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=20).stdout

    def empty(self, user: str) -> None:
        """Throw a mailbox away and begin it anew with the next UIDVALIDITY.

        Dovecot takes the clock's second for it, so that a quick test would get the same one twice.
        """
        before = int(
            self.doveadm("-f", "flow", "mailbox", "status", "-u", user, "uidvalidity", "INBOX").split("=")[1]
        )
        with contextlib.suppress(subprocess.CalledProcessError):
            self.doveadm("kick", user)
        home = self.folder / "mail" / user
        if home.exists():
            shutil.rmtree(home, ignore_errors=True)
        self.doveadm("mailbox", "update", "-u", user, "--uid-validity", str(before + 1), "INBOX")

    def sieve(self, user: str, script: str) -> None:
        """Give a user a Sieve script."""
        home = self.folder / "mail" / user
        home.mkdir(parents=True, exist_ok=True)
        (home / ".dovecot.sieve").write_text(script, encoding="utf-8")
        if self.is_root:
            subprocess.run(["chown", "-R", "--reference", str(self.folder / "users"), str(home)], check=True)


def missing() -> str | None:
    """Return why no Dovecot can be started here, or None."""
    if not shutil.which("dovecot"):
        return "Dovecot is not installed: apt-get install dovecot-imapd dovecot-lmtpd dovecot-submissiond dovecot-sieve"
    version = subprocess.run(["dovecot", "--version"], check=True, capture_output=True, text=True).stdout
    return None if version.startswith("2.3.") else f"Dovecot 2.3 is needed, found {version.strip()}"


@contextlib.contextmanager
def running_dovecot(more: str = "") -> Iterator[Dovecot]:
    """Start a server and stop it again; ``more`` is added to its configuration. Skips the test where there is none."""
    if why := missing():
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    is_root = os.getuid() == 0
    user = "nobody" if is_root else pwd.getpwuid(os.getuid()).pw_name
    group = grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name
    folder = Path(tempfile.mkdtemp(prefix="dovecot"))
    server = _prepared(folder, is_root, user, group, more)
    command = ["dovecot", "-F", "-c", str(folder / "dovecot.conf")]
    if is_root:  # its login process refuses uid 0
        subprocess.run(["chown", "-R", f"{user}:{group}", str(folder)], check=True)
        command = ["setpriv", "--reuid", user, "--regid", group, "--clear-groups", *command]
    process = subprocess.Popen(command, start_new_session=True)
    try:
        for port in (server.imap, server.imaps, server.submission, server.lmtp):
            wait_for_port(port)
        yield server
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=3)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # only our own process group
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _prepared(folder: Path, is_root: bool, user: str, group: str, more: str) -> Dovecot:
    folder.chmod(0o755)
    for name in ("run", "state", "mail"):
        (folder / name).mkdir()
    make_certificate(folder)
    ports = {name: free_port() for name in ("imap", "imaps", "submission", "lmtp", "relay")}
    (folder / "users").write_text("".join(f"{name}:{{PLAIN}}{PASSWORD}\n" for name in USERS))
    (folder / "dovecot.conf").write_text(_CONF.format(d=folder, u=user, g=group, more=more, **ports))
    return Dovecot(folder=folder, is_root=is_root, **ports)


def make_certificate(folder: Path) -> None:
    """Write ``cert.pem`` and ``key.pem`` for localhost, valid two days."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(folder / "key.pem"),
         "-out", str(folder / "cert.pem"), "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip


def free_port() -> int:
    """Return a port nobody listens on just now, never the same one twice.

    The kernel's own choice may come again at once, or go to a client's connection meanwhile: these lie below its
    range, and each worker of a run has its own share of them.
    """
    while True:
        port = next(_PORTS)
        with socket.socket() as it, contextlib.suppress(OSError):
            it.bind(("127.0.0.1", port))
            return port


def _own_ports() -> Iterator[int]:
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    share = range(10_000 + worker % 8 * 2_500, 10_000 + (worker % 8 + 1) * 2_500)
    first = os.getpid() * 97 % len(share)
    return itertools.cycle([*share[first:], *share[:first]])


_PORTS = _own_ports()


def wait_for_port(port: int, seconds: float = 10) -> None:
    """Return once somebody listens on ``port``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            time.sleep(0.03)
        else:
            return
    raise RuntimeError(f"port {port} did not open within {seconds} s")
