"""What the bot would say to a question now, by the very steps that answer customers. Pure: nothing is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.contract import Capabilities, Choice, Inbound, Outbound
from gateway.domain.contact import Contact
from gateway.domain.policy import ChannelKind, Policy
from gateway.domain.wording import Texts
from gateway.pipeline.answer import answer
from gateway.pipeline.compose import compose
from gateway.pipeline.plan import Plan, Reply
from gateway.pipeline.turn import Knows, Load, Turn
from gateway.pipeline.verify import verify
from knowledge.match import Outcome

STEPS = (verify, answer, compose)
"""The steps that look at what the knowledge base said; the others look at who wrote, and nobody did."""
NOBODY = "nobody@example.org"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a trial shares with a real turn."""

    policy: Policy
    texts: Texts
    knowledge: Knows
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What would be said on one channel; ``said`` None where only a person would answer."""

    outcome: Outcome
    said: Reply | None
    hand_off: str | None


def rehearse(
    setting: Setting, text: str, outcome: Outcome, *, channel: str, kind: ChannelKind, lang: str
) -> Trial:
    """Walk the answering steps with ``outcome`` as the verdict, in the middle of a conversation: nobody is greeted."""
    turn = Turn(
        inbound=Inbound(channel=channel, external_id="trial", text=text),
        now=setting.now,
        kind=kind,
        capabilities=Capabilities(),
        contact=Contact(id=0, number=""),
        conversation=None,
        ticket=None,
        load=Load(handling=timedelta()),
        policy=setting.policy,
        texts=setting.texts,
        knowledge=setting.knowledge,
    )
    plan = Plan(lang=lang, outcome=outcome)
    for step in STEPS:
        plan = step(turn, plan)
    said = next((effect for effect in plan.effects if isinstance(effect, Reply)), None)
    return Trial(outcome=outcome, said=said, hand_off=plan.hand_off)


def outbound_of(said: Reply, channel: str, now: datetime) -> Outbound:
    """Return the message as an adapter would be given it, addressed to nobody."""
    return Outbound(
        key="preview",
        channel=channel,
        address=NOBODY,
        thread="preview",
        text=said.text,
        lang=said.lang,
        choices=tuple(Choice(id=one.id, label=one.label) for one in said.choices),
        created_at=now,
    )
