"""What no human wrote is kept and answered by nobody."""

import pytest

from adapters.contract import AutomaticKind, Bounced
from gateway.domain.conversation import State
from gateway.pipeline.guard import guard
from gateway.pipeline.plan import MarkBounced, OpenTicket, Plan, Record, StartConversation
from gateway.pipeline.run import decide
from tests.building import MAIL, a_contact, a_conversation, a_turn


@pytest.mark.parametrize("kind", list(AutomaticKind))
def test_an_automatic_message_gets_no_answer_whatever_it_says(kind: AutomaticKind) -> None:
    plan = decide(a_turn("转人工！我要投诉", channel=MAIL, inbound={"automatic": kind}))
    assert plan.ended
    assert plan.parts == ()
    assert [type(effect) for effect in plan.effects] == [Record, StartConversation]
    assert plan.effects[0] == Record(
        kind=f"automatic.{kind}", because=f"automatic message ({kind}): never answered"
    )


def test_alone_on_its_thread_it_is_kept_in_a_closed_conversation_in_the_contacts_language() -> None:
    turn = a_turn(inbound={"automatic": AutomaticKind.AUTO_REPLY}, contact=a_contact(lang="en"))
    start = guard(turn, Plan()).effects[-1]
    assert isinstance(start, StartConversation)
    assert (start.state, start.lang) == (State.CLOSED, "en")


def test_it_does_not_change_the_language_of_the_conversation_it_comes_into() -> None:
    turn = a_turn(
        "我在休假", inbound={"automatic": AutomaticKind.AUTO_REPLY}, conversation=a_conversation(lang="en")
    )
    assert guard(turn, Plan()).lang == "en"


def test_a_bounce_marks_the_message_it_names_once_for_each_recipient() -> None:
    bounced = (
        Bounced(address="x@y.example", status="5.1.1", hard=True, detail="no such user"),
        Bounced(address="z@y.example"),
    )
    turn = a_turn(inbound={"automatic": AutomaticKind.BOUNCE, "refs": ("g1", "g2"), "bounced": bounced})
    first, second, *_ = guard(turn, Plan()).effects
    assert isinstance(first, MarkBounced)
    assert isinstance(second, MarkBounced)
    assert (first.refs, first.address, first.status, first.hard) == (
        ("g1", "g2"),
        "x@y.example",
        "5.1.1",
        True,
    )
    assert first.detail == "x@y.example 5.1.1 no such user"
    assert (second.address, second.hard) == ("z@y.example", False)


def test_a_bounce_that_names_no_message_of_ours_changes_nothing() -> None:
    turn = a_turn(inbound={"automatic": AutomaticKind.BOUNCE}, conversation=a_conversation())
    assert [type(effect) for effect in guard(turn, Plan()).effects] == [Record]


def test_what_a_human_wrote_goes_on() -> None:
    assert guard(a_turn(), Plan()) == Plan()


def test_a_strangers_spam_lies_in_the_spam_view_and_nothing_is_owed() -> None:
    plan = decide(a_turn("转人工！我要投诉", channel=MAIL, inbound={"spam": "x-spam-flag: yes"}))
    assert plan.ended
    assert plan.parts == ()
    assert [type(effect) for effect in plan.effects] == [Record, StartConversation, OpenTicket]
    opened = plan.effects[-1]
    assert isinstance(opened, OpenTicket)
    assert opened.spam == "the receiving server takes it for spam: x-spam-flag: yes"


def test_a_customers_answer_is_not_hidden_by_a_filters_mistake() -> None:
    turn = a_turn(
        "还是没收到", channel=MAIL, inbound={"spam": "x-spam-flag: yes"}, conversation=a_conversation()
    )
    assert guard(turn, Plan()) == Plan()


def test_a_blocked_sender_is_kept_and_never_answered_not_even_in_an_open_conversation() -> None:
    first = guard(a_turn("买吗", channel=MAIL, blocked="@evil.example"), Plan())
    again = guard(
        a_turn("买吗", channel=MAIL, blocked="@evil.example", conversation=a_conversation()), Plan()
    )
    assert isinstance(first.effects[-1], OpenTicket)
    assert first.effects[-1].spam == "the sender is blocked: @evil.example"
    assert [type(effect) for effect in again.effects] == [Record]
    assert first.ended
    assert again.ended
