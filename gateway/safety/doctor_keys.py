"""The root keys: there, nobody else's to read, kept apart; and whether they open every data key."""

import os
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from gateway.errors import ConfigError, Said
from gateway.safety.finding import Finding
from gateway.sealing.roots import parse_roots
from gateway.settings import Settings
from gateway.store.database import Tx
from gateway.store.keys import missing_roots
from gateway.store.root_file import FOLDER, NAME, SETTING, RootFile

_PUT_BACK = Said(
    "把另行保存的根密钥放回原处（chmod 400）；见 docs/howto/keys.md。",
    "Put the root key you keep apart back to its place (chmod 400); see docs/howto/keys.md.",
)


def root_findings(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Judge where the root keys come from: mode, age, how many old ones, and remind of the copy."""
    given = settings.protection.root_key
    if given is not None:
        try:
            count = len(parse_roots(given.get_secret_value()))
        except ValueError as error:
            found = Said(f"{SETTING} 有误：{error}", f"{SETTING}: {error}")
            yield Finding(check="root_key", found=found, remedy=_PUT_BACK)
            return
        yield _sound(SETTING, count, "")
        return
    path = settings.data.dir / FOLDER / NAME
    if not path.exists():
        found = Said(f"{NAME} 将在首次启动时生成。", f"{NAME} will be made at the first start.")
        yield Finding(check="root_key", level="ok", found=found)
        return
    yield _of_file(path, settings.data.dir, now)


def _of_file(path: Path, folder: Path, now: datetime) -> Finding:
    state = path.stat()
    mode = stat.S_IMODE(state.st_mode)
    if mode & 0o077:
        found = Said(
            f"{path} 的权限是 {mode:o}：gateway 将拒绝启动。",
            f"{path} has mode {mode:o}: the gateway will not start.",
        )
        return Finding(check="root_key", found=found, remedy=Said(f"chmod 400 {path}", f"chmod 400 {path}"))
    if not os.access(path, os.R_OK):
        found = Said(f"无法读取 {path}。", f"{path} cannot be read.")
        return Finding(check="root_key", found=found, remedy=Said("检查所有者。", "Check its owner."))
    try:
        count = len(RootFile(folder).load())
    except ConfigError as error:
        return Finding(check="root_key", found=Said(str(error), str(error)), remedy=_PUT_BACK)
    days = max(0, (now.timestamp() - state.st_mtime) // 86400)
    return _sound(str(path), count, f"{days:.0f}")


def _sound(where: str, count: int, days: str) -> Finding:
    old = max(0, count - 1)
    zh = f"{where} 完好" + (f"，最新密钥已用 {days} 天" if days else "") + f"，旧根密钥 {old} 个。"
    en = (
        f"{where} is whole"
        + (f", its newest key {days} days old" if days else "")
        + f", {old} old root keys."
    )
    return Finding(
        check="root_key",
        level="ok",
        found=Said(
            zh + "请在备份之外另存一份（gateway keys export）：丢失即丢失数据。",
            en + " Keep a copy apart from the backups (gateway keys export): without it the data are lost.",
        ),
    )


def data_key_findings(tx: Tx) -> Iterator[Finding]:
    """Judge whether the root keys that are here open every data key."""
    missing = missing_roots(tx)
    if not missing:
        found = Said("每个数据密钥都有对应的根密钥。", "Every data key has its root key.")
        yield Finding(check="data_keys", level="ok", found=found)
    for name, count in sorted(missing.items()):
        yield Finding(
            check="data_keys",
            found=Said(
                f"{count} 个数据密钥所需的根密钥 {name} 不在：gateway 将拒绝启动。",
                f"{count} data keys need root key {name}, which is not here: the gateway will not start.",
            ),
            remedy=_PUT_BACK,
            where={"root": name, "count": count},
        )
