"""How a contact is asked to prove something: in words where nobody reads along, else on the secure page."""

from dataclasses import replace

from adapters.contract import SHARE_PHONE
from gateway.domain.conversation import OfferedChoice
from gateway.domain.verification import Awaited
from gateway.pipeline.classify import HUMAN
from gateway.pipeline.effects_verify import Await
from gateway.pipeline.plan import Plan, Remember
from gateway.pipeline.turn import Turn

SEND_CODE = "verify:code"
"""The choice that has a code sent to the contact on file."""
ASKED = "asked to prove who they are"


def may_type(turn: Turn) -> bool:
    """Say whether details may be typed into the conversation: not where it lies in a mailbox or on a phone for ever."""
    return turn.kind == "chat"


def ask_proof(turn: Turn, plan: Plan, awaited: Awaited, because: str = ASKED) -> Plan:
    """Say what is needed, offer the other ways, and remember what it is for."""
    key = _sentence(turn, awaited)
    link = f"{turn.policy.verification.page}/{turn.page_ticket}" if turn.page_ticket else ""
    offered = ways_on(turn, plan)
    if awaited.step == "share":
        share = OfferedChoice(id=SHARE_PHONE, label=turn.say("verify.choice.share", plan.lang))
        offered = (share, *offered)
    text = turn.say(key, plan.lang)
    if link and awaited.step != "show":
        text = f"{text}\n\n{turn.say('verify.page', plan.lang, link=link)}"
    asked = Await(awaited=awaited, ticket=turn.page_ticket, because=because)
    topic = turn.conversation.topic if turn.conversation and not plan.is_new else None
    return (
        replace(plan, outcome=None, calmed=True)
        .say("verify", text, offered, because=because)
        .then(asked, Remember(topic=topic, offered=offered, because=because))
    )


def ways_on(turn: Turn, plan: Plan) -> tuple[OfferedChoice, ...]:
    """Return the choices under everything that is said about a check: the same after a miss as before any."""
    human = OfferedChoice(id=HUMAN, label=turn.say("choices.human", plan.lang))
    if not turn.policy.verification.sends:
        return (human,)
    return (OfferedChoice(id=SEND_CODE, label=turn.say("verify.choice.code", plan.lang)), human)


def _sentence(turn: Turn, awaited: Awaited) -> str:
    match awaited.step:
        case "show":
            return "verify.ask.show"
        case "send":
            return "verify.ask.number"
        case "share":
            return "verify.ask.share"
        case "order" if turn.capabilities.shares_phone and not awaited.order:
            return "verify.ask.social"
        case _ if not may_type(turn):
            return "verify.ask.page"
        case _:
            return "verify.ask.detail" if awaited.order else "verify.ask"
