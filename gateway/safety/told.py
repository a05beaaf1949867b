"""What became of a backup or a restore, for people and for programs."""

from collections.abc import Iterator
from typing import Any

from gateway.errors import Said
from gateway.safety.backup import Made
from gateway.safety.manifest import KEY_FILE, Manifest
from gateway.safety.restore import Restored
from gateway.safety.verify import Proof, said_lost
from gateway.settings import Settings

WHOLE = Said("一切完好：数据库与附件相符。", "All is whole: the database and its files are as they must be.")


def made(made: Made, lang: str) -> Iterator[str]:
    """Yield the sentences about a new backup."""
    manifest = made.manifest
    seconds = made.took.total_seconds()
    yield Said(
        f"已备份到 {made.path}：{_content(manifest).zh}，用时 {seconds:.1f} 秒，已通过检查。",
        f"Backed up to {made.path}: {_content(manifest).en}, in {seconds:.1f} s, checked.",
    ).in_(lang)
    yield Said(
        f"客户密钥不在备份中，而在 {made.keyring}：只保留最新的一份，恢复时需要它。",
        f"Customers' keys are not in it, but in {made.keyring}: keep the newest one only; restoring needs it.",
    ).in_(lang)
    yield Said(
        f"根密钥与 {KEY_FILE} 不在其中：请另行妥善保存。",
        f"The root key and {KEY_FILE} are in neither: keep them safe apart from both.",
    ).in_(lang)
    if manifest.damaged:
        yield said_lost(manifest.damaged).in_(lang)
        yield Said(
            "请运行 gateway fsck，并从更早的备份取回这些附件。",
            "Run gateway fsck, and fetch these files from an earlier backup.",
        ).in_(lang)


def made_json(made: Made) -> dict[str, Any]:
    """Return the same for programs."""
    return {
        "path": str(made.path),
        "keyring": str(made.keyring),
        "seconds": round(made.took.total_seconds(), 3),
    } | _manifest(made.manifest)


def proved(proof: Proof, lang: str) -> Iterator[str]:
    """Yield the sentences about a backup that was read whole."""
    content = _content(proof.manifest)
    yield Said(
        f"数据库完好，可以恢复：{content.zh}，备份时间 {proof.manifest.made_at:%Y-%m-%d %H:%M} UTC。",
        f"The database is whole and can be restored: {content.en}, "
        f"made at {proof.manifest.made_at:%Y-%m-%d %H:%M} UTC.",
    ).in_(lang)
    if proof.lost:
        yield said_lost(proof.lost).in_(lang)


def proved_json(proof: Proof) -> dict[str, Any]:
    """Return the same for programs."""
    return _manifest(proof.manifest) | {"lost": list(proof.lost)}


def restored(restored: Restored, settings: Settings, lang: str) -> Iterator[str]:
    """Yield the sentences about what was put back, and what is left to do."""
    content = _content(restored.manifest)
    yield Said(f"已恢复：{content.zh}。", f"Restored: {content.en}.").in_(lang)
    if restored.aside is not None:
        yield Said(
            f"原来的数据库保存在 {restored.aside}：确认无误后可删除。",
            f"The earlier database lies in {restored.aside}: delete it once all is well.",
        ).in_(lang)
    if restored.erased:
        people = "1 person who was" if restored.erased == 1 else f"{restored.erased} people who were"
        again = "is erased again" if restored.erased == 1 else "are erased again"
        yield Said(
            f"备份之后已删除的 {restored.erased} 位客户，已再次删除。",
            f"{people} erased since the backup was made {again}.",
        ).in_(lang)
    if restored.lost:
        yield said_lost(restored.lost).in_(lang)
    if restored.has_its_key is False:
        key = settings.data.dir / KEY_FILE
        yield Said(
            f"{key} 不是这份备份的密钥：请放回原来的密钥，否则客户的聊天与邮件回复链接会失效。",
            f"{key} is not this backup's key: put the old one there, or customers' chats and reply links "
            "will not be known again.",
        ).in_(lang)
    yield Said("下一步：gateway fsck，然后 gateway run。", "Next: gateway fsck, then gateway run.").in_(lang)


def restored_json(restored: Restored) -> dict[str, Any]:
    """Return the same for programs."""
    return _manifest(restored.manifest) | {
        "lost": list(restored.lost),
        "aside": str(restored.aside) if restored.aside else None,
        "has_its_key": restored.has_its_key,
        "erased": restored.erased,
    }


def _content(manifest: Manifest) -> Said:
    rows, files = sum(manifest.rows.values()), len(manifest.blobs)
    size = (manifest.database_size + sum(manifest.blobs.values())) / 1_000_000
    messages = manifest.rows.get("message", 0)
    return Said(
        f"{messages} 条消息（共 {rows} 行），{files} 个附件，{size:.1f} MB",
        f"{messages} messages ({rows} rows in all), {files} files, {size:.1f} MB",
    )


def _manifest(manifest: Manifest) -> dict[str, Any]:
    told = manifest.model_dump(mode="json", exclude={"blobs", "key_mark", "format"})
    return told | {"blobs": len(manifest.blobs), "blob_bytes": sum(manifest.blobs.values())}
