"""A ticket that turns out to be serious, or not to be: what is owed to supervisors follows (rulebook T9)."""

from sqlalchemy import select

from gateway.domain.alarm import Alarm, AlarmKind
from gateway.domain.promise import PromiseState, Stage
from gateway.domain.promise_rules import About, owed
from gateway.domain.ticket import SERIOUS, Anomaly
from gateway.store import tables as t
from gateway.store.alarms import raise_alarm
from gateway.store.applying import Applying
from gateway.store.promises import owe, settle

_p, _k = t.promise.c, t.ticket.c
TO_SUPERVISORS = (Stage.REPORT, Stage.VERIFY)


def follow_anomaly(work: Applying, because: str) -> None:
    """Owe a report and a verification where the ticket has become serious; owe none where it is not any more."""
    ticket = work.tx.execute(select(_k.anomaly, _k.department).where(_k.id == work.ticket_id)).first()
    if ticket is None:
        return
    if Anomaly(ticket.anomaly) not in SERIOUS:
        settle(work, *TO_SUPERVISORS, because=because, state=PromiseState.WITHDRAWN)
        return
    mine = (_p.ticket_id == work.ticket_id) & (_p.state != PromiseState.WITHDRAWN)
    known = set(work.tx.execute(select(_p.kind).where(mine, _p.kind.in_(TO_SUPERVISORS))).scalars())
    if known:
        return
    about = About(channel=work.kind, department=ticket.department)
    for kind in TO_SUPERVISORS:
        owe(work, owed(kind, work.policy, about, now=work.now, because=because), because)
    happened = raise_alarm(
        work.tx,
        Alarm(kind=AlarmKind.SERIOUS, name=f"serious:{work.ticket_number}"),
        ways=work.policy.alarms.ways,
        now=work.now,
        because=because,
        ticket_id=work.ticket_id,
    )
    if happened is not None:
        work.events.append(happened)
