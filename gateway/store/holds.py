"""Legal holds: of a contact or a ticket that is held, nothing is let go until the hold is lifted."""

from datetime import datetime
from typing import Any, ClassVar, Literal

from sqlalchemy import ColumnElement, insert, or_, select, update

from gateway.errors import Conflict, NotFound, Said
from gateway.store import audit
from gateway.store import tables as t
from gateway.store.database import Tx

Kind = Literal["contact", "ticket"]
_h, _k, _c = t.hold.c, t.ticket.c, t.contact.c


class OnHold(Conflict):
    """Erasing, or letting go by time, is forbidden while a legal hold stands."""

    code: ClassVar[str] = "on_hold"
    said = Said(
        "该客户或其工单处于法律保全状态，暂不能删除；请先由管理员解除保全。",
        "This customer or a ticket of theirs is on legal hold. Lift the hold before erasing.",
    )


def put(tx: Tx, kind: Kind, number: str, *, because: str, by: str, now: datetime) -> None:
    """Hold a contact or a ticket; one that is held stays so, with the first reason.

    Raises:
        NotFound: there is no such contact or ticket.
    """
    row_id = _row(tx, kind, number)
    if _standing(tx, kind, row_id) is None:
        values = {"kind": kind, "row_id": row_id, "because": because, "by": by, "at": now}
        tx.execute(insert(t.hold).values(values))
        audit.write(tx, actor=by, act="hold.put", about=f"{kind}:{number}", now=now, reason=because)


def lift(tx: Tx, kind: Kind, number: str, *, by: str, now: datetime) -> None:
    """Let a hold go; nothing happens where there is none.

    Raises:
        NotFound: there is no such contact or ticket.
    """
    found = _standing(tx, kind, _row(tx, kind, number))
    if found is not None:
        tx.execute(update(t.hold).where(_h.id == found).values(lifted_at=now, lifted_by=by))
        audit.write(tx, actor=by, act="hold.lift", about=f"{kind}:{number}", now=now)


def must_not_be_held(tx: Tx, contact_id: int) -> None:
    """Return if neither the contact nor any ticket of theirs is held.

    Raises:
        OnHold: one is.
    """
    theirs = select(_k.id).where(_k.contact_id == contact_id)
    found = select(_h.id).where(
        _h.lifted_at.is_(None),
        or_(
            (_h.kind == "contact") & (_h.row_id == contact_id), (_h.kind == "ticket") & _h.row_id.in_(theirs)
        ),
    )
    if tx.execute(found.limit(1)).scalar() is not None:
        raise OnHold("a legal hold stands")


def free(contact: ColumnElement[Any], ticket: ColumnElement[Any] | None = None) -> ColumnElement[bool]:
    """Return the condition that neither a contact nor a ticket is held, given the columns that name them."""
    held = select(_h.row_id).where(_h.lifted_at.is_(None))
    of_contact = contact.not_in(held.where(_h.kind == "contact"))
    if ticket is None:
        return of_contact
    return of_contact & or_(ticket.is_(None), ticket.not_in(held.where(_h.kind == "ticket")))


def _standing(tx: Tx, kind: Kind, row_id: int) -> int | None:
    return tx.execute(
        select(_h.id).where(_h.kind == kind, _h.row_id == row_id, _h.lifted_at.is_(None))
    ).scalar()


def _row(tx: Tx, kind: Kind, number: str) -> int:
    column, found = (_c.id, _c.number == number) if kind == "contact" else (_k.id, _k.number == number)
    row_id: int | None = tx.execute(select(column).where(found)).scalar()
    if row_id is None:
        raise NotFound(f"no {kind} {number}")
    return row_id
