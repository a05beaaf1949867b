"""First sync: how long a mailbox of 5,000 mails on Dovecot takes until each is stored and in its thread, on SQLite.

``python -m benchmarks --only mail``. The mails are samples made here: two thirds open a thread, one third answer
an earlier mail; one in ten carries a file of 100 kB, one in five is HTML, one in ten is from a machine. They were
received a year ago, so that no machine answers them (``answer_within``); each becomes work for a person. The extra
``semantic`` is off, as in an install without extras: its model alone takes some 180 MB.
"""

import base64
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil

from tests.servers.dovecot import PASSWORD, Dovecot, free_port, running_dovecot

ROOT = Path(__file__).parents[1]
CONFIG = """
[data]
dir = "data"
[server]
port = {port}
[knowledge]
folder = "{entries}"
semantic = "off"
[accounts]
second_factor = "optional"
[logs]
level = "error"
[channels.mail]
kind = "mail"
address = "support@shop.example"
[channels.mail.imap]
host = "127.0.0.1"
port = {imaps}
login = "support"
password = {{ env = "MAIL_PASSWORD" }}
ca_file = "{ca}"
start = "all"
"""
_TEXT = "您好，我上周买的杯子到现在还没有收到，请帮我查一下物流。订单号 A{n}。\n谢谢！\n"
_QUOTE = "\n\n------------------ 原始邮件 ------------------\n发件人: support\n主题: 订单\n\n> 我们已经收到您的来信。\n"
_FILE = base64.encodebytes(bytes(range(256)) * 400).decode()


def sample_mail(n: int) -> bytes:
    """Return mail number ``n``: thread openers, answers, HTML, files and automatic mail in a fixed mix."""
    sender = f"customer{n % 1700}@cust.example"
    head = [
        f"From: =?utf-8?b?5byg5LiJ?= <{sender}>",
        "To: support@shop.example",
        f"Subject: =?utf-8?b?6K6i5Y2V?= {n}",
        f"Message-ID: <{n}.sample@cust.example>",
        "Date: Mon, 16 Nov 2026 09:00:00 +0800",
        "MIME-Version: 1.0",
    ]
    if n % 3 == 2:
        head.append(f"In-Reply-To: <{n - 2}.sample@cust.example>")
        head[0] = head[0].replace(sender, f"customer{(n - 2) % 1700}@cust.example")
    if n % 10 == 7:
        head.append("Auto-Submitted: auto-replied")
    text = _TEXT.format(n=n) + (_QUOTE if n % 3 == 2 else "")
    if n % 10 == 3:
        head.append('Content-Type: multipart/mixed; boundary="sample"')
        body = (
            f"--sample\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
            '--sample\r\nContent-Type: image/png; name="photo.png"\r\nContent-Transfer-Encoding: base64\r\n'
            f"Content-Disposition: attachment\r\n\r\n{base64.encodebytes(str(n).encode()).decode().strip()}{_FILE}\r\n--sample--\r\n"
        )
    elif n % 5 == 1:
        head += ["Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
        body = f"<html><body><div>{text}</div><p>-- <br>张三</p></body></html>\r\n"
    else:
        head += ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
        body = text
    return ("\r\n".join(head) + "\r\n\r\n" + body).replace("\r\n", "\n").encode()


def fill(server: Dovecot, count: int, *, age: float = 365 * 24 * 3600) -> None:
    """Put the mails into the mailbox as files, which is quicker than any protocol."""
    server.doveadm("mailbox", "status", "-u", "support", "messages", "INBOX")
    home = server.folder / "mail" / "support"
    for part in ("cur", "new", "tmp"):
        (home / part).mkdir(parents=True, exist_ok=True)
    for n in range(count):
        file = home / "cur" / f"{1763000000 + n}.M{n}.sample:2,"
        file.write_bytes(sample_mail(n))
        received_at = time.time() - age + n  # the file's time is the mail's INTERNALDATE
        os.utime(file, (received_at, received_at))
    if server.is_root:
        subprocess.run(["chown", "-R", "--reference", str(server.folder / "users"), str(home)], check=True)
    server.doveadm("mailbox", "status", "-u", "support", "messages", "INBOX")  # let it build its index


def measure(
    work: Path, count: int = 5000, within: float = 300, *, age: float = 365 * 24 * 3600
) -> dict[str, Any]:
    """Sync a fresh mailbox with a fresh gateway; return rate, what was stored, and the most memory it took."""
    with running_dovecot() as server:
        fill(server, count, age=age)
        folder = work / "mail-sync"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        entries = ROOT / "knowledge" / "entries"
        config = CONFIG.format(port=free_port(), entries=entries, imaps=server.imaps, ca=server.ca_file)
        (folder / "config.toml").write_text(config, encoding="utf-8")
        environ = os.environ | {"MAIL_PASSWORD": PASSWORD, "PYTHONPATH": str(ROOT)}
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *os.environ.get("BENCH_PYTHON", "").split(), "-m", "gateway", "run"],
            cwd=folder, env=environ, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            return _watched(process, folder / "data" / "gateway.db", count, began, within)
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _watched(
    process: "subprocess.Popen[bytes]", database: Path, count: int, began: float, within: float
) -> dict[str, Any]:
    root, peak, own, first = psutil.Process(process.pid), 0, 0, None
    cpu_before = 0.0
    while True:
        time.sleep(0.1)
        if process.poll() is not None:
            raise RuntimeError("the gateway ended")
        mine, whole = _memory(root)
        own, peak = max(own, mine), max(peak, whole)
        stored, placed, threads, waiting = _counts(database)
        now = time.perf_counter()
        if first is None and stored:
            first, cpu_before = now, sum(root.cpu_times()[:2])
        is_done = placed >= count and not waiting
        if is_done or now - began > within:
            span = now - (first or began)
            return {
                "mails": count,
                "stored": stored,
                "in_a_thread": placed,
                "threads": threads,
                "seconds": round(span, 2),
                "start_to_first_s": round((first or now) - began, 2),
                "mails_per_second": round(placed / span, 1),
                "gateway_cpu_ms_per_mail": round((sum(root.cpu_times()[:2]) - cpu_before) / count * 1000, 2),
                "peak_rss_mb": round(own / 1e6, 1),
                "peak_rss_with_parsers_mb": round(peak / 1e6, 1),
                "finished": is_done,
            }


def _memory(root: psutil.Process) -> tuple[int, int]:
    own = root.memory_info().rss
    whole = own
    for child in root.children(recursive=True):
        try:
            whole += child.memory_info().rss
        except psutil.Error:  # it ended meanwhile
            continue
    return own, whole


def _counts(database: Path) -> tuple[int, int, int, int]:
    """Return inbox rows, messages of customers, threads, and rows not decided on yet."""
    if not database.exists():
        return 0, 0, 0, 0
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=1)) as connection:
            asked = (
                "SELECT count(*) FROM inbox",
                "SELECT count(*) FROM message WHERE author = 'customer'",
                "SELECT count(*) FROM thread",
                "SELECT count(*) FROM inbox WHERE state = 'new'",
            )
            found = [int(connection.execute(one).fetchone()[0]) for one in asked]
            return found[0], found[1], found[2], found[3]
    except sqlite3.Error:  # not made yet
        return 0, 0, 0, 0
