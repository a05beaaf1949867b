"""Where a contact prefers to be told an outcome: another thread of theirs than the one they wrote on (rulebook L4)."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from gateway.store import tables as t
from gateway.store.applying import Applying
from gateway.store.senders import refuses_mail

AWAY = timedelta(minutes=10)
"""A visitor who has not written for so long may have gone: what is told in the window alone is told to nobody."""
_h = t.thread.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A thread of the same contact on a channel that we can send over."""

    thread_id: int
    channel: str


def preferred_thread(work: Applying) -> Elsewhere | None:
    """Return the thread on the channel the contact prefers; of a visitor who has gone, any that we can send to.

    None where the thread they wrote on is the one, or there is no other: an address they never wrote from is not used.
    """
    contact_id, own = work.snapshot.contact.id, work.snapshot.channel
    preferred = work.tx.execute(
        select(t.contact.c.preferred_channel).where(t.contact.c.id == contact_id)
    ).scalar()
    if preferred == own or (preferred is None and not _has_gone(work)):
        return None
    query = select(_h.id, _h.channel).where(_h.contact_id == contact_id, _h.channel != own)
    if preferred is not None:
        query = query.where(_h.channel == preferred)
    for row in work.tx.execute(query.order_by(_h.id.desc())):
        if not work.is_served(row.channel) and refuses_mail(work.tx, contact_id, row.channel) is None:
            return Elsewhere(thread_id=row.id, channel=row.channel)
    return None


def _has_gone(work: Applying) -> bool:
    if not work.served:
        return False
    m = t.message.c
    last = work.tx.execute(
        select(func.max(m.at)).where(m.thread_id == work.snapshot.thread_id, m.author == "customer")
    ).scalar()
    return last is not None and work.now - last > AWAY
