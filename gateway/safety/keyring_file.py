"""The customers' keys, beside the backups and not in them: one file, replaced each time.

An archive holds what people wrote sealed and none of their keys. The newest keyring opens every archive, except what
was erased since: its keys are in no keyring any more. All keys in it are wrapped by the root key, which is in neither.
"""

import os
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import inspect, select

from gateway.safety.files import sync
from gateway.safety.trouble import NotDone
from gateway.store import tables as t
from gateway.store.columns import from_micros, to_micros
from gateway.store.database import Tx

NAME = "gateway-keyring.json"
"""Beside the archive, in the same folder."""
_INSTANTS = ("created_at", "replaced_at", "retired_at", "destroyed_at")


class Stone(BaseModel):
    """Somebody who was erased, as ``store.tombstones`` seals it."""

    model_config = ConfigDict(frozen=True)

    number: str
    upto: datetime
    kid: str
    mac: str


class KeyringFile(BaseModel):
    """Every data key that still opens something, and who was erased."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: Literal[1] = 1
    made_at: datetime
    key_mark: str | None
    """Of the gateway's root secret: a keyring of another gateway must not replace this one."""
    keys: list[dict[str, Any]]
    erased: list[Stone] = []


def read_keys(tx: Tx) -> list[dict[str, Any]]:
    """Return the rows of all keys; a destroyed one only says that it was."""
    if not inspect(tx).has_table(t.data_key.name):
        return []
    rows = tx.execute(select(t.data_key).order_by(t.data_key.c.created_at, t.data_key.c.kid))
    return [_plain(dict(row._mapping)) for row in rows]


def put_keys(tx: Tx, keyring: KeyringFile) -> int:
    """Write the keys into a database whose own were left out; return how many."""
    tx.execute(t.data_key.delete())
    for row in keyring.keys:
        values = {
            name: from_micros(row[name]) if name in _INSTANTS and row[name] else row[name] for name in row
        }
        tx.execute(t.data_key.insert().values(values))
    return len(keyring.keys)


def write(folder: Path, keyring: KeyringFile) -> Path:
    """Replace the keyring in ``folder`` in one move; the old one is overwritten, not kept.

    Raises:
        NotDone: a keyring of another gateway lies there.
    """
    path = folder / NAME
    if path.exists():
        known = read(path)
        if known.key_mark not in (None, keyring.key_mark):
            raise NotDone(
                f"{path} 属于另一个 gateway：请为每个 gateway 使用单独的备份文件夹。",
                f"{path} is another gateway's: use a backup folder of its own for each gateway.",
            )
    beside = path.with_suffix(f".{os.getpid()}")
    beside.unlink(missing_ok=True)
    with os.fdopen(
        os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(keyring.model_dump_json(indent=1))
        file.flush()
        os.fsync(file.fileno())
    _overwrite(path)
    beside.replace(path)
    sync(folder)
    return path


def read(path: Path) -> KeyringFile:
    """Read a keyring.

    Raises:
        NotDone: it is not there, or is none.
    """
    try:
        return KeyringFile.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise NotDone(
            f"没有密钥环 {path}：备份中不含客户密钥。请用 --keyring 指定最新的 {NAME}。",
            f"There is no keyring {path}, and the backup holds no customers' keys: name the newest {NAME} by --keyring.",
        ) from error
    except (OSError, ValidationError) as error:
        raise NotDone(
            f"{path} 不是可读的密钥环：请使用 gateway backup 最近写出的 {NAME}。",
            f"{path} is no readable keyring: use the newest {NAME} that gateway backup wrote.",
        ) from error


def _overwrite(path: Path) -> None:
    """Do what can be done from here so that erased keys do not stay on the disk's free blocks."""
    if path.exists():
        with path.open("r+b") as file:
            file.write(b"\0" * path.stat().st_size)
            file.flush()
            os.fsync(file.fileno())


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: to_micros(value) if isinstance(value, datetime) else value for name, value in row.items()}
