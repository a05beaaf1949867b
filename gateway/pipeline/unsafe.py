"""Identity numbers, bank cards and passwords are not taken where others may read along (rulebook K6)."""

from gateway.domain.conversation import State
from gateway.domain.covering import CoverRules, unsafe_in
from gateway.domain.policy import ChannelKind
from gateway.domain.sensitive_text import Kind
from gateway.pipeline.compose import must_be_silent
from gateway.pipeline.plan import Plan, Record, SystemNotice
from gateway.pipeline.turn import Turn

UNSAFE = "unsafe"
"""The label of a message that gave such a value away on such a channel."""


def unsafe(turn: Turn, plan: Plan) -> Plan:
    """Say that such a value was covered and where it is safe to write, whoever has the floor."""
    kinds = unsafe_given(turn.policy.cover, turn.kind, turn.inbound.subject, turn.inbound.text)
    if plan.ended or not kinds:
        return plan
    because = "such data is not taken over a channel that others may read"
    plan = plan.then(Record(kind="unsafe", because=because))
    if not _agent_has_floor(turn, plan):
        return plan.say(UNSAFE, turn.say("unsafe.covered", plan.lang), because=because)
    silence = must_be_silent(turn)
    if silence:
        return plan.then(Record(kind="reply.withheld", because=silence))
    return plan.then(SystemNotice(text=turn.say("unsafe.covered", plan.lang), because=because))


def unsafe_given(rules: CoverRules, kind: ChannelKind, subject: str | None, text: str) -> tuple[Kind, ...]:
    """Return which values that are covered, and not taken there at all, a message gives on a kind of channel."""
    if kind not in rules.unencrypted:
        return ()
    return tuple(one for one in unsafe_in(f"{subject or ''}\n{text}") if one in rules.kinds)


def _agent_has_floor(turn: Turn, plan: Plan) -> bool:
    talk = turn.conversation
    return not plan.is_new and talk is not None and talk.state is State.WITH_AGENT
