"""A message of ours came back: the copy it was is shown bounced, with what the other server said."""

from typing import Any

from sqlalchemy import and_, select, update

from gateway.domain.masking import mask_text
from gateway.pipeline import plan as p
from gateway.store import tables as t
from gateway.store.applying import Applying
from gateway.store.personal import address_of, recipient_of

_o = t.outbox.c
_SETTLED = ("delivered", "unknown", "held", "refused")
"""What a bounce can still change; one that is about to be tried again will speak for itself."""


def mark_bounced(work: Applying, effect: p.MarkBounced) -> None:
    """Mark the copy that a report is about; a ref that is none of this very thread's changes nothing.

    A report of a delay is only written down: the other server goes on trying.
    """
    ref, found = _copies(work, effect)
    if not found:
        return
    what = "bounced" if effect.hard else "delayed"
    if effect.hard:
        ids = [row.id for row in found]
        changed = work.tx.execute(
            update(t.outbox)
            .where(_o.id.in_(ids), _o.state.in_(_SETTLED))
            .values(
                state="bounced",
                error=mask_text(effect.detail)[:500],
                code=effect.status[:24] or None,
                settled_at=work.now,
            )
        )
        if not changed.rowcount:
            return
    note = next((row.note_id for row in found if row.note_id is not None), None)
    to = [mask_text(_address(work, row)) for row in found]
    told = {"ref": ref, "detail": mask_text(effect.detail), "to": to}
    work.record(what, effect.because, **(told | {"note": note} if note is not None else told))


def _copies(work: Applying, effect: p.MarkBounced) -> tuple[str, list[Any]]:
    """The first message named that is this thread's, and its copy by number, else by address, else the only one."""
    for ref in effect.refs:
        rows = _of(work, ref)
        if not rows:
            continue
        if effect.copy is not None:
            return ref, [row for row in rows if row.copy == effect.copy]
        named = [row for row in rows if _address(work, row).casefold() == effect.address.casefold()]
        return ref, named or (rows if len(rows) == 1 else [])
    return "", []


def _of(work: Applying, ref: str) -> list[Any]:
    own = t.contact_identity.c
    mine = and_(own.contact_id == work.snapshot.contact.id, own.channel == _o.channel)
    query = (
        select(
            _o.id,
            _o.key,
            _o.copy,
            _o.note_id,
            _o.recipient,
            own.contact_id,
            own.channel,
            own.address_index,
            own.address,
        )
        .outerjoin(t.contact_identity, mine)
        .where(_o.key == ref, _o.thread_id == work.snapshot.thread_id)
        .order_by(_o.id)
    )
    return list(work.tx.execute(query))


def _address(work: Applying, row: Any) -> str:
    """Where a copy went: to whom it names, else to the contact."""
    if row.recipient is not None:
        return recipient_of(work.tx, row.key, row.copy, row.recipient) or ""
    own = (row.contact_id, row.channel, row.address_index, row.address)
    return address_of(work.tx, *own) or "" if row.address is not None else ""
