"""Leave alone what no human wrote (bounces, auto-replies: RFC 3834), what is spam, and whom an agent has blocked."""

from dataclasses import replace

from adapters.contract import AutomaticKind
from gateway.domain.conversation import State
from gateway.domain.covering import cover
from gateway.domain.ticket import Classification
from gateway.pipeline.plan import MarkBounced, OpenTicket, Plan, Record, StartConversation, StopMailing
from gateway.pipeline.turn import Turn

SUBJECT, SUMMARY = 80, 500


def guard(turn: Turn, plan: Plan) -> Plan:
    """End the turn for automatic messages, spam and blocked senders; all are kept, and answered by nobody."""
    kind = turn.inbound.automatic
    if kind is None:
        return _spam(turn, plan)
    because = f"automatic message ({kind}): never answered"
    # A machine's words say nothing of the language its owner writes.
    lang = turn.conversation.lang if turn.conversation else turn.contact.lang
    plan = replace(plan, lang=lang)
    plan = plan.then(*_bounces(turn), *_complaints(turn), Record(kind=f"automatic.{kind}", because=because))
    if turn.conversation is None:
        plan = plan.then(StartConversation(lang=lang, state=State.CLOSED, because="kept, but nobody waits"))
    return plan.end(because)


def _spam(turn: Turn, plan: Plan) -> Plan:
    """Put blocked senders, and strangers whom the server takes for spam, where only who looks for them sees them.

    Who refers to a conversation of theirs is no stranger: a filter's mistake must not hide a customer's answer.
    """
    if turn.blocked is not None:
        because = f"the sender is blocked: {turn.blocked}"
    elif turn.inbound.spam is not None and turn.conversation is None:
        because = f"the receiving server takes it for spam: {turn.inbound.spam}"
    else:
        return plan
    lang = turn.conversation.lang if turn.conversation else turn.contact.lang
    plan = replace(plan, lang=lang).then(Record(kind="spam", because=because))
    if turn.conversation is None:
        subject = turn.inbound.subject or turn.inbound.text or turn.say("no_text", lang)
        summary = turn.inbound.text or turn.say("no_text", lang)
        about = Classification(department=turn.policy.routing.otherwise, because=(because,))
        plan = plan.then(
            StartConversation(lang=lang, state=State.CLOSED, because=because),
            OpenTicket(
                classification=about,
                subject=cover(" ".join(subject.split()), turn.policy.cover)[:SUBJECT],
                summary=cover(summary.strip(), turn.policy.cover)[:SUMMARY],
                lang=lang,
                spam=because,
                because=because,
            ),
        )
    return plan.end(because)


def _complaints(turn: Turn) -> tuple[StopMailing, ...]:
    """Who marks our mail as spam gets no more of it (RFC 5965)."""
    if turn.inbound.automatic is not AutomaticKind.COMPLAINT or not turn.inbound.refs:
        return ()
    return (StopMailing(refs=turn.inbound.refs, because="the recipient marked our mail as spam"),)


def _bounces(turn: Turn) -> tuple[MarkBounced, ...]:
    """A bounce that names no message of ours changes nothing (backscatter)."""
    if turn.inbound.automatic is not AutomaticKind.BOUNCE or not turn.inbound.refs:
        return ()
    return tuple(
        MarkBounced(
            refs=turn.inbound.refs,
            address=one.address,
            status=one.status,
            copy=one.copy,
            detail=f"{one.address} {one.status} {one.detail}".strip(),
            hard=one.hard,
            because="the receiving server reports it back",
        )
        for one in turn.inbound.bounced
    )
