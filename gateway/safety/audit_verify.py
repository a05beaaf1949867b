"""Prove the audit of a database that a gateway may be using, against the checkpoints outside it."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from gateway.errors import Said
from gateway.safety.finding import Finding
from gateway.safety.reading import reading
from gateway.settings import Settings
from gateway.store import checkpoints as witnesses
from gateway.store.audit_proof import Tampering, count, tamperings
from gateway.store.audit_reading import Wanted, read_audit
from gateway.store.checkpoints import Checkpoint
from gateway.store.database import Tx
from gateway.store.root_file import ring_of

_SAID = {
    "changed": Said("内容已被改动", "was changed, or was not written by the gateway"),
    "missing": Said("已被删除", "is missing"),
    "unlinked": Said(
        "不承接上一行（顺序被改动或被替换）", "does not follow the row before it: moved or replaced"
    ),
    "cut_off": Said("已被截断（检查点见过）", "is cut off: a checkpoint has seen it"),
    "rewritten": Said("与检查点所见不同", "is not the row that a checkpoint has seen"),
    "forged_cut": Said("的截断记录不是本系统写入的", "was let go by a cut that is not ours"),
    "forged_checkpoint": Said(
        "（检查点文件的行）不是本系统写入的", "(a line of the checkpoints) is not ours"
    ),
    "words": Said("的事由文字已被改动", "has had the words of its reason changed"),
}
_REMEDY = Said(
    "保留数据库与检查点文件的副本作为证据，查明谁能写入数据库，再从备份核对这些行。",
    "Keep copies of the database and the checkpoints as evidence, find out who can write to the database, "
    "and compare these rows with a backup.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was looked at, and what is wrong with it."""

    findings: tuple[Finding, ...]
    rows: int
    checkpoints: int

    @property
    def summary(self) -> Said:
        """One sentence."""
        if self.findings:
            return Said(
                f"审计记录有 {len(self.findings)} 处被改动。",
                f"The audit has {_counted(len(self.findings), 'wrong place')}.",
            )
        zh = f"审计记录完整：{self.rows} 行，{self.checkpoints} 个检查点。"
        rows, points = _counted(self.rows, "row"), _counted(self.checkpoints, "checkpoint")
        return Said(zh, f"The audit is whole: {rows}, {points}.")


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


async def verify(settings: Settings, checkpoints: Path | None = None) -> Proof:
    """Look at every row and every checkpoint; a copy of these that was kept elsewhere proves more than ours.

    Raises:
        NotDone: the database cannot be read.
    """
    seen, strange = await asyncio.to_thread(witnesses.read, checkpoints or settings.checkpoints)
    async with reading(settings.database_url, ring_of(settings, never)) as database:
        findings, rows = await database.read(lambda tx: (audit_findings(tx, seen, strange), count(tx)))
    return Proof(findings=tuple(findings), rows=rows, checkpoints=len(seen))


def audit_findings(tx: Tx, seen: list[Checkpoint], strange: list[int]) -> list[Finding]:
    """Return what is wrong with the audit, a finding each; ``strange`` are lines that are no checkpoint at all."""
    wrong = [Tampering(wrong="forged_checkpoint", first=line, last=line) for line in strange]
    return [_finding(one) for one in (*wrong, *tamperings(tx, seen))]


async def read(settings: Settings, wanted: Wanted) -> list[dict[str, Any]]:
    """Return rows, the newest first."""
    async with reading(settings.database_url) as database:
        return await database.read(lambda tx: read_audit(tx, wanted))


def never() -> NoReturn:
    """Be the clock of a keyring that only opens."""
    raise AssertionError("a proof makes no keys")


def _finding(one: Tampering) -> Finding:
    said, rows = _SAID[one.wrong], str(one.first) if one.first == one.last else f"{one.first}–{one.last}"
    return Finding(
        check=f"audit_{one.wrong}",
        found=Said(f"审计行 {rows} {said.zh}。", f"Audit row {rows} {said.en}."),
        remedy=_REMEDY,
        where={"first": one.first, "last": one.last},
    )
