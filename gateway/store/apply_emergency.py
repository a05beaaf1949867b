"""The effect that ties a customer to an emergency, carried out inside ``apply``'s transaction."""

from sqlalchemy import insert, select, update

from gateway.pipeline.effects_emergency import Concern
from gateway.store import tables as t
from gateway.store.applying import Applying
from gateway.store.emergencies import tag

_c = t.emergency_concern.c


def concern(work: Applying, effect: Concern) -> None:
    """Keep that the conversation at hand is concerned; a second time changes nothing."""
    if work.conversation_id is None:
        return
    mine = (_c.emergency_id == effect.emergency_id) & (_c.conversation_id == work.conversation_id)
    if work.tx.execute(select(_c.told).where(mine)).first() is None:
        work.tx.execute(
            insert(t.emergency_concern).values(
                emergency_id=effect.emergency_id,
                conversation_id=work.conversation_id,
                thread_id=work.snapshot.thread_id,
                told=effect.updates,
                at=work.now,
            )
        )
    work.emergencies.append(effect.emergency_id)


def group_tickets(work: Applying) -> None:
    """Put the ticket, which may have been opened after the effect, under its emergencies, and tag it."""
    if not work.emergencies or work.ticket_id is None:
        return
    for emergency_id in work.emergencies:
        mine = (_c.emergency_id == emergency_id) & (_c.conversation_id == work.conversation_id)
        work.tx.execute(update(t.emergency_concern).where(mine).values(ticket_id=work.ticket_id))
        tag(work.tx, work.ticket_id, emergency_id, by=work.actor.word, now=work.now)
