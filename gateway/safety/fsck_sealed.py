"""What is sealed must look sealed, under keys that are known; and the audit must prove itself. Nothing is opened."""

from collections.abc import Iterator

from sqlalchemy import Column, Table, select

from gateway.errors import Said
from gateway.safety.audit_verify import audit_findings
from gateway.safety.finding import Finding
from gateway.sealing.cells import Unreadable, kid_of
from gateway.store import tables as t
from gateway.store.checkpoints import Checkpoint
from gateway.store.database import Tx
from gateway.store.keys import missing_roots


def sealed_findings(tx: Tx) -> Iterator[Finding]:
    """Yield a finding for each column in which something is not sealed, or under a key that was never here."""
    known = set(tx.execute(select(t.data_key.c.kid)).scalars())
    for table in t.metadata.sorted_tables:
        for column in table.c:
            if "sealed" in column.info:
                yield from _column(tx, table, column, known)


def _column(tx: Tx, table: Table, column: Column[object], known: set[str]) -> Iterator[Finding]:
    open_ones, strange = 0, 0
    for value in tx.execute(select(column).where(column.is_not(None))).scalars():
        if not isinstance(value, str) or value == "":
            continue  # bytes say what they are when they are opened; what was let go is empty
        try:
            strange += kid_of(value) not in known
        except Unreadable:
            open_ones += 1
    name, where = f"{table.name}.{column.name}", {"table": table.name, "column": column.name}
    if open_ones:
        found = Said(
            f"{name} 有 {open_ones} 个未加密的值。", f"{name} holds {open_ones} values that are not sealed."
        )
        yield Finding(check="not_sealed", found=found, where=where | {"count": open_ones})
    if strange:
        found = Said(
            f"{name} 有 {strange} 个值的密钥不存在。", f"{name} holds {strange} values of keys never here."
        )
        yield Finding(check="unknown_key", found=found, where=where | {"count": strange})


def traces_findings(tx: Tx, seen: list[Checkpoint], strange: list[int]) -> list[Finding]:
    """Return what is wrong with the audit; without the root key nothing can be said about it."""
    missing = missing_roots(tx)
    if missing:
        names = ", ".join(sorted(missing))
        said = Said(
            f"缺少根密钥 {names}，无法核对审计记录。",
            f"Root key {names} is not here: the audit is not proved.",
        )
        remedy = Said(
            "把另行保存的 root.key 放回数据文件夹（见 keys.md）。",
            "Put the root.key you keep apart back (docs/howto/keys.md).",
        )
        return [Finding(check="audit_not_proved", found=said, remedy=remedy)]
    return audit_findings(tx, seen, strange)
