"""Leave alone what no human wrote: bounces, auto-replies (RFC 3834), receipts, our own mail coming back."""

from dataclasses import replace

from adapters.contract import AutomaticKind
from gateway.domain.conversation import State
from gateway.pipeline.plan import MarkBounced, Plan, Record, StartConversation
from gateway.pipeline.turn import Turn


def guard(turn: Turn, plan: Plan) -> Plan:
    """End the turn for automatic messages; they are kept, and answered by nobody."""
    kind = turn.inbound.automatic
    if kind is None:
        return plan
    because = f"automatic message ({kind}): never answered"
    # A machine's words say nothing of the language its owner writes.
    lang = turn.conversation.lang if turn.conversation else turn.contact.lang
    plan = replace(plan, lang=lang)
    plan = plan.then(*_bounces(turn), Record(kind=f"automatic.{kind}", because=because))
    if turn.conversation is None:
        plan = plan.then(StartConversation(lang=lang, state=State.CLOSED, because="kept, but nobody waits"))
    return plan.end(because)


def _bounces(turn: Turn) -> tuple[MarkBounced, ...]:
    """A bounce that names no message of ours changes nothing (backscatter)."""
    if turn.inbound.automatic is not AutomaticKind.BOUNCE or not turn.inbound.refs:
        return ()
    hard = any(one.hard for one in turn.inbound.bounced)
    detail = "; ".join(f"{one.address} {one.status} {one.detail}".strip() for one in turn.inbound.bounced)
    return tuple(
        MarkBounced(ref=ref, detail=detail, hard=hard, because="the receiving server reports it back")
        for ref in turn.inbound.refs
    )
