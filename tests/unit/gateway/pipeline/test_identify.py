"""Which Conversation a message belongs to, and what "thanks" and "not solved" do to a resolved ticket."""

from datetime import timedelta

import pytest

from adapters.contract import InboundAttachment
from gateway.domain.conversation import State
from gateway.domain.ticket import Status
from gateway.pipeline.identify import REOPENED, identify, is_thanks
from gateway.pipeline.language import detect
from gateway.pipeline.plan import CloseTicket, MoveConversation, Plan, ReopenTicket, StartConversation
from tests.building import MORNING, a_contact, a_conversation, a_ticket, a_turn

RESOLVED = a_ticket(status=Status.RESOLVED, agent_id=7, resolved_at=MORNING - timedelta(hours=1))
WITH_AGENT = a_conversation(state=State.WITH_AGENT)


def kinds(plan: Plan) -> list[type]:
    return [type(effect) for effect in plan.effects]


def test_the_first_message_begins_a_conversation_in_its_language() -> None:
    plan = identify(a_turn("where is my order?"), Plan())
    assert plan.effects == (StartConversation(lang="en", because="first message on this thread"),)
    assert (plan.is_new, plan.lang) == (True, "en")


def test_the_open_conversation_goes_on() -> None:
    plan = identify(a_turn("怎么退货", conversation=a_conversation()), Plan())
    assert plan == Plan(lang="zh-CN")


def test_a_message_that_does_not_say_keeps_the_conversations_language() -> None:
    assert identify(a_turn("😀", conversation=a_conversation(lang="en")), Plan()).lang == "en"
    assert identify(a_turn("123", contact=a_contact(lang="en")), Plan()).lang == "en"
    assert identify(a_turn("hello there", inbound={"lang": "zh-TW"}), Plan()).lang == "zh-TW"


def test_after_a_closed_conversation_a_new_one_begins() -> None:
    plan = identify(a_turn(conversation=a_conversation(state=State.CLOSED)), Plan())
    assert plan.is_new
    assert kinds(plan) == [StartConversation]


def test_after_a_long_silence_with_the_bot_a_new_conversation_begins() -> None:
    within = a_conversation(last_at=MORNING - timedelta(hours=72))
    beyond = a_conversation(last_at=MORNING - timedelta(hours=72, seconds=1))
    assert not identify(a_turn(conversation=within), Plan()).is_new
    assert identify(a_turn(conversation=beyond), Plan()).is_new


@pytest.mark.parametrize("state", [State.QUEUED, State.WITH_AGENT])
def test_who_waits_for_a_person_is_never_forgotten(state: State) -> None:
    long_ago = a_conversation(state=state, last_at=MORNING - timedelta(days=30))
    assert not identify(a_turn(conversation=long_ago, ticket=a_ticket()), Plan()).is_new


def test_thanks_after_resolving_closes_and_nothing_is_said() -> None:
    plan = identify(a_turn("好的，谢谢", conversation=WITH_AGENT, ticket=RESOLVED), Plan())
    assert kinds(plan) == [CloseTicket, MoveConversation]
    assert plan.ended
    assert plan.parts == ()


def test_thanks_after_closing_changes_nothing() -> None:
    ticket = a_ticket(status=Status.CLOSED, closed_at=MORNING - timedelta(hours=1))
    plan = identify(a_turn("谢谢", conversation=a_conversation(state=State.CLOSED), ticket=ticket), Plan())
    assert plan.effects == ()
    assert plan.ended


def test_thanks_with_a_file_is_looked_at() -> None:
    photo = InboundAttachment(name="broken.jpg", content=b"x")
    turn = a_turn("谢谢", inbound={"attachments": (photo,)}, conversation=WITH_AGENT, ticket=RESOLVED)
    assert identify(turn, Plan()).hand_off == REOPENED


@pytest.mark.parametrize("text", ["没解决", "还是不行", "I need another thing", "收到的是坏的"])
def test_anything_else_reopens_with_the_same_agent(text: str) -> None:
    plan = identify(a_turn(text, conversation=WITH_AGENT, ticket=RESOLVED), Plan())
    reopened, moved = plan.effects
    assert isinstance(reopened, ReopenTicket)
    assert isinstance(moved, MoveConversation)
    assert moved.to is State.WITH_AGENT
    assert plan.hand_off == REOPENED
    assert not plan.is_new


def test_a_ticket_nobody_had_reopens_into_the_queue() -> None:
    ticket = a_ticket(status=Status.CLOSED, closed_at=MORNING - timedelta(hours=71))
    plan = identify(a_turn("没解决", conversation=a_conversation(state=State.CLOSED), ticket=ticket), Plan())
    moved = plan.effects[-1]
    assert isinstance(moved, MoveConversation)
    assert moved.to is State.QUEUED


@pytest.mark.parametrize("text", ["没解决", "谢谢"])
def test_later_than_reopening_allows_a_new_conversation_begins(text: str) -> None:
    ticket = a_ticket(status=Status.RESOLVED, resolved_at=MORNING - timedelta(hours=72, seconds=1))
    plan = identify(a_turn(text, conversation=WITH_AGENT, ticket=ticket), Plan())
    assert kinds(plan) == [StartConversation]
    assert plan.hand_off is None


THANKS = [
    "谢谢", "好的，谢谢", "收到，谢谢您", "非常感谢你们的帮助", "thank you very much for your help!", "ok", "Thanks, it works now",
    "已经解决了，谢谢", "没问题了", "好", "👍谢谢", "Great, all good!", "thanks a lot", "多謝晒", "谢谢客服小姐姐", "that is perfect, thank you",
]  # fmt: skip
NO_THANKS = [
    "好像不行", "好贵啊", "收到的是坏的", "谢谢，但还没收到", "解决了吗", "可以了吗", "ok but it broke", "great, still broken", "thanks, but no",
    "没解决", "谢谢，没有解决", "not solved", "it doesn't work", "还是不行", "thanks, it isn't solved", "", "...", "👍", "谢谢，请问发票呢",
    "好的，那我要退货", "goods", "不好", "谢谢" * 100,
]  # fmt: skip


@pytest.mark.parametrize("text", THANKS)
def test_thanks_are_known(text: str) -> None:
    assert is_thanks(text)


@pytest.mark.parametrize("text", NO_THANKS)
def test_what_says_more_than_thanks_is_not_thanks(text: str) -> None:
    assert not is_thanks(text)


@pytest.mark.parametrize(
    ("text", "default", "lang"),
    [
        ("SF1234567890", "zh-CN", "zh-CN"), ("hello", "zh-CN", "en"), ("ok", "zh-CN", "zh-CN"), ("iPhone 15", "zh-CN", "zh-CN"),
        ("a@b.com", "zh-CN", "zh-CN"), ("https://shop.example/x", "zh-CN", "zh-CN"), ("123", "en", "en"), ("你好", "en", "zh-CN"),
        ("我的 iPhone 壞了", "en", "zh-TW"), ("where is my order SF123?", "zh-CN", "en"), ("I bought 茶 for my dear mother", "zh-CN", "en"),
        ("refund.", "zh-CN", "en"), ("😀", "en", "en"), ("", "zh-TW", "zh-TW"), ("請問訂單", "zh-CN", "zh-TW"),
    ],
)  # fmt: skip
def test_the_language_is_read_from_the_script_and_never_from_codes(
    text: str, default: str, lang: str
) -> None:
    assert detect(text, default) == lang
