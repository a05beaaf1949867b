"""A reopened ticket is classified anew: what the customer says now counts where it makes the matter graver (L5)."""

from typing import Any

from sqlalchemy import update

from gateway.domain.complaint import is_complaint
from gateway.domain.ticket import Anomaly, TicketType
from gateway.pipeline.effects_life import Reclassify
from gateway.store import complaints, tags
from gateway.store import tables as t
from gateway.store.applying import Applying
from gateway.store.promises_reckon import reckon

_GRAVITY = (Anomaly.NONE, Anomaly.COMPLAINT, Anomaly.SERIOUS, Anomaly.OUTAGE, Anomaly.MEDIA)


def take_graver(work: Applying, effect: Reclassify) -> None:
    """Take over a graver urgency or anomaly, and that it has become a complaint; "still broken" takes nothing back."""
    ticket, said = work.snapshot.ticket, effect.classification
    if ticket is None:
        return
    changes: dict[str, Any] = {}
    if said.urgency.rank > ticket.urgency.rank:
        changes |= {"urgency": said.urgency.value, "urgency_rank": said.urgency.rank}
    if _GRAVITY.index(said.anomaly) > _GRAVITY.index(ticket.anomaly):
        changes |= {"anomaly": said.anomaly.value, "department": said.department}
    if said.type is TicketType.COMPLAINT and ticket.type is not TicketType.COMPLAINT:
        changes |= {"type": said.type.value, "subtype": said.subtype, "department": said.department}
    if not changes:
        return
    because = "; ".join((effect.because, *said.because))
    work.tx.execute(update(t.ticket).where(t.ticket.c.id == ticket.id).values(changes))
    if is_complaint(said.type, said.anomaly):
        complaints.begin(work, because)
    work.record("ticket", because, what="classified", **changes)
    reckon(work, effect.because)
    tags.by_rules(work, "")
