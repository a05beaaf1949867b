"""Nothing private is shown or changed without proof of identity (rulebook V1); what is missing is asked for."""

from dataclasses import replace

from gateway.domain.identity import Asked, Level, may
from gateway.domain.ticket import TicketType
from gateway.domain.verification import Awaited, Kind
from gateway.pipeline.asking_proof import ask_proof, may_type
from gateway.pipeline.check import IN_HAND, claims
from gateway.pipeline.effects_verify import Reserve
from gateway.pipeline.entry_answer import answer_text, usable
from gateway.pipeline.plan import Plan
from gateway.pipeline.turn import Turn

OWN = "own"
"""What reading an entry of one's own level is called in the table: it is about nobody else's data."""
CHANGE = "a change of details needs proof of identity"


def verify(turn: Turn, plan: Plan) -> Plan:
    """Go on where enough is proven, ask for what is missing, or hand over where it cannot be proven here."""
    if plan.hand_off:
        return plan
    wanted = wanted_of(turn, plan)
    if wanted is None:
        return plan
    rules, is_change = turn.policy.verification, _is_change(plan)
    if not rules.enabled:
        return _by_person(turn, plan, _reason(wanted, is_change=is_change))
    if wanted.action is None and is_change:
        return _change(turn, plan, wanted)
    if is_enough(turn, wanted):
        return _go_on(turn, plan, wanted)
    provable = Level.L2 if rules.sends else Level.L1
    if wanted.level > provable:
        return _by_person(turn, plan, _reason(wanted, is_change=is_change))
    return _prove(turn, plan, wanted)


def wanted_of(turn: Turn, plan: Plan) -> Awaited | None:
    """Return what the message asks for that needs proof; None where it needs none."""
    about = plan.classification
    order = turn.given.order if turn.given else None
    answered = plan.outcome.answered if plan.outcome is not None else ()
    entries = [match.id for match in answered]
    for entry_id in entries:
        action, own = _action_of(turn, entry_id), _level_of(turn, entry_id)
        if action is not None and (own > Level.L0 or turn.policy.verification.enabled):
            level = max(turn.policy.identity.level(action), own)
            return Awaited(level=level, entry=entry_id, action=action, order=order)
    level = max((_level_of(turn, one) for one in entries), default=Level.L0)
    if level > Level.L0:
        return Awaited(level=level, entry=entries[0], order=order)
    if entries or about is None:
        return None  # "how do I change my address" has a public answer
    named = turn.policy.actions.wanted(about.subtype) if about.needs_identity else None
    if named is not None and turn.policy.verification.enabled:
        level = max(named.level, turn.policy.identity.level(named.name))
        return Awaited(level=level, action=named.name, order=order)
    return Awaited(level=Level.L2, order=order) if _is_change(plan) else None


def is_enough(turn: Turn, wanted: Awaited) -> bool:
    """Say whether what is proven will do, as far as can be known before the records are asked whose order it is."""
    standing = turn.standing
    order = wanted.order or standing.order
    asked = Asked(
        action=wanted.action or OWN,
        conversation=turn.conversation.id if turn.conversation else 0,
        identity=f"contact:{turn.contact.id}",
        kind=turn.kind,
        order=_key(order),
        customer=standing.customer,
    )
    rules = turn.policy.identity
    if wanted.action is None:
        rules = replace(rules, levels={OWN: wanted.level})
    plain = replace(standing, order=_key(standing.order))
    return may(asked, plain, rules, turn.now).allowed


def _go_on(turn: Turn, plan: Plan, wanted: Awaited) -> Plan:
    """An entry is answered by the next step; an action needs the records, which are asked outside the turn."""
    if wanted.action is None:
        return plan
    order = wanted.order or turn.standing.order
    if not order:
        return ask_proof(turn, plan, replace(wanted, step="show"), "proven; which order is it about")
    shown = Reserve(
        kind=Kind.SHOW, awaited=replace(wanted, order=order), order=order, because="enough is proven"
    )
    return plan.then(shown).end(IN_HAND)


def _prove(turn: Turn, plan: Plan, wanted: Awaited) -> Plan:
    if wanted.level > Level.L1:
        if wanted.order:
            because = f"{wanted.level} is needed: a code goes to the contact on file"
            sent = Reserve(kind=Kind.SEND, awaited=wanted, order=wanted.order, because=because)
            return plan.then(sent).end(IN_HAND)
        return ask_proof(turn, plan, replace(wanted, step="send"))
    if turn.given is not None and wanted.order and turn.given.detail and may_type(turn):
        return plan.then(claims(wanted, turn.given, wanted.order)).end(IN_HAND)
    return ask_proof(turn, _public(turn, plan, wanted), wanted)


def _public(turn: Turn, plan: Plan, wanted: Awaited) -> Plan:
    """What anybody may read is said besides: it helps who has no order number at hand."""
    entry = wanted.entry
    if entry is None or _level_of(turn, entry) > Level.L0 or not usable(turn, entry):
        return plan
    because = f"entry {entry} is public, its action {wanted.action} is not"
    return plan.say("answer", answer_text(turn, plan, entry), entries=(entry,), because=because)


def _change(turn: Turn, plan: Plan, wanted: Awaited) -> Plan:
    """A person makes the change, and sees what was proven until then: the proof is asked for while they wait."""
    if is_enough(turn, wanted):
        return plan.hand_over(CHANGE)
    step = "send" if turn.policy.verification.sends else "order"
    level = Level.L2 if turn.policy.verification.sends else Level.L1
    return ask_proof(turn, plan, replace(wanted, step=step, level=level)).hand_over(CHANGE)


def _by_person(turn: Turn, plan: Plan, reason: str) -> Plan:
    return plan.say("verify", turn.say("verify.person", plan.lang)).hand_over(reason)


def _reason(wanted: Awaited, *, is_change: bool) -> str:
    return CHANGE if is_change else f"the answer needs identity level {wanted.level}"


def _is_change(plan: Plan) -> bool:
    return plan.classification is not None and plan.classification.type is TicketType.CHANGE


def _level_of(turn: Turn, entry_id: str) -> Level:
    try:
        return Level(turn.knowledge.entry(entry_id).level)
    except KeyError:
        return Level.L0


def _action_of(turn: Turn, entry_id: str) -> str | None:
    """Return the action an entry leads to, if the house has it."""
    try:
        action = turn.knowledge.entry(entry_id).action
    except KeyError:
        return None
    named = action.value if action is not None and action.kind == "run" else None
    return named if named in turn.policy.actions.actions else None


def _key(order: str) -> str:
    """Return an order number in one form, however it was typed."""
    return "".join(filter(str.isalnum, order)).upper()
