"""What a customer was told of time, and delays announced, inside ``apply``'s transaction."""

from datetime import datetime

from sqlalchemy import bindparam, select, update

from gateway.domain.promise import OPEN_STATES, Promise, Stage
from gateway.domain.promise_rules import reminded
from gateway.errors import NotFound
from gateway.pipeline.effects_promises import Renegotiate
from gateway.pipeline.effects_telling import AnnounceDelay
from gateway.store import promises
from gateway.store import tables as t
from gateway.store.apply_promises import renegotiate
from gateway.store.applying import Applying
from gateway.store.columns import to_micros
from gateway.store.prepared import Prepared

_p, _c = t.promise.c, t.conversation.c
_TELL = Prepared(
    update(t.conversation)
    .where(_c.id == bindparam("b_id"))
    .values(told_at=bindparam("told_at"), told_by=bindparam("told_by"))
)


def tell(work: Applying, at: datetime, by: str) -> None:
    """Keep by when the customer was last told that a person answers."""
    _TELL.run(work.tx, b_id=work.conversation_id, told_at=to_micros(at), told_by=by)


def announce_delay(work: Applying, effect: AnnounceDelay) -> None:
    """Give a told promise its later time. What the rules or a person promised stays owed beside it, and is late when it is.

    Raises:
        NotFound: it is not owed any more.
    """
    mine = (_p.id == effect.promise_id) & (_p.ticket_id == work.ticket_id) & _p.state.in_(OPEN_STATES)
    row = work.tx.execute(select(_p.kind, _p.owner, _p.agent_id).where(mine)).first()
    if row is None:
        raise NotFound(f"no promise {effect.promise_id} is owed on this ticket")
    work.tx.execute(update(t.promise).where(_p.id == effect.promise_id).values(notified_at=work.now))
    if row.kind == Stage.TOLD:
        renegotiate(work, Renegotiate(id=effect.promise_id, due_at=effect.due_at, because=effect.because))
    else:
        later = Promise(
            kind=Stage.TOLD,
            owner=row.owner,
            agent_id=row.agent_id,
            due_at=effect.due_at,
            told=True,
            because=effect.because,
        )
        timed = reminded(later, work.policy, work.now)
        promises.write(work, timed, effect.because, instead_of=effect.promise_id)
    if row.kind != Stage.PROMISED:
        tell(work, effect.due_at, "delay")
    work.record("promise", effect.because, what="delayed", promise=row.kind, id=effect.promise_id)
