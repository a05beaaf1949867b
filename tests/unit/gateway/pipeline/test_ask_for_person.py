"""转人工: a person is one sentence away, and nobody is sent to one against their will."""

import pytest

from gateway.domain.conversation import OfferedChoice
from gateway.pipeline.ask_for_person import ask_for_person, asks_for_person
from gateway.pipeline.classify import HUMAN
from gateway.pipeline.plan import Plan
from tests.building import BOT, MAIL, WEB, a_conversation, a_turn

ASKING = {
    "simplified": [
        "转人工", "人工", "转人工！", "人工客服", "客服", "真人", "人工服务", "我要人工", "我要转人工客服", "请转人工",
        "帮我转人工", "麻烦转接人工客服，谢谢", "转接一下人工", "找客服", "我要找真人", "找个真人跟我说", "需要人工处理",
        "我想和真人沟通", "能不能跟人工聊", "联系客服", "联系你们的客服人员", "换个真人来", "我不要和机器人说话", "不想跟机器人聊了",
        "我不要人工智能，要真人", "怎么还不转人工", "为什么不能转人工", "有没有真人", "转人工 谢谢", "呼叫人工", "叫真人处理",
    ],
    "traditional": ["轉人工", "我要轉人工客服", "請轉接真人", "聯繫客服人員", "我要找真人客服", "不要機器人", "與真人對話"],
    "Cantonese": [
        "我要真人", "唔該轉人工", "搵真人", "我想搵客服", "同真人傾", "我想同客服講", "駁去人工客服", "幫我駁返個真人", "有冇真人呀",
        "唔要機器人",
    ],
    "English": [
        "agent", "human", "Agent please", "human, please!", "representative", "operator", "live chat", "real person",
        "customer service", "talk to a human", "I want to talk to a person", "can I speak with someone?",
        "Could you connect me to an agent", "please transfer me to a representative", "put me through to an operator",
        "I need a human", "I want a real person", "give me a live agent", "get me a human being", "I'd like a real person",
        "live agent", "is there a real person I can chat with", "let me speak to customer service",
        "I don't want a bot, I want to talk to a person", "A human please", "I would like to speak to someone in charge",
    ],
}  # fmt: skip
NOT_ASKING = {
    "simplified": [
        "不用转人工", "不用转人工了，谢谢", "别转人工", "不需要人工客服", "不要转人工", "无需人工", "暂时不用找客服了", "不必转接人工",
        "你是人工智能吗", "我要人工智能音箱", "找人工智能的书", "客服态度很好", "你们的客服电话是多少", "人工费怎么算", "这是手工还是人工的",
        "昨天的客服很有耐心", "真人秀的衣服有吗", "运费谁出", "",
    ],
    "Cantonese": ["唔使轉人工", "唔要真人"],
    "English": [
        "the agent was nice yesterday", "I don't need a human", "no need for a person", "I do not want to talk to a person",
        "no human please", "not asking for an agent", "your agent told me to wait", "is this a human or a bot?", "I like the agent I spoke to",
        "which cleaning agent do you sell", "how do I use the operator manual", "the person next door took my parcel",
        "I'd like to thank the agent", "what personal data do you keep", "human hair brush", "real leather?",
        "staff discount", "a travel agent bag",
    ],
}  # fmt: skip


def cases(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(lang, text) for lang, texts in table.items() for text in texts]


@pytest.mark.parametrize(("lang", "text"), cases(ASKING))
def test_asking_for_a_person_in_words_is_understood(lang: str, text: str) -> None:
    assert asks_for_person(text)


@pytest.mark.parametrize(("lang", "text"), cases(NOT_ASKING))
def test_speaking_of_people_or_refusing_one_is_not_asking(lang: str, text: str) -> None:
    assert not asks_for_person(text)


@pytest.mark.parametrize("channel", [WEB, MAIL, BOT])
def test_asking_hands_over_on_every_channel(channel: str) -> None:
    assert ask_for_person(a_turn("转人工", channel=channel), Plan()).hand_off


@pytest.mark.parametrize("text", ["3", "３", "3.", "（3）", "转人工客服"])
def test_asking_by_number_and_by_label_is_understood(text: str) -> None:
    offered = (
        OfferedChoice(id="a", label="营业时间"),
        OfferedChoice(id="b", label="发票"),
        OfferedChoice(id=HUMAN, label="转人工客服"),
    )
    assert ask_for_person(a_turn(text, conversation=a_conversation(offered=offered)), Plan()).hand_off


@pytest.mark.parametrize("conversation", [None, a_conversation()])
def test_asking_by_button_is_understood_however_old_the_button(conversation: None) -> None:
    turn = a_turn("", inbound={"choice": HUMAN}, conversation=conversation)
    assert ask_for_person(turn, Plan()).hand_off


def test_who_does_not_ask_is_not_handed_over() -> None:
    assert ask_for_person(a_turn("怎么退货"), Plan()) == Plan()
