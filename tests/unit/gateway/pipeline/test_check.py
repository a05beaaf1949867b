"""What a message gives for a check becomes an attempt, and leaves the transcript; what may be given depends on the channel."""

from dataclasses import replace
from typing import Any

from adapters.contract import Capabilities, SenderCheck
from gateway.domain.conversation import State
from gateway.domain.identity import Level
from gateway.domain.verification import Awaited, Kind, VerificationRules
from gateway.domain.verification_claims import Given
from gateway.pipeline.check import check
from gateway.pipeline.effects_verify import Await, Cover, Reserve
from gateway.pipeline.plan import Plan, Reply
from gateway.pipeline.turn import Turn
from tests.building import BOT, MAIL, WEB, a_conversation, a_policy, a_turn

ORDER = "202611230001"
RULES = VerificationRules(enabled=True, sends_by=("sms",), page="https://help.example/verify")
SHARES = Capabilities(buttons=8, shares_phone=True)


def turn_of(
    given: Given, *, channel: str = WEB, step: str = "order", order: str | None = None, **more: Any
) -> Turn:
    """Somebody who was asked to prove who they are."""
    inbound = more.pop("inbound", None)
    usual = a_turn(
        given.words or "…",
        channel=channel,
        inbound=inbound,
        conversation=a_conversation(),
        policy=a_policy(verification=RULES),
        given=given,
        awaited=Awaited(step=step, level=Level.L1, order=order),
        page_ticket="t" * 64,
    )
    return replace(usual, **more)


def reserved(plan: Plan) -> Reserve | None:
    return next((one for one in plan.effects if isinstance(one, Reserve)), None)


def test_order_and_detail_are_compared_and_the_turn_says_nothing() -> None:
    plan = check(turn_of(Given(order=ORDER, tail="5678", words=f"{ORDER} ****")), Plan())
    found = reserved(plan)
    assert found is not None
    assert (found.kind, found.order, found.tail) == (Kind.CLAIMS, ORDER, "5678")
    assert any(isinstance(one, Cover) and "5678" not in one.words for one in plan.effects)
    assert plan.ended
    assert plan.parts == ()


def test_an_order_alone_is_remembered_and_the_detail_asked_for() -> None:
    plan = check(turn_of(Given(order=ORDER, words=ORDER)), Plan())
    assert reserved(plan) is None
    (asked,) = [one for one in plan.effects if isinstance(one, Await)]
    assert asked.awaited.order == ORDER
    assert plan.parts[0].kind == "verify"
    assert any(isinstance(one, Reply) for one in plan.effects), "the turn ends here: no later step says it"


def test_details_typed_into_a_messenger_are_covered_and_never_compared() -> None:
    plan = check(turn_of(Given(order=ORDER, tail="5678", words="****"), channel=BOT), Plan())
    assert reserved(plan) is None
    assert any(isinstance(one, Cover) for one in plan.effects)


def test_where_a_telephone_can_be_shared_it_is_asked_for_once_the_order_is_known() -> None:
    plan = check(turn_of(Given(order=ORDER, words=ORDER), channel=BOT, capabilities=SHARES), Plan())
    assert next(one.id for one in plan.parts[0].choices) == "verify:share"


def test_a_shared_telephone_counts_only_where_the_provider_vouches_for_it() -> None:
    theirs = turn_of(
        Given(words=""), channel=BOT, order=ORDER, inbound={"phone": "+8613800005678"}, capabilities=SHARES
    )
    found = reserved(check(theirs, Plan()))
    assert found is not None
    assert (found.kind, found.phone) == (Kind.SHARE, "+8613800005678")
    typed = turn_of(Given(words="tel:+8613800005678"), channel=BOT, order=ORDER, capabilities=SHARES)
    assert reserved(check(typed, Plan())) is None


def test_a_mail_needs_our_token_and_an_aligned_pass() -> None:
    def plan(aligned: str, token: str | None) -> Reserve | None:
        sender = SenderCheck(aligned=aligned)  # type: ignore[arg-type] # one of the three
        inbound = {"sender": sender, "token": token, "address": "wang@example.com"}
        return reserved(check(turn_of(Given(words="好"), channel=MAIL, order=ORDER, inbound=inbound), Plan()))

    found = plan("pass", "thread-1")
    assert found is not None
    assert found.email == "wang@example.com"
    assert [plan("pass", None), plan("none", "thread-1"), plan("fail", "thread-1")] == [None, None, None]


def test_while_an_agent_has_the_floor_the_check_runs_and_the_message_still_reaches_them() -> None:
    turn = turn_of(Given(order=ORDER, tail="5678", words="****"))
    plan = check(replace(turn, conversation=a_conversation(state=State.WITH_AGENT)), Plan())
    assert reserved(plan) is not None
    assert plan.ended is None


def test_who_was_asked_nothing_is_left_alone() -> None:
    turn = replace(turn_of(Given(words="你好")), awaited=None)
    assert check(turn, Plan()) == Plan()
    assert check(replace(turn, given=None), Plan()) == Plan()
