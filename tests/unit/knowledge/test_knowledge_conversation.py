"""Several questions in one message, and short ones that lean on what was answered before."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from knowledge.entry import KnowledgeEntry, Wording
from knowledge.followup import in_context
from knowledge.load import load_folder
from knowledge.match import Matcher, Outcome
from knowledge.several import questions


@cache
def sample_matcher() -> Matcher:
    return Matcher(load_folder(Path(__file__).parents[3] / "knowledge" / "entries").entries)


def parts(text: str) -> list[tuple[str, str]]:
    return [(one.kind, one.matches[0].id) for one in sample_matcher().match(text).parts]


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("怎么退货？另外发票怎么开", ["退货流程", "开具发票"]),
        ("怎么退货和怎么开发票", ["退货流程", "开具发票"]),
        ("你好，请问怎么申请退货？还有发票怎么开？谢谢", ["退货流程", "开具发票"]),
        ("运费多少？多久能到？能开发票吗？", ["运费标准", "配送时间", "开具发票"]),
        ("你们几点上班，门店在哪里", ["营业时间", "门店地址"]),
        ("怎麼退貨？另外發票怎麼開", ["退货流程", "开具发票"]),
        ("can I pay with visa and do you ship to Japan?", ["支付方式", "配送范围"]),
        ("I forgot my password, and also how do I change my address?", ["忘记密码", "修改收货地址"]),
    ],
)
def test_several_sure_questions_are_all_answered_in_their_order(text: str, entries: list[str]) -> None:
    assert parts(text) == [("answer", entry) for entry in entries]
    outcome = sample_matcher().match(text)
    assert outcome.kind == "answer"
    assert [match.id for match in outcome.answered] == entries
    assert outcome.because == f"{len(entries)} questions, {len(entries)} answered"


def test_the_unsure_question_beside_a_sure_one_gets_choices_or_is_owned_up_to() -> None:
    known = "怎么申请退货？"
    assert [one.kind for one in sample_matcher().match(f"{known}优惠怎么弄").parts] == ["answer", "choices"]
    outcome = sample_matcher().match(f"{known}你们老板叫什么名字")
    assert [one.kind for one in outcome.parts] == ["answer", "none"]
    assert outcome.parts[1].asked == "你们老板叫什么名字"


@pytest.mark.parametrize(
    "text",
    [
        "我买的杯子碎了，怎么退货？",
        "退货和换货有什么区别",
        "怎么办？我的包裹丢了，能退款吗？",
        "How do I get an invoice? I need it by Friday. Is that possible?",
        "怎么申请退货？我想退货，怎么退？",
        "What is your return policy? Do you think I am stupid?",
        "不好意思打扰了，能帮我看看吗？怎么开发票",
    ],
)
def test_one_question_is_not_taken_apart(text: str) -> None:
    assert sample_matcher().match(text).parts == ()


def test_who_asks_many_things_is_judged_by_the_whole() -> None:
    assert questions("怎么退货？怎么换货？怎么付款？怎么开票？怎么注册？") == []
    assert questions("") == []


def test_a_sentence_that_tells_belongs_to_the_question_after_it() -> None:
    assert questions("我的杯子碎了，怎么退货？发票开错了，怎么重开？麻烦快递上门") == [
        "我的杯子碎了\n怎么退货",
        "发票开错了\n怎么重开\n麻烦快递上门",
    ]


# After an answer of the first, the second is said; any of the third is a good answer or choice, "" means none is.
SAID_AFTER = (
    ("退货流程", "要多久", "退款到账时间 退货流程"),
    ("退货流程", "多少钱", "退货运费"),
    ("退货流程", "运费呢", "退货运费"),
    ("退货流程", "谁出运费", "退货运费"),
    ("退货流程", "那换货呢", "换货流程"),
    ("退货流程", "还有呢？", "退货运费 退款到账时间"),
    ("退货政策", "那生鲜呢", "不能退货的商品"),
    ("退货政策", "那怎么退呢", "退货流程"),
    ("开具发票", "那专用的呢", "发票类型"),
    ("开具发票", "写错了怎么办", "修改发票"),
    ("开具发票", "可以改吗", "修改发票"),
    ("配送时间", "多少钱", "运费标准"),
    ("配送时间", "到哪里了", "查询物流"),
    ("配送范围", "要收费吗", "运费标准"),
    ("积分获取", "怎么用", "积分使用"),
    ("积分获取", "会过期吗", "积分有效期"),
    ("积分使用", "它会过期吗", "积分有效期"),
    ("使用优惠券", "过期了呢", "优惠券过期"),
    ("使用优惠券", "过期了还能用吗", "优惠券过期"),
    ("支付方式", "可以分期吗", "分期付款"),
    ("支付方式", "失败了怎么办", "支付失败"),
    ("取消订单", "钱什么时候退", "退款到账时间"),
    ("取消订单", "那修改呢", "修改订单"),
    ("保修政策", "怎么修", "维修流程"),
    ("保修政策", "坏了怎么办", "维修流程"),
    ("门店地址", "几点开门", "营业时间"),
    ("门店地址", "可以去拿吗", "自提"),
    ("会员等级", "生日有礼物吗", "生日礼"),
    ("礼品包装", "多少钱", "礼品包装"),
    ("维修流程", "要多久", "维修流程 保修政策"),
    ("换货流程", "那退货呢", "退货流程"),
    ("修改收货地址", "那电话呢", "修改收货地址 修改手机号 修改订单"),
    ("退款到账时间", "退到哪里", "退款去向"),
    ("尺码选择", "不合适怎么办", "换货流程 退货流程"),
    ("退货流程", "那发票呢", "开具发票 修改发票 发票类型"),
    ("退货流程", "what about exchanges?", "换货流程"),
    ("退货流程", "how long does it take", "退款到账时间 退货流程"),
    ("退货流程", "who pays for it?", "退货运费"),
    ("退货流程", "how much is it", "退货运费"),
    ("退货流程", "can I do that online?", "退货流程"),
    ("退货流程", "and the shipping?", "退货运费"),
    ("配送范围", "how much is it", "运费标准"),
    ("配送范围", "how much does it cost", "运费标准"),
    ("配送范围", "and for international orders?", "配送范围 运费标准"),
    ("配送时间", "where is it now", "查询物流"),
    ("开具发票", "can I change it?", "修改发票"),
    ("开具发票", "what kinds are there?", "发票类型"),
    ("积分获取", "do they expire?", "积分有效期"),
    ("积分获取", "how do I use them?", "积分使用"),
    ("使用优惠券", "what if it has expired?", "优惠券过期"),
    ("支付方式", "it failed, what now?", "支付失败"),
    ("支付方式", "can I pay it in instalments?", "分期付款"),
    ("取消订单", "when do I get the money back", "退款到账时间"),
    ("保修政策", "how do I get it repaired", "维修流程"),
    ("门店地址", "when are you open", "营业时间"),
    ("门店地址", "can I pick it up there?", "自提"),
    ("会员等级", "what do I get for my birthday", "生日礼"),
    ("礼品包装", "how much is it", "礼品包装"),
    ("取消订单", "can I change it instead?", "修改订单"),
    ("退款到账时间", "where does it go?", "退款去向"),
    ("退货政策", "and what about food?", "不能退货的商品"),
    ("退货政策", "how do I do that", "退货流程"),
    ("营业时间", "and on the phone?", "联系方式"),
    ("换货流程", "how about returns", "退货流程"),
    ("退货流程", "怎么开发票", "开具发票"),
    ("开具发票", "你们几点上班", "营业时间"),
    ("退货流程", "how do I pay", "支付方式"),
    ("配送时间", "怎么注销账户", "注销账户"),
    ("配送时间", "I forgot my password", "忘记密码"),
    ("积分获取", "我要投诉", "投诉流程"),
    ("退货流程", "那大象呢", ""),
    ("退货流程", "what about elephants?", ""),
    ("支付方式", "那天气呢", ""),
)  # fmt: skip


def test_nine_of_ten_short_questions_are_read_in_the_light_of_the_topic_and_none_is_answered_wrongly() -> (
    None
):
    good, wrong = 0, []
    for topic, text, right in SAID_AFTER:
        outcome = sample_matcher().match(text, topic=topic)
        found = {match.id for match in outcome.matches} & set(right.split())
        good += outcome.kind == "none" if not right else outcome.kind != "none" and bool(found)
        if outcome.kind == "answer" and outcome.matches[0].id not in right.split():
            wrong.append((topic, text, outcome.matches[0].id))
    assert wrong == []
    assert good / len(SAID_AFTER) > 0.88


@pytest.mark.parametrize(
    ("topic", "text", "wrong"),
    [
        ("退货流程", "要多久", "配送时间"),
        ("维修流程", "要多久", "配送时间"),
        ("礼品包装", "how much is it", "运费标准"),
        ("开具发票", "can I change it?", "修改订单"),
    ],
)
def test_without_a_topic_it_would_be_answered_wrongly(topic: str, text: str, wrong: str) -> None:
    alone, after = sample_matcher().match(text), sample_matcher().match(text, topic=topic)
    assert (alone.kind, alone.matches[0].id) == ("answer", wrong)
    assert (after.kind, after.matches[0].id) != ("answer", wrong)


@pytest.mark.parametrize(
    ("topic", "text", "entry"),
    [
        ("退货流程", "怎么开发票", "开具发票"),
        ("开具发票", "你们几点上班", "营业时间"),
        ("退货流程", "how do I pay", "支付方式"),
        ("配送时间", "怎么注销账户", "注销账户"),
        ("积分获取", "我要投诉", "投诉流程"),
    ],
)
def test_what_stands_on_its_own_is_not_bent_to_the_topic(topic: str, text: str, entry: str) -> None:
    outcome = sample_matcher().match(text, topic=topic)
    assert (outcome.kind, outcome.matches[0].id) == ("answer", entry)


@pytest.mark.parametrize("text", ["还有呢？", "還有嗎", "anything else?", "然后呢"])
def test_who_asks_for_more_gets_the_topics_own_questions(text: str) -> None:
    outcome = sample_matcher().match(text, topic="退货流程")
    assert (outcome.kind, [one.id for one in outcome.matches]) == ("choices", ["退货运费", "退款到账时间"])


def test_a_later_question_of_a_message_leans_on_the_one_before() -> None:
    outcome = sample_matcher().match("怎么注册账户？积分怎么获得？会过期吗？")
    assert outcome.parts[-1].matches[0].id == "积分有效期"


def test_a_topic_that_is_gone_changes_nothing() -> None:
    assert sample_matcher().match("要多久", topic="gone") == sample_matcher().match("要多久")


def test_nothing_known_in_context_is_nothing() -> None:
    wording = Wording(lang="en", question="a", answer="b")
    topic = KnowledgeEntry(id="x", wordings={"en": wording})
    assert in_context({}, {}, topic, ()) == []


def test_only_an_answer_has_answered() -> None:
    assert Outcome(kind="none", because="b", lang="en").answered == ()
