"""What the machine and the installed libraries are like: versions, the fast parser, file descriptors, built files."""

import resource
import sqlite3
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from aiohttp import http_parser

from gateway.errors import Said
from gateway.safety.finding import Finding
from gateway.web.world import STATIC

ENOUGH_FILES = 8192
"""One a connection, with room for the database and the channels; 5,000 idle chats are a tested load."""

Version = tuple[int, int, int]


def machine_findings() -> Iterator[Finding]:
    """Yield what can be said without a configuration."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    yield _ok("python", f"Python {version}。", f"Python {version}.")
    yield sqlite_version(sqlite3.sqlite_version_info)
    yield parser(http_parser.HttpRequestParser is not http_parser.HttpRequestParserPy)
    yield files_allowed(*resource.getrlimit(resource.RLIMIT_NOFILE))
    yield built((STATIC / "widget.js").is_file())


def sqlite_version(version: Version) -> Finding:
    """Judge SQLite: older ones may lose a commit when two connections checkpoint at once."""
    name = ".".join(str(part) for part in version)
    safe = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0)
    if safe:
        return _ok("sqlite", f"SQLite {name}。", f"SQLite {name}.")
    return Finding(
        check="sqlite",
        level="note",
        found=Said(
            f"SQLite {name} 存在 WAL-reset 缺陷；gateway 已规避：只有一个可写连接，且只由它做检查点。",
            f"SQLite {name} has the WAL-reset bug; the gateway avoids it: one connection writes, and it alone checkpoints.",
        ),
        remedy=Said(
            "请勿用其他程序写入该数据库文件；升级到 3.51.3（或 3.50.7、3.44.6）后即无此限制。",
            "Let no other program write to the database file; 3.51.3 (or 3.50.7, 3.44.6) has it mended.",
        ),
    )


def parser(is_compiled: bool) -> Finding:
    """Judge aiohttp's parser: the pure Python one is several times slower."""
    if is_compiled:
        return _ok("http_parser", "aiohttp 使用编译的解析器。", "aiohttp has its compiled parser.")
    return Finding(
        check="http_parser",
        level="note",
        found=Said(
            "aiohttp 缺少编译的解析器，HTTP 会变慢。", "aiohttp lacks its compiled parser: HTTP will be slow."
        ),
        remedy=Said(
            "请安装 aiohttp 的二进制轮子，并取消设置 AIOHTTP_NO_EXTENSIONS。",
            "Install aiohttp from a binary wheel, and unset AIOHTTP_NO_EXTENSIONS.",
        ),
    )


def files_allowed(soft: int, hard: int) -> Finding:
    """Judge the limit of open files; -1 is none."""
    if soft in (-1, resource.RLIM_INFINITY) or soft >= ENOUGH_FILES:
        return _ok("open_files", f"可打开文件数上限 {soft}。", f"{soft} files may be open at once.")
    return Finding(
        check="open_files",
        level="note",
        found=Said(
            f"只允许同时打开 {soft} 个文件（硬上限 {hard}）：约 {max(soft - 100, 0)} 个聊天连接后将拒绝新连接。",
            f"Only {soft} files may be open at once (hard limit {hard}): chats beyond about {max(soft - 100, 0)} "
            "will be turned away.",
        ),
        remedy=Said(
            "启动前执行 ulimit -n 65536，或在 systemd 单元中设置 LimitNOFILE=65536。",
            "Run ulimit -n 65536 before the start, or set LimitNOFILE=65536 in the systemd unit.",
        ),
    )


def built(is_there: bool) -> Finding:
    """Judge the browser's files: without them the desk and the widget are empty."""
    if is_there:
        return _ok("browser_files", "网页文件已构建。", "The browser's files are built.")
    return Finding(
        check="browser_files",
        found=Said(
            "缺少网页文件：客服台与聊天窗无法打开。",
            "The browser's files are missing: desk and widget cannot be opened.",
        ),
        remedy=Said(
            "在代码目录运行 make setup，或安装发布的轮子。",
            "Run make setup in the clone, or install a released wheel.",
        ),
    )


def clock_findings(now: datetime, newest: datetime | None) -> Iterator[Finding]:
    """Judge the clock by the calendar, and by the newest row that this very clock dated."""
    if not datetime(2025, 1, 1, tzinfo=UTC) <= now < datetime(2100, 1, 1, tzinfo=UTC):
        yield _clock(f"系统时间是 {now:%Y-%m-%d}。", f"The clock says {now:%Y-%m-%d}.")
    elif newest is not None and newest > now:
        behind = newest - now
        yield _clock(
            f"系统时间比最新的记录还早 {behind}：时钟被调回过。",
            f"The clock is {behind} behind the newest row: it was set back.",
        )
    else:
        yield _ok(
            "clock", f"系统时间 {now:%Y-%m-%d %H:%M} UTC。", f"The clock says {now:%Y-%m-%d %H:%M} UTC."
        )


def _clock(zh: str, en: str) -> Finding:
    remedy = Said(
        "请启用时间同步（例如 chrony 或 systemd-timesyncd）。",
        "Set up time synchronisation (chrony, systemd-timesyncd).",
    )
    return Finding(check="clock", found=Said(zh, en), remedy=remedy)


def _ok(check: str, zh: str, en: str) -> Finding:
    return Finding(check=check, level="ok", found=Said(zh, en))
