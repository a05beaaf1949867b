"""The Chinese rules: each is heard in some case, and the strong ones are right where they speak."""

from collections import defaultdict

import pytest

from gateway.triage.corpus import Case, shipped_cases
from gateway.triage.evidence import Message, gather
from gateway.triage.lexicon import Lexicon
from gateway.triage.read_rules import shipped

HEARD = dict[str, list[Case]]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return shipped()


@pytest.fixture(scope="module")
def heard(lexicon: Lexicon) -> HEARD:
    """The Chinese cases in which each Chinese rule fires."""
    found: HEARD = defaultdict(list)
    for case in shipped_cases():
        if case.source.startswith(("zh", "mixed")):
            for one in gather(case.message, lexicon).fired:
                if one.rule.source.startswith("rules/zh.toml"):
                    found[one.rule.id].append(case)
    return found


def fired(text: str, lexicon: Lexicon) -> set[str]:
    return {one.rule.id for one in gather(Message(text=text), lexicon).fired}


def test_every_rule_is_heard_in_some_case(lexicon: Lexicon, heard: HEARD) -> None:
    silent = [
        rule.id for rule in lexicon.rules if rule.source.startswith("rules/zh.toml") and rule.id not in heard
    ]

    assert silent == []


@pytest.mark.parametrize(
    ("rule", "field", "values"),
    [
        ("media.authorities", "anomaly", {"media"}),
        ("media.press", "anomaly", {"media"}),
        ("media.journalist", "department", {"pr"}),
        ("anger.insult", "urgency", {"critical"}),
        ("threat.violence", "urgency", {"critical"}),
        ("danger.electric", "urgency", {"critical"}),
        ("danger.gas", "urgency", {"critical"}),
        ("harm.illness", "urgency", {"critical"}),
        ("harm.injury", "urgency", {"critical"}),
        ("theft.card", "urgency", {"urgent", "critical"}),
        ("failure.network", "department", {"tech"}),
        ("person.wanted", "type", {"human"}),
        ("talk.chat", "type", {"none"}),
        ("idea.strong", "type", {"suggestion"}),
        ("invoice", "department", {"finance"}),
    ],
)
def test_a_strong_rule_is_right_where_it_speaks(
    rule: str, field: str, values: set[str], heard: HEARD
) -> None:
    right = [case for case in heard[rule] if values & set(case.labels[field])]

    assert len(right) >= 0.85 * len(heard[rule])


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("我不是要投诉，问一下几号到", "complaint.said"),
        ("空气炸锅多少钱", "anger.insult"),
        ("爆款什么时候补货", "danger.electric"),
        ("帮我解绑我妈的号码", "anger.insult"),
        ("打爆了三个电话才找到人", "danger.electric"),
        ("我在小红书上看到推荐才来的", "media.press"),
        ("微博上有人介绍过这款", "media.press"),
        ("不急，慢慢查就好", "hurry"),
        ("人没受伤，就是问问", "harm.injury"),
        ("优惠券快过期了能延期吗", "harm.foreign_body"),
    ],
)
def test_words_that_only_look_like_it_do_not_fire(text: str, rule: str, lexicon: Lexicon) -> None:
    assert rule not in fired(text, lexicon)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("特别恶心", "anger.insult"),
        ("充電線冒煙了", "danger.electric"),
        ("你哋呢班騙子，仆街", "anger.insult"),
        ("帳號被盜了", "theft.card"),
        ("明天就要用，今晚必须到", "deadline"),
        ("打了五次电话没人接", "service.unanswered"),
        ("app闪退", "failure.system"),
        ("已经向12315举报", "media.authorities"),
    ],
)
def test_what_is_said_plainly_is_heard(text: str, rule: str, lexicon: Lexicon) -> None:
    assert rule in fired(text, lexicon)


@pytest.mark.parametrize("piece", ["谢谢", "好的", "你好在吗", "喂", "啊", "人工", "不", "退款"])
def test_a_word_said_a_thousand_times_is_read_at_once(piece: str, lexicon: Lexicon) -> None:
    """A pattern that tries every way to cut the text into words would not end while this machine stands."""
    assert gather(Message(text=piece * 1000 + "x!"), lexicon).folded
