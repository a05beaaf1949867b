"""The rules for what is told without its name: each is heard in some case, and is silent where it only looks so."""

from functools import lru_cache
from importlib.resources import files

import pytest

from gateway.triage.corpus import read_cases, shipped_cases
from gateway.triage.evidence import Message, gather
from gateway.triage.read_rules import shipped


@lru_cache(maxsize=1)
def _scenes() -> frozenset[str]:
    return frozenset(rule.id for rule in shipped().rules if "_scenes.toml" in rule.source)


def heard(text: str) -> set[str]:
    fired = gather(Message(text=text), shipped()).fired
    return {one.rule.id for one in fired if "_scenes.toml" in one.rule.source}


def test_every_rule_is_heard_in_some_case() -> None:
    there: set[str] = set()
    for case in shipped_cases():
        there |= {one.rule.id for one in gather(case.message, shipped()).fired}

    assert _scenes() - there == set()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("壁挂炉一点火就啪啪响", "scene.heat"),
        ("胰岛素只剩半支了", "scene.medicine"),
        ("保安动手了", "scene.blows"),
        ("床栏扣不住 一推就弹开", "scene.trusted_thing"),
        ("快递在驿站安家了", "irony.likeness"),
        ("恭喜你们 成功让我错过了饭点", "irony.praise"),
        ("包月业务谁开的", "scene.money_gone"),
        ("my toddler's car seat buckle came undone", "scene.body"),
        ("The pram's brakes failed on a slope.", "scene.trusted_thing"),
        ("Thanks for losing it twice.", "irony.english"),
        ("second visit, same excuse", "irony.english"),
        ("The house is listed for auction on Monday", "scene.home_lost"),
    ],
)
def test_a_scene_is_heard_though_nobody_names_it(text: str, rule: str) -> None:
    assert rule in heard(text)


@pytest.mark.parametrize(
    "text",
    [
        "儿童座椅适合几岁",
        "梯子有没有三米的",
        "这款火锅底料很烫很辣 好评",
        "怎么把电子票转给朋友",
        "师傅没打电话来",
        "Does the pram fold?",
        "Which plug does it come with?",
        "thank you so much for your help",
        "what's the fee on my last bill",
    ],
)
def test_what_only_looks_like_a_danger_or_irony_is_none(text: str) -> None:
    grave = {
        "scene.heat", "scene.road", "scene.blows", "scene.medicine", "scene.body", "scene.trusted_thing",
        "scene.body_hurt", "scene.crowd_warned", "irony.praise", "irony.english", "anger.what",
    }  # fmt: skip

    assert heard(text) & grave == set()


def test_a_number_of_a_house_is_no_error_of_a_server() -> None:
    fired = {one.rule.id for one in gather(Message(text="住址是朝阳区测试路88号6栋502"), shipped()).fired}

    assert "failure.system" not in fired


def test_no_sentence_of_the_second_file_stands_there_twice() -> None:
    text = (files("gateway.triage") / "cases" / "second.tsv").read_text("utf-8")
    told = [case.message.whole for case in read_cases("second.tsv", text.split("\n"))]

    assert len(told) == len(set(told))
