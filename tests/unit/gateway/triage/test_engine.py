"""The engine of triage on small rules of its own: matching, taking back, contexts, figures, deciding together."""

import pytest

from gateway.triage.evidence import Message, gather
from gateway.triage.read_rules import BadRules, RuleFile, read, shipped, shipped_files
from gateway.triage.triage import Triager

RULES = """
[[rule]]
id = "complains"
words = ['投诉', 'complain(?:t|ing)?\\b']
says = { displeasure = 1, type = { complaint = 3 } }

[[rule]]
id = "burst"
words = ['爆炸']
says = { harm = 1 }
unless = ['爆炸头']

[[rule]]
id = "parcel"
words = ['包裹', 'parcels?']
says = { topic = { delivery = 2 } }

[[rule]]
id = "lost"
words = ['被骗', 'stolen']
says = { loss = 1 }
"""


def a_triager(more: str = "") -> Triager:
    return Triager(read((shipped_files()[0], RuleFile(name="rules.toml", text=RULES + more))))


def fired(text: str) -> set[str]:
    return {one.rule.id for one in gather(Message(text=text), a_triager().lexicon).fired}


@pytest.mark.parametrize(
    "text",
    [
        "我要投诉你们",
        "我要投訴你們",
        "不得不投诉",
        "是不是要我投诉",
        "I want to COMPLAIN",
        "not only a delay but a complaint",
    ],
)
def test_a_complaint_is_heard_in_either_script_and_any_case(text: str) -> None:
    assert "complains" in fired(text)


@pytest.mark.parametrize(
    "text",
    [
        "我不是要投诉",
        "没有投诉的意思",
        "并非来投诉",
        "I'm not complaining",
        "I don't want to make a complaint",
        "this isn’t a complaint",
    ],
)
def test_what_is_denied_does_not_count(text: str) -> None:
    assert "complains" not in fired(text)


def test_a_topic_is_spoken_of_even_where_something_is_denied_of_it() -> None:
    assert "parcel" in fired("没有包裹")


def test_a_context_in_the_same_sentence_keeps_a_rule_silent() -> None:
    assert "burst" not in fired("想要一个爆炸头")
    assert "burst" in fired("爆炸头很好看。电池爆炸了")


@pytest.mark.parametrize(
    ("text", "is_large"),
    [
        ("被骗了五千块", True),
        ("被骗了3万五", True),
        ("被骗一万二", True),
        ("被骗8600元", True),
        ("被骗 1.2w", True),
        ("stolen: $1.2k", True),
        ("stolen £850", True),
        ("被骗了三百块", False),
        ("stolen $20", False),
        ("被骗，订单号 88886666", False),
        ("等了8000年，被骗", False),
    ],
)
def test_a_large_loss_is_a_loss_with_a_large_sum(text: str, is_large: bool) -> None:
    assert ("large_loss" in gather(Message(text=text), a_triager().lexicon).facts) is is_large


def test_a_large_sum_without_a_loss_is_only_named() -> None:
    facts = gather(Message(text="这台 ￥12,999 的包裹多大"), a_triager().lexicon).facts
    assert "large_sum" in facts
    assert "large_loss" not in facts


def test_fields_are_decided_together() -> None:
    found = a_triager().triage(Message(text="我要投诉，包裹不见了"))
    assert (found.type, found.anomaly, found.department) == ("complaint", "complaint", "logistics")
    assert found.subtype == "delivery"
    assert any("投诉" in reason for reason in found.because)


def test_a_message_without_any_rule_still_gets_an_answer() -> None:
    found = Triager(shipped()).triage(Message(text="qwrtz"))
    assert found.urgency == "normal"
    assert found.because


@pytest.mark.parametrize("text", ["", "？", "\n\n", "🙃", "a" * 100_000, "\u0000", "𠮷" * 50])
def test_odd_texts_are_survived(text: str) -> None:
    assert Triager(shipped()).triage(Message(text=text)).version


@pytest.mark.parametrize(
    ("rule", "word", "line"),
    [
        ('\n[[rule]]\nid = "x"\nwords = ["("]\nsays = { harm = 1 }', "regular expression", 3),
        ('\n[[rule]]\nid = "x"\nwords = ["A"]\nsays = { harm = 1 }', "capitals", 3),
        ('\n[[rule]]\nid = "x"\nwords = ["a*"]\nsays = { harm = 1 }', "nothing is written", 3),
        ('\n[[rule]]\nid = "x"\nwords = ["a"]\nsays = { hurm = 1 }', "no fact", 3),
        ('\n[[rule]]\nid = "x"\nwords = ["a"]\nsays = { type = { complain = 1 } }', "no 'complain'", 3),
        ('\n[[rule]]\nid = "x"\nwords = ["a"]\nsays = { topic = { nowhere = 1 } }', "unknown topic", 3),
        ('\n[[rule]]\nid = "x"\nwords = ["a"]', "does not say", 3),
        ('\n[[rule]]\nid = "x"\nword = ["a"]', "unknown key", 3),
        ('\n[[rule]]\nid = "x"\noff = true', "switch off", 3),
        ("\n[[rule]]\nwords = ['a']", "no id", 2),
        ("\n[rules]", "unknown section", 2),
        ("[[", "not valid TOML", 0),
    ],
)
def test_a_mistake_is_named_with_file_and_line(rule: str, word: str, line: int) -> None:
    with pytest.raises(BadRules) as raised:
        read((shipped_files()[0], RuleFile(name="house.toml", text=rule)))
    mistake = raised.value.mistakes[0]
    assert word in str(mistake)
    assert mistake.zh
    assert mistake.where == (f"house.toml:{line}" if line else "house.toml")


def test_a_later_file_changes_weights_and_switches_rules_off() -> None:
    house = '[[rule]]\nid = "lost"\noff = true\n[[rule]]\nid = "parcel"\nsays = { topic = { stock = 4 } }'
    triager = Triager(
        read((shipped_files()[0], RuleFile(name="a", text=RULES), RuleFile(name="house.toml", text=house)))
    )
    assert triager.triage(Message(text="包裹被骗")).subtype == "stock"
    assert triager.triage(Message(text="包裹被骗")).because == ("parcel: “包裹”",)


@pytest.mark.parametrize(
    "text",
    ["No rush at all, but my charger is smoking.", "Thank you kindly. The matter is with the ombudsman now."],
)
def test_polite_words_lower_nothing(text: str) -> None:
    assert Triager(shipped()).triage(Message(text=text)).urgency == "critical"
