"""An answer that needs proof of identity reaches nobody by a side door: the real matcher, the sample shop, every way to ask."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from gateway.domain.conversation import OfferedChoice, State
from gateway.library import Library
from gateway.pipeline.plan import Plan, Reply
from gateway.pipeline.run import decide
from tests.building import BOT, MAIL, MORNING, WEB, a_conversation, a_turn

PRIVATE = ("修改手机号", "删除个人信息", "注销账户")


@cache
def library() -> Library:
    folder = Path(__file__).parents[4] / "knowledge" / "entries"
    return Library(folder, lambda: MORNING.date())


def said(plan: Plan) -> str:
    return "".join(effect.text for effect in plan.effects if isinstance(effect, Reply))


def secrets() -> list[str]:
    entries = [library().entry(one) for one in PRIVATE]
    assert {entry.level for entry in entries} == {"L2"}
    return [wording.answer for entry in entries for wording in entry.wordings.values()]


@pytest.mark.parametrize("channel", [WEB, MAIL, BOT])
@pytest.mark.parametrize("state", [State.BOT, State.QUEUED])
@pytest.mark.parametrize(
    ("text", "choice", "topic"),
    [
        ("怎么注销账户", None, None),
        ("怎麼註銷賬戶？", None, None),
        ("How do I delete my account?", None, None),
        ("怎么注销账户？另外发票怎么开", None, None),
        ("怎么开发票和怎么注销账户", None, None),
        ("How do I get an invoice? Also, how do I delete my account?", None, None),
        ("", "注销账户", None),
        ("1", None, None),
        ("怎么注销账户？", None, "隐私保护"),
        ("怎么删除呢", None, "隐私保护"),
        ("还有呢", None, "注销账户"),
        ("那手机号呢", None, "修改个人资料"),
        ("how do I do that?", None, "注销账户"),
        ("您好，打扰了，我想请教一下。怎么注销账户？谢谢您的耐心", None, None),
    ],
)
def test_a_private_answer_never_goes_out(
    text: str, choice: str | None, topic: str | None, state: State, channel: str
) -> None:
    offered = tuple(OfferedChoice(id=one, label=library().entry(one).question) for one in reversed(PRIVATE))
    conversation = a_conversation(topic=topic, offered=offered, state=state)
    turn = a_turn(
        text, channel=channel, inbound={"choice": choice}, conversation=conversation, knowledge=library()
    )
    for lang in ("zh-CN", "zh-TW", "en"):
        words = said(decide(replace(turn, conversation=replace(conversation, lang=lang))))
        assert not any(turn.texts.adapt(secret, lang) in words or secret in words for secret in secrets())


def test_the_public_ones_do_go_out() -> None:
    turn = a_turn("怎么开发票", conversation=a_conversation(), knowledge=library())
    assert library().entry("开具发票").answer_in("zh-CN") in said(decide(turn))


def test_who_writes_traditional_characters_is_answered_in_them() -> None:
    turn = a_turn("怎麼開發票？另外怎麼申請退貨？", conversation=a_conversation(), knowledge=library())
    words = said(decide(turn))
    assert "發票" in words
    assert "申請退貨" in words
    assert "发" not in words
