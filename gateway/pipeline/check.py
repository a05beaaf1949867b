"""What a message gives for a check is compared outside this turn, and does not stand in the transcript."""

from dataclasses import replace

from gateway.domain.conversation import State
from gateway.domain.identity import Level
from gateway.domain.verification import Awaited, Kind
from gateway.domain.verification_claims import Given
from gateway.pipeline.asking_proof import SEND_CODE, ask_proof, may_type
from gateway.pipeline.classify import chosen_of
from gateway.pipeline.compose import compose
from gateway.pipeline.effects_verify import Cover, KeepProof, Reserve
from gateway.pipeline.plan import Plan
from gateway.pipeline.turn import Turn

IN_HAND = "what was given is compared; the outcome follows by itself"


def check(turn: Turn, plan: Plan) -> Plan:
    """Reserve an attempt where the message answers what was asked; the turn ends, and the house says the outcome."""
    given = turn.given
    if given is None:
        return plan
    if turn.standing.level > Level.L0:
        plan = plan.then(KeepProof(because="the contact is there"))
    if given.is_secret:
        plan = plan.then(
            Cover(words=turn.inbound.text, because="given for a check: nobody is to read it again")
        )
    awaited = turn.awaited
    chosen = chosen_of(turn)
    if chosen is not None and chosen.id == SEND_CODE:
        return _send(turn, plan, awaited or Awaited(), given)
    if awaited is None or plan.is_new:
        return plan
    known = replace(awaited, order=given.order or awaited.order)
    if given.code is not None and awaited.step == "code":
        return _reserve(
            turn, plan, Reserve(kind=Kind.CODE, awaited=known, code=given.code, because="a code was given")
        )
    shared = _vouched_for(turn, known)
    if shared is not None:
        return _reserve(turn, plan, shared)
    if awaited.step == "send" and given.order and not turn.capabilities.shares_phone:
        return _send(turn, plan, known, given)
    if awaited.step == "show" and given.order:
        shown = Reserve(kind=Kind.SHOW, awaited=known, order=given.order, because="an order was named")
        return _reserve(turn, plan, shown)
    if awaited.step == "order" and may_type(turn) and (given.order or given.detail):
        return _claims(turn, plan, known, given)
    if awaited.step in ("order", "send") and given.order and turn.capabilities.shares_phone:
        return _ask(turn, plan, replace(known, step="share"), "the telephone was asked for")
    return plan


def _vouched_for(turn: Turn, known: Awaited) -> Reserve | None:
    """Return the attempt where somebody else than the customer says what they could not make up: provider or mail server.

    A mail counts if it comes from the address on file, gives back our own reply token, and passes aligned.
    """
    inbound = turn.inbound
    if not known.order:
        return None
    if inbound.phone is not None:
        because = "a telephone was shared that the provider vouches for"
        return Reserve(
            kind=Kind.SHARE, awaited=known, order=known.order, phone=inbound.phone, because=because
        )
    is_theirs = inbound.token is not None and inbound.sender.aligned == "pass"
    if turn.kind == "mail" and is_theirs and turn.policy.verification.mail_proves and turn.given is not None:
        because = "a mail with our reply token, from an address its server vouches for"
        return Reserve(
            kind=Kind.SHARE, awaited=known, order=known.order, email=inbound.address, because=because
        )
    return None


def claims(awaited: Awaited, given: Given, order: str) -> Reserve:
    """Return the attempt to compare a detail with an order."""
    return Reserve(
        kind=Kind.CLAIMS,
        awaited=replace(awaited, order=order),
        order=order,
        tail=given.tail or "",
        name=given.name or "",
        because="an order and a detail of it were given",
    )


def _claims(turn: Turn, plan: Plan, known: Awaited, given: Given) -> Plan:
    if known.order and given.detail:
        return _reserve(turn, plan, claims(known, given, known.order))
    if _has_agent(turn):
        return plan
    return _ask(turn, plan, known, "the rest of it was asked for")


def _send(turn: Turn, plan: Plan, awaited: Awaited, given: Given) -> Plan:
    order = given.order or awaited.order
    if not order:
        return _ask(turn, plan, replace(awaited, step="send"), "the order was asked for")
    wanted = replace(awaited, order=order)
    sent = Reserve(kind=Kind.SEND, awaited=wanted, order=order, because="a code was asked for")
    return _reserve(turn, plan, sent)


def _ask(turn: Turn, plan: Plan, awaited: Awaited, because: str) -> Plan:
    """The turn ends here, so what is asked is put into a Reply here: the last step would not be reached."""
    return compose(turn, ask_proof(turn, plan, awaited)).end(because)


def _reserve(turn: Turn, plan: Plan, reserve: Reserve) -> Plan:
    plan = plan.then(reserve)
    return plan if _has_agent(turn) else plan.end(IN_HAND)


def _has_agent(turn: Turn) -> bool:
    return turn.conversation is not None and turn.conversation.state is State.WITH_AGENT
