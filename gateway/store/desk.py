"""The agents' door to ``apply``: the same transaction and audit as a turn, with the desk's own refusals."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import select

from gateway.domain import conversation, ticket
from gateway.domain.policy import ChannelKind, Policy
from gateway.errors import Conflict, NotFound, Said
from gateway.pipeline.plan import AgentReply, Forward, MoveConversation, Plan
from gateway.store import tables as t
from gateway.store.apply import apply
from gateway.store.applying import Actor
from gateway.store.columns import covered
from gateway.store.database import Tx
from gateway.store.feed import Committed
from gateway.store.merging import place_to_answer
from gateway.store.snapshot import Snapshot, read_place, read_ticket_snapshot

PlanFor = Callable[[Snapshot], Plan]


class StaleView(Conflict):
    """Something was written that the agent had not seen; nothing was sent. ``missed`` are its ``seq``."""

    code: ClassVar[str] = "stale_view"
    said = Said("客户有新消息，请先查看再发送。", "There are new messages. Please read them before you send.")

    def __init__(self, missed: Sequence[int]) -> None:
        super().__init__(f"{len(missed)} messages arrived meanwhile")
        self.missed = tuple(missed)


class StaleTicket(Conflict):
    """The ticket changed since the agent looked at it."""

    code: ClassVar[str] = "stale"
    said = Said("工单已被更新，请刷新后再操作。", "The ticket has changed. Please reload and try again.")


class ReplyIdTaken(Conflict):
    """The id of this reply was used before for other words."""

    code: ClassVar[str] = "id_taken"
    said = Said(
        "该编号已用于另一条消息，请重新发送。", "This id was used for another message. Please send again."
    )


def apply_desk(
    tx: Tx,
    number: str,
    plan_for: PlanFor,
    *,
    actor: Actor,
    now: datetime,
    policy: Policy,
    kind: Callable[[str], ChannelKind],
    key: Callable[[], str],
    is_served: Callable[[str], bool],
    version: int | None = None,
    seen_seq: int | None = None,
) -> Committed:
    """Carry out what an agent decided about the ticket ``number``.

    ``plan_for`` is called with the state the transaction sees, so that what is decided is decided on it.
    ``version`` is the ticket's as the agent saw it, ``seen_seq`` the last message they saw.

    Raises:
        NotFound: no such ticket.
        StaleTicket, StaleView: it changed meanwhile; nothing was done.
        ReplyIdTaken: a reply's id was used before for other words.
        Conflict: the ticket's status does not allow it.
    """
    row = tx.execute(
        select(t.ticket.c.id, t.ticket.c.thread_id, t.ticket.c.version).where(t.ticket.c.number == number)
    ).first()
    if row is None:
        raise NotFound(f"no ticket {number}")
    if version is not None and row.version != version:
        raise StaleTicket(f"{number} is at version {row.version}, not {version}")
    snapshot = read_ticket_snapshot(tx, row.thread_id, row.id)
    plan = plan_for(snapshot)
    place = place_to_answer(tx, row.id)
    if place not in (None, (row.thread_id, snapshot.conversation.id if snapshot.conversation else 0)):
        assert place is not None
        if not any(isinstance(effect, MoveConversation) for effect in plan.effects):
            # Words go where the contact wrote last; who has the floor is decided on the ticket's own thread.
            snapshot = read_place(tx, place[0], row.id, place[1])
            plan = plan_for(snapshot)
    again = _said_before(tx, snapshot, plan)
    if again is not None:
        return again
    if seen_seq is not None:
        missed = _missed(tx, snapshot, seen_seq, actor)
        if missed:
            raise StaleView(missed)
    try:
        committed = apply(
            tx,
            snapshot,
            plan,
            actor=actor,
            now=now,
            policy=policy,
            kind=kind(snapshot.channel),
            key=key,
            served=is_served(snapshot.channel),
            is_served=is_served,
        )
    except (conversation.MoveNotAllowed, ticket.MoveNotAllowed) as error:
        raise Conflict(str(error)) from error
    if committed is None:
        raise StaleTicket(f"{number} changed in the same moment")
    return committed


def _said_before(tx: Tx, snapshot: Snapshot, plan: Plan) -> Committed | None:
    """A repeated request finds its message there already and changes nothing."""
    for effect in plan.effects:
        if isinstance(effect, Forward) and _forwarded_before(tx, snapshot, effect.id):
            return _nothing_new(snapshot)
        if not isinstance(effect, AgentReply):
            continue
        row = tx.execute(
            select(t.message.c.text, t.message.c.agent_id).where(
                t.message.c.thread_id == snapshot.thread_id, t.message.c.public_id == effect.id
            )
        ).first()
        if row is None:
            return None
        if row.text != covered(tx, effect.text) or row.agent_id != effect.agent_id:
            raise ReplyIdTaken(f"reply id {effect.id} was used before")
        return _nothing_new(snapshot)
    return None


def _nothing_new(snapshot: Snapshot) -> Committed:
    return Committed(channel=snapshot.channel, thread_id=snapshot.thread_id, thread_key=snapshot.key)


def _forwarded_before(tx: Tx, snapshot: Snapshot, id: str) -> bool:
    n = t.note.c
    mine = n.ticket_id == (snapshot.ticket.id if snapshot.ticket else None)
    found = tx.execute(select(n.forward).where(mine, n.forward.is_not(None))).scalars()
    return any(one["id"] == id for one in found)


def _missed(tx: Tx, snapshot: Snapshot, seen_seq: int, actor: Actor) -> list[int]:
    m = t.message.c
    rows: Any = tx.execute(
        select(m.seq, m.agent_id)
        .where(m.thread_id == snapshot.thread_id, m.seq > seen_seq, m.author.in_(("customer", "agent")))
        .order_by(m.seq)
    )
    return [row.seq for row in rows if row.agent_id is None or row.agent_id != actor.agent_id]
