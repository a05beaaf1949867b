"""Which Conversation a message belongs to: the open one, the one just resolved, or a new one."""

import re
from dataclasses import replace

from gateway.domain.conversation import State
from gateway.domain.ticket import Status
from gateway.pipeline.language import detect
from gateway.pipeline.plan import CloseTicket, MoveConversation, Plan, ReopenTicket, StartConversation
from gateway.pipeline.turn import Turn

_THANKS = re.compile(
    r"^\W*(谢谢|多谢|感谢|謝謝|好的|好|收到|知道了|ok|okay|thanks?|thank you|thx|great|perfect|cheers|"
    r"已解决|解决了|可以了|没问题了|没有了|it works|solved)[\w\s,，。!！~～.]{0,12}$",
    re.IGNORECASE,
)
_NOT_SOLVED = re.compile(
    r"没(有)?解决|未解决|还是不|依然不|not (solved|resolved|fixed|working)|still (not|doesn)", re.I
)


REOPENED = "reopened"
"""The reason for a hand-over that needs no new ticket."""


def identify(turn: Turn, plan: Plan) -> Plan:
    """Find the Conversation and the language; begin a new Conversation where none is open."""
    current = turn.conversation
    lang = turn.inbound.lang or detect(
        turn.inbound.text, default=current.lang if current else turn.contact.lang
    )
    plan = replace(plan, lang=lang)
    if current is None:
        return _begin(plan, "first message on this thread")
    if turn.ticket is not None and turn.ticket.status in (Status.RESOLVED, Status.CLOSED):
        return _after_resolving(turn, plan)
    if current.state is State.CLOSED:
        return _begin(plan, "the last conversation is closed")
    if current.state is State.BOT and turn.now - current.last_at > turn.policy.reopen_within:
        return _begin(plan, "silence since the last conversation")
    return plan


def is_thanks(text: str) -> bool:
    """Return whether a message only says that all is well."""
    return bool(_THANKS.match(text)) and not _NOT_SOLVED.search(text)


def _after_resolving(turn: Turn, plan: Plan) -> Plan:
    assert turn.ticket is not None
    ended_at = turn.ticket.closed_at or turn.ticket.resolved_at or turn.now
    if turn.now - ended_at > turn.policy.reopen_within:
        return _begin(plan, "the ticket was resolved longer ago than it may be reopened")
    if is_thanks(turn.inbound.text):
        plan = plan.then(
            CloseTicket(because="the contact is content"),
            MoveConversation(to=State.CLOSED, because="the contact is content"),
        )
        return plan.end("thanks after resolving: nothing is owed")
    to = State.WITH_AGENT if turn.ticket.agent_id else State.QUEUED
    because = "the contact wrote again within the time for reopening"
    plan = plan.then(ReopenTicket(because=because), MoveConversation(to=to, because=because))
    return plan.hand_over(REOPENED)


def _begin(plan: Plan, because: str) -> Plan:
    plan = replace(plan, is_new=True)
    return plan.then(StartConversation(lang=plan.lang, because=because))
