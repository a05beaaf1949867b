"""A private Postfix on a free port, as root, delivering into a Dovecot by LMTP: real bounces, real refusals.

Nothing ever leaves the machine. What it says to a recipient is the test's: ``says`` is asked by its policy service.
"""

import contextlib
import os
import pwd
import shutil
import socketserver
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.servers.dovecot import free_port, wait_for_port

SIZE_LIMIT = 200_000

_MAIN = """
compatibility_level = 3.6
queue_directory = {d}/spool
data_directory = {d}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {d}/postfix.log
maillog_file_prefixes = {d}
myhostname = mx.shop.example
mydestination =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = shop.example cust.example
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
recipient_delimiter = +
smtp_dns_support_level = disabled
smtp_host_lookup = native
default_transport = error:5.1.2 no outside world here
smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:{policy}, permit_mynetworks, reject
smtpd_policy_service_default_action = DUNNO
message_size_limit = {size}
mailbox_size_limit = 0
smtputf8_enable = yes
queue_run_delay = 5s
minimal_backoff_time = 5s
delay_warning_time = 0
local_header_rewrite_clients =
"""
_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

Says = Callable[[dict[str, str]], str]


def takes_all(asked: dict[str, str]) -> str:
    """Let every recipient pass."""
    return "DUNNO"


@dataclass(kw_only=True)
class Postfix:
    """A running server; ``asked`` is every question of its policy service, ``says`` the test's answer."""

    folder: Path
    port: int
    says: Says = takes_all
    asked: list[dict[str, str]] = field(default_factory=list)

    def log(self) -> str:
        """Return what it wrote down."""
        path = self.folder / "postfix.log"
        return path.read_text("utf-8", "replace") if path.exists() else ""


def missing() -> str | None:
    """Return why no Postfix can be started here, or None."""
    if not Path("/usr/sbin/postfix").exists():
        return "Postfix is not installed: apt-get install postfix"
    return None if os.getuid() == 0 else "Postfix needs root"


@contextlib.contextmanager
def running_postfix(lmtp: int) -> Iterator[Postfix]:
    """Start a server that hands mail to ``lmtp``, and stop it again. Skips the test where there is none."""
    if why := missing():
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    folder = Path(tempfile.mkdtemp(prefix="postfix"))
    folder.chmod(0o755)
    server = Postfix(folder=folder, port=free_port())
    with _policy(server) as policy:
        _prepare(folder, port=server.port, lmtp=lmtp, policy=policy)
        _postfix(folder, "start")
        try:
            wait_for_port(server.port)
            yield server
        finally:
            with contextlib.suppress(subprocess.SubprocessError):
                _postfix(folder, "stop")
            shutil.rmtree(folder, ignore_errors=True)


def _postfix(folder: Path, verb: str) -> None:
    command = ["/usr/sbin/postfix", "-c", str(folder / "etc"), verb]
    subprocess.run(command, check=True, capture_output=True, timeout=30)


def _prepare(folder: Path, *, port: int, lmtp: int, policy: int) -> None:
    for name in ("etc", "spool", "data"):
        (folder / name).mkdir()
    owner = pwd.getpwnam("postfix")
    os.chown(folder / "data", owner.pw_uid, owner.pw_gid)
    main = _MAIN.format(d=folder, lmtp=lmtp, policy=policy, size=SIZE_LIMIT)
    (folder / "etc" / "main.cf").write_text(main)
    (folder / "etc" / "master.cf").write_text(_MASTER.format(port=port))


@contextlib.contextmanager
def _policy(server: Postfix) -> Iterator[int]:
    """Postfix's policy protocol: lines ``name=value``, an empty one, and ``action=…`` back."""

    class Asked(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            values: dict[str, str] = {}
            for raw in self.rfile:
                line = raw.decode("utf-8", "replace").rstrip("\n")
                if line:
                    name, _, value = line.partition("=")
                    values[name] = value
                    continue
                server.asked.append(values)
                self.wfile.write(f"action={server.says(values)}\n\n".encode())
                values = {}

    class Threads(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Threads(("127.0.0.1", 0), Asked) as it:
        thread = threading.Thread(target=it.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield int(it.server_address[1])
        finally:
            it.shutdown()
            thread.join(5)
