"""One automatic message a turn: greeting, apology, answer, verification and hand-over in one text."""

from gateway.domain.calendar import next_opening
from gateway.domain.conversation import OfferedChoice
from gateway.pipeline.plan import Plan, Record, Reply
from gateway.pipeline.turn import Turn

ORDER = ("greeting", "apology", "notice", "answer", "guide", "choices", "verify", "handover", "unsafe", "cut")
MEGABYTE = 1_000_000


def compose(turn: Turn, plan: Plan) -> Plan:
    """Make one Reply of all parts, or none if nothing is to be said or nobody may be answered."""
    limit = turn.inbound.over_limit
    if limit is not None:
        plan = plan.say("cut", turn.say("received.cut", plan.lang, limit=limit // MEGABYTE))
    if not plan.parts:
        return plan
    silence = must_be_silent(turn)
    if silence:
        return plan.then(Record(kind="reply.withheld", because=silence))
    if plan.is_new:
        plan = plan.say("greeting", _greeting(turn, plan))
    parts = sorted(plan.parts, key=lambda part: ORDER.index(part.kind))
    choices: tuple[OfferedChoice, ...] = next((part.choices for part in reversed(parts) if part.choices), ())
    entries = tuple(dict.fromkeys(entry for part in parts for entry in part.entries))
    kinds = ", ".join(part.kind for part in parts)
    because = "; ".join((kinds, *(part.because for part in parts if part.because)))
    text = "\n\n".join(part.text for part in parts)
    told_at = next((part.told_at for part in reversed(parts) if part.told_at), None)
    said = Reply(
        text=text, lang=plan.lang, choices=choices, entries=entries, told_at=told_at, because=because
    )
    return plan.then(said)


def _greeting(turn: Turn, plan: Plan) -> str:
    house = turn.texts.adapt(turn.policy.house.in_(plan.lang), plan.lang)
    if turn.is_open:
        return turn.say("greeting.open", plan.lang, house=house)
    opening = turn.clock_time(next_opening(turn.now, turn.policy.hours), plan.lang)
    return turn.say("greeting.closed", plan.lang, house=house, opening=opening)


def must_be_silent(turn: Turn) -> str | None:
    """Return why this sender gets no automatic message now; None where one may be sent."""
    if not turn.inbound.may_autorespond:
        return "the sender may not be answered automatically"
    if turn.no_mail is not None:
        return f"nothing is mailed to this contact: {turn.no_mail}"
    if turn.kind == "mail":
        for sent, limit in zip(turn.automatic_sent, turn.policy.automatic_mail, strict=False):
            if sent >= limit.count:
                return f"already {sent} automatic mails to this sender within {limit.within}"
        return turn.stopped
    return None
