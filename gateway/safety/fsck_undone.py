"""Rows that were put back to what they were: whom the audit says we erased must still be erased."""

from collections.abc import Iterator

from sqlalchemy import exists, func, select

from gateway.errors import Said
from gateway.safety.finding import Finding
from gateway.store import tables as t
from gateway.store.database import Tx

ABOUT = "contact:"
_REMEDY = Said(
    "保留副本作为证据，查明谁能写入数据库，然后再次运行 gateway person erase。",
    "Keep a copy as evidence, find out who can write to the database, then run gateway person erase once more.",
)


def undone_findings(tx: Tx) -> Iterator[Finding]:
    """Yield a finding for each erased person of whom a row or a key is as it was before.

    The audit's rows are bound to one another, so that none can be left out unseen; the rows it tells of are not.
    """
    a, c, k = t.audit.c, t.contact.c, t.data_key.c
    erased = select(func.substr(a.about, len(ABOUT) + 1)).where(
        a.act == "person.erase", a.outcome == "done", a.about.like(f"{ABOUT}%")
    )
    alive = exists().where(k.contact_id == c.id, k.wrapped.is_not(None), k.created_at <= c.erased_at)
    people = select(c.number, c.name, c.erased_at, alive.label("has_key")).where(c.number.in_(erased))
    for row in tx.execute(people.order_by(c.id)):
        if row.erased_at is None or row.name:
            yield _undone(row.number, "contact", "联系人的行", "the row of this contact")
        if row.has_key:
            yield _undone(row.number, "data_key", "已销毁的密钥", "a key that was destroyed")


def _undone(number: str, table: str, zh: str, en: str) -> Finding:
    return Finding(
        check="rolled_back",
        found=Said(
            f"{number} 已被删除，但{zh}恢复成了以前的样子。",
            f"{number} was erased, but {en} is as it was before.",
        ),
        remedy=_REMEDY,
        where={"table": table, "contact": number},
    )
