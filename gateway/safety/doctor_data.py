"""What lies on disk: the data folder and its rights, the key, the knowledge, the database and its schema."""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from gateway.errors import ConfigError, Said
from gateway.safety.doctor_keys import data_key_findings
from gateway.safety.doctor_machine import clock_findings
from gateway.safety.doctor_outbox import held_back_findings
from gateway.safety.doctor_people import people_findings
from gateway.safety.doctor_promises import promises_findings
from gateway.safety.finding import Finding
from gateway.safety.manifest import KEY_FILE
from gateway.safety.reading import reading, sqlite_path
from gateway.safety.rows import known_schemas, schema_of
from gateway.safety.simulate import kinds
from gateway.safety.trouble import NotDone
from gateway.settings import Settings
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.root_file import ring_of
from gateway.web.promises import version_of
from knowledge.load import load_folder

LITTLE_SPACE = 1_000_000_000
SHOWN = 5


def folder(settings: Settings) -> Iterator[Finding]:
    """The data folder: there, ours alone, writable, with room."""
    path = settings.data.dir
    if not path.exists():
        parent = next(each for each in path.absolute().parents if each.exists())
        if os.access(parent, os.W_OK):
            yield _ok(
                "data_folder", f"{path} 将在首次启动时创建。", f"{path} will be made at the first start."
            )
            yield from space(parent, shutil.disk_usage(parent).free)
        else:
            yield _unwritable(parent)
        return
    if not path.is_dir() or not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        yield _unwritable(path)
        return
    yield from rights(path, stat.S_IMODE(path.stat().st_mode))
    yield from space(path, shutil.disk_usage(path).free)


def rights(path: Path, mode: int) -> Iterator[Finding]:
    """Judge who else may look into the folder."""
    if mode & 0o077 == 0:
        yield _ok("data_folder", f"{path} 可写，且只有本账户可访问。", f"{path} is writable, and ours alone.")
        return
    yield Finding(
        check="data_folder",
        level="note",
        found=Said(
            f"{path} 的权限是 {mode:o}：其他账户可以看到客户数据或控制 gateway。",
            f"{path} has mode {mode:o}: other accounts may see customers' data, or command the gateway.",
        ),
        remedy=Said(f"chmod 700 {path}", f"chmod 700 {path}"),
    )


def space(path: Path, free: int) -> Iterator[Finding]:
    """Judge the room that is left: a full disk refuses every message."""
    amount = f"{free / 1_000_000_000:.1f} GB"
    if free >= LITTLE_SPACE:
        yield _ok("free_space", f"{path} 剩余 {amount}。", f"{amount} are free at {path}.")
        return
    yield Finding(
        check="free_space",
        found=Said(
            f"{path} 只剩 {amount}：磁盘写满后将拒收所有消息（不会丢失已收的）。",
            f"Only {amount} are free at {path}: once it is full, every message is refused (none that was taken is lost).",
        ),
        remedy=Said(
            "请清理磁盘，或把 data.dir 移到更大的磁盘。", "Make room, or move data.dir to a larger disk."
        ),
    )


def key(settings: Settings) -> Iterator[Finding]:
    """The root secret: whole, and nobody else's to read."""
    path = settings.data.dir / KEY_FILE
    if not path.exists():
        yield _ok("key", f"{KEY_FILE} 将在首次启动时生成。", f"{KEY_FILE} will be made at the first start.")
        return
    if not os.access(path, os.R_OK) or path.stat().st_size != 32:
        yield Finding(
            check="key",
            found=Said(f"{path} 无法读取或不完整。", f"{path} cannot be read, or is not whole."),
            remedy=Said(
                "请从单独保管的副本恢复它；删除它会使已有的聊天与回复链接失效。",
                "Put back the copy you keep apart; without it, chats and reply links of today are not known again.",
            ),
        )
    elif path.stat().st_mode & 0o077:
        remedy = f"chmod 600 {path}"
        yield Finding(
            check="key",
            found=Said(f"其他账户可以读取 {path}。", f"Other accounts may read {path}."),
            remedy=Said(remedy, remedy),
        )
    else:
        yield _ok("key", f"{KEY_FILE} 完好；请另行备份。", f"{KEY_FILE} is whole; keep a copy of it apart.")


def knowledge(settings: Settings) -> Iterator[Finding]:
    """The knowledge folder and what is wrong in its files."""
    path = settings.knowledge.folder
    if not path.is_dir():
        yield Finding(
            check="knowledge",
            level="note",
            found=Said(
                f"没有知识库文件夹 {path}：所有问题都会转给人工。",
                f"There is no folder {path}: people get every question.",
            ),
            remedy=Said(
                "请设置 knowledge.folder，或运行 gateway init 目录。",
                "Set knowledge.folder, or run gateway init DIR.",
            ),
        )
        return
    loaded = load_folder(path, first_language=settings.house.languages[0])
    count = len(loaded.entries)
    if loaded.problems:
        some = "; ".join(str(problem) for problem in loaded.problems[:SHOWN])
        yield Finding(
            check="knowledge",
            found=Said(
                f"知识库有 {len(loaded.problems)} 处问题：{some}",
                f"The knowledge has {len(loaded.problems)} problems: {some}",
            ),
            remedy=Said("请改正后运行 gateway kb lint。", "Correct them, then run gateway kb lint."),
        )
    else:
        yield _ok("knowledge", f"知识库有 {count} 个条目。", f"The knowledge has {count} entries.")


async def database(settings: Settings, now: datetime) -> list[Finding]:
    """The database: it answers, its schema is ours; and the clock, judged by the newest row."""
    file = sqlite_path(settings.database_url)
    if file is not None and not file.exists():
        made = _ok("database", f"{file} 将在首次启动时创建。", f"{file} will be made at the first start.")
        return [made, *clock_findings(now, None)]
    try:
        async with reading(settings.database_url, ring_of(settings, lambda: now)) as opened:
            schema = await opened.read(schema_of)
            is_known = schema in known_schemas()
            newest = await opened.read(_newest) if is_known else None
            more: list[Finding] = []
            if schema == known_schemas()[0]:
                version = version_of(settings.policy())
                with suppress(ConfigError):  # roots that cannot be read are told of by themselves
                    more += await opened.read(lambda tx: list(data_key_findings(tx)))
                more += await opened.read(lambda tx: held_back_findings(tx, now))
                more += await opened.read(lambda tx: list(promises_findings(tx, version, now)))
                policy, kind = settings.policy(), kinds(settings)
                more += await opened.read(lambda tx: list(people_findings(tx, policy, kind)))
    except NotDone as error:
        return [Finding(check="database", found=error.public), *clock_findings(now, None)]
    return [schema_finding(schema, known_schemas()), *more, *clock_findings(now, newest)]


def schema_finding(schema: str | None, known: tuple[str, ...]) -> Finding:
    """Judge the database's schema by those this version knows, newest first."""
    if schema == known[0]:
        return _ok(
            "database",
            f"数据库可用，表结构 {schema} 为最新。",
            f"The database answers; its schema {schema} is current.",
        )
    if schema is None or schema in known:
        return Finding(
            check="database",
            level="note",
            found=Said(
                f"数据库的表结构是 {schema or '空'}，本版本为 {known[0]}。",
                f"The database's schema is {schema or 'none'}, this version's is {known[0]}.",
            ),
            remedy=Said(
                "启动时会自动更新；请先备份。也可运行 gateway migrate。",
                "The next start brings it up to date; back up before. Or run gateway migrate.",
            ),
        )
    return Finding(
        check="database",
        found=Said(
            f"数据库由更新的版本写入（表结构 {schema}），本版本不认识。",
            f"The database was written by a newer version (schema {schema}), which this one does not know.",
        ),
        remedy=Said(
            "请升级 gateway，或恢复旧版本的备份。",
            "Upgrade the gateway, or restore a backup made by this version.",
        ),
    )


def _newest(tx: Tx) -> datetime | None:
    at: datetime | None = tx.execute(select(func.max(t.inbox.c.received_at))).scalar()
    return at


def _unwritable(path: Path) -> Finding:
    return Finding(
        check="data_folder",
        found=Said(f"无法写入 {path}。", f"{path} cannot be written to."),
        remedy=Said("请检查所有者与权限，或修改 data.dir。", "Check its owner and rights, or set data.dir."),
    )


def _ok(check: str, zh: str, en: str) -> Finding:
    return Finding(check=check, level="ok", found=Said(zh, en))
