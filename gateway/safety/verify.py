"""Prove a backup: hashes, counts, integrity, and every file that its rows speak of. Nothing is changed."""

import asyncio
import shutil
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from gateway.errors import Said
from gateway.safety.files import Hashing, copy_to
from gateway.safety.manifest import NAME, Manifest, blob_name
from gateway.safety.packing import Source, open_source
from gateway.safety.postgres import count_dump
from gateway.safety.reading import read_file
from gateway.safety.rows import blobs_named, count_rows, integrity, known_schemas, schema_of
from gateway.safety.trouble import NotDone

_LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a backup holds; ``lost`` are files named by rows that it does not hold whole."""

    manifest: Manifest
    lost: tuple[str, ...]


async def verify(source: Path) -> Proof:
    """Read every byte of a backup and compare it with what it says of itself.

    Raises:
        NotDone: it is no backup, or its database is not whole.
    """
    opened = await asyncio.to_thread(open_source, source)
    work = Path(tempfile.mkdtemp(prefix="gateway-verify-"))
    try:
        manifest = await asyncio.to_thread(read_manifest, opened)
        copy = work / manifest.database
        await unpack_database(opened, manifest, copy)
        lost = await asyncio.to_thread(lost_files, opened, manifest)
    finally:
        opened.close()
        await asyncio.to_thread(shutil.rmtree, work, ignore_errors=True)
    return Proof(manifest=manifest, lost=lost)


def read_manifest(source: Source) -> Manifest:
    """Return what a backup says of itself.

    Raises:
        NotDone: it says nothing, or was made by a newer gateway.
    """
    try:
        with source.open(NAME) as file:
            manifest = Manifest.model_validate_json(file.read())
    except (KeyError, OSError, tarfile.TarError, ValidationError) as error:
        raise NotDone(
            f"备份中没有可读的 {NAME}：它不完整，或不是 gateway backup 生成的。请使用另一份备份。",
            f"The backup has no readable {NAME}: it is not whole, or not made by gateway backup. Use another one.",
        ) from error
    if manifest.schema_revision not in known_schemas():
        raise NotDone(
            f"备份由更新的版本 {manifest.version} 生成（表结构 {manifest.schema_revision}）：请先升级 gateway。",
            f"The backup was made by a newer version, {manifest.version} (schema {manifest.schema_revision}): "
            "upgrade the gateway first.",
        )
    return manifest


async def unpack_database(source: Source, manifest: Manifest, copy: Path) -> None:
    """Write the database's copy to ``copy`` and prove it: hash, integrity, counts, and which files it names.

    Raises:
        NotDone: it is not what was backed up.
    """
    await asyncio.to_thread(_copy_out, source, manifest, copy)
    if manifest.dialect == "postgresql":
        compare(await count_dump(copy), manifest)
    else:
        await asyncio.to_thread(_prove_file, copy, manifest)


def _copy_out(source: Source, manifest: Manifest, copy: Path) -> None:
    try:
        with source.open(manifest.database) as file:
            hashing = Hashing(file)
            copy_to(hashing, copy)
    except (KeyError, tarfile.TarError) as error:
        raise _damaged(f"{manifest.database}: {error}") from error
    if hashing.digest != manifest.database_sha256:
        raise _damaged(f"sha256({manifest.database}) = {hashing.digest}")


def _prove_file(copy: Path, manifest: Manifest) -> None:
    try:
        wrong = read_file(copy, integrity)
        rows, named = read_file(copy, lambda tx: (count_rows(tx), set(blobs_named(tx))))
        schema = read_file(copy, schema_of)
    except DBAPIError as error:
        raise _damaged(str(error.orig)) from error
    if wrong:
        raise _damaged(wrong[0])
    if schema != manifest.schema_revision:
        raise _damaged(f"schema {schema} ≠ {manifest.schema_revision}")
    compare(rows, manifest)
    if strangers := named - set(manifest.blobs) - set(manifest.damaged):
        raise _damaged(f"{len(strangers)} files are named by rows, but not in {NAME}")


def compare(rows: dict[str, int], manifest: Manifest) -> None:
    """Check that each table has as many rows as were backed up.

    Raises:
        NotDone: one has not.
    """
    for table, count in manifest.rows.items():
        if rows.get(table, 0) != count:  # (a dump says nothing of a table whose rows were left out)
            raise _damaged(f"{table}: {rows.get(table, 0)} ≠ {count}")


def lost_files(source: Source, manifest: Manifest) -> tuple[str, ...]:
    """Return the files that rows speak of and the backup does not hold whole, by reading all of them."""
    return (
        *manifest.damaged,
        *(digest for digest in manifest.blobs if not _is_whole(source, digest)),
    )


def _is_whole(source: Source, digest: str) -> bool:
    """Return whether a file of a backup is there with the bytes its name promises."""
    try:
        with source.open(blob_name(digest)) as file:
            hashing = Hashing(file)
            for _ in hashing.chunks():
                pass
    except (KeyError, OSError, tarfile.TarError):
        return False
    return hashing.digest == digest


def said_lost(lost: tuple[str, ...]) -> Said:
    """Return the sentence about files that a backup does not hold whole."""
    some = ", ".join(digest[:16] for digest in lost[:_LISTED]) + ("…" if len(lost) > _LISTED else "")
    return Said(
        f"备份中有 {len(lost)} 个附件缺失或损坏：{some}。",
        f"{len(lost)} files are missing from the backup or damaged: {some}.",
    )


def _damaged(reason: str) -> NotDone:
    return NotDone(
        f"备份中的数据库与清单不符（{reason}）：这份备份不可用，请使用另一份。",
        f"The database in the backup is not what its manifest says ({reason}): do not use it, use another backup.",
    )
