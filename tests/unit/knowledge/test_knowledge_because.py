"""What an editor is told about a verdict, and what an entry refuses: negative phrasings, channels, dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from knowledge.entry import KnowledgeEntry, Wording
from knowledge.load import load_folder
from knowledge.match import Matcher

TODAY = date(2026, 11, 22)


@cache
def sample_entries() -> tuple[KnowledgeEntry, ...]:
    return load_folder(Path(__file__).parents[3] / "knowledge" / "entries").entries


@cache
def sample_matcher() -> Matcher:
    return Matcher(sample_entries())


def entry(
    entry_id: str, zh: tuple[str, ...], en: tuple[str, ...], bars: dict[str, tuple[str, ...]]
) -> KnowledgeEntry:
    wordings = {
        lang: Wording(
            lang=lang, question=said[0], answer=entry_id, phrasings=said[1:], not_for=bars.get(lang, ())
        )
        for lang, said in (("zh-CN", zh), ("en", en))
    }
    return KnowledgeEntry(id=entry_id, wordings=wordings)


GIFT = entry(
    "gift",
    ("会员生日有什么礼物", "生日礼物怎么领"),
    ("What do members get for their birthday", "birthday present for members"),
    {"zh-CN": ("修改", "ＶＩＰ退款"), "en": ("edit", "wrong date")},
)
PROFILE = entry(
    "profile",
    ("怎么改资料里的生日", "资料填错了", "个人资料"),
    ("How do I correct the birthday in my profile", "profile details"),
    {},
)
RETURNS = entry("returns", ("怎么退货", "退货流程"), ("How do I return an item", "send it back"), {})
HOUSE = (GIFT, PROFILE, RETURNS)


@pytest.mark.parametrize(
    "text",
    [
        "会员生日礼物修改",
        "會員生日禮物修改",
        "会员 生日 礼物 修 改",
        "members birthday present EDIT",
        "members birthday present ｅｄｉｔ",
        "members birthday present: wrong   date",
        "会员生日礼物 edit",
        "会员生日礼物vip退款",
    ],
)
def test_a_negative_phrasing_bars_its_entry_in_every_language_width_and_script(text: str) -> None:
    outcome = Matcher(HOUSE).match(text)
    assert "gift" not in [match.id for match in outcome.matches]
    assert any(note.startswith("“会员生日有什么礼物” is not for “") for note in outcome.notes)


@pytest.mark.parametrize(
    "text", ["credits for members birthday present", "birthday present for members, editor"]
)
def test_a_latin_negative_phrasing_must_stand_alone(text: str) -> None:
    assert Matcher(HOUSE).match(text).matches[0].id == "gift"


def test_a_barred_entry_leaves_its_share_to_the_next() -> None:
    text = "修改会员生日礼物的个人资料"
    freely = Matcher(
        (
            replace(GIFT, wordings={k: replace(w, not_for=()) for k, w in GIFT.wordings.items()}),
            PROFILE,
            RETURNS,
        )
    )
    before = {match.id: match.score for match in freely.match(text).matches}
    after = {match.id: match.score for match in Matcher(HOUSE).match(text).matches}
    assert before["gift"] > 0.1
    assert before["profile"] < after["profile"] <= 1


def test_who_had_next_to_nothing_does_not_become_sure_because_the_sure_one_is_barred() -> None:
    outcome = Matcher(HOUSE).match("生日礼物怎么领，修改一下", lang="zh-CN")
    assert outcome.kind != "answer" or outcome.matches[0].id == "profile"
    assert sample_matcher().match("一个订单里的东西可以分几次寄吗，拆单").matches[0].id != "合并订单"
    only = Matcher((GIFT, RETURNS)).match("生日礼物怎么领取，修改")
    assert only.kind == "none"


def test_an_entry_for_another_channel_or_day_is_passed_over_and_the_reason_told() -> None:
    elsewhere, over = replace(RETURNS, channels=("mail",)), replace(GIFT, valid_until=date(2026, 11, 21))
    matcher = Matcher((elsewhere, over, PROFILE))
    outcome = matcher.match("怎么退货", channel="web", today=TODAY)
    assert outcome.matches == () or outcome.matches[0].id != "returns"
    assert outcome.notes == ("“怎么退货” is not for this channel",)
    assert matcher.match("怎么退货", channel="mail", today=TODAY).notes == ()
    assert matcher.match("生日礼物怎么领", today=TODAY).notes == ("“会员生日有什么礼物” is not valid today",)
    assert matcher.match("生日礼物怎么领", today=date(2026, 11, 21)).kind == "answer"


def test_the_evidence_is_told_to_who_asks() -> None:
    outcome = sample_matcher().match("how do I retrun my ordr elephant", explain=True)
    assert outcome.notes == ("typos: retrun → return, ordr → order", "unknown words: elephant")
    nearest, common = outcome.matches[0].because
    assert nearest == "nearest phrasing: How do I return an item?"
    assert common.startswith("words in common: ")
    assert "retrun" in common
    assert sample_matcher().match("怎么退貨大象", explain=True).notes == ("unknown words: 象",)


def test_the_evidence_says_when_the_phrasing_is_in_another_language() -> None:
    outcome = sample_matcher().match("start a return please now", lang="zh-CN", explain=True)
    assert "the phrasing is in another language: en" in outcome.matches[0].because


def test_each_question_of_several_has_its_own_evidence() -> None:
    outcome = sample_matcher().match("怎么退货？另外发票怎么开", explain=True)
    assert all(
        any(line.startswith("words in common") for line in part.matches[0].because) for part in outcome.parts
    )


def test_word_for_word_needs_no_more_evidence() -> None:
    assert sample_matcher().match("我要退货", explain=True).matches[0].because == ("exact phrasing",)


def test_asking_for_evidence_changes_no_verdict() -> None:
    for text in (
        "怎么退货",
        "退货的邮费是谁来付的",
        "你好",
        "",
        "can I return this and how long does it take",
    ):
        plain, full = sample_matcher().match(text), sample_matcher().match(text, explain=True)
        assert (plain.kind, plain.because) == (full.kind, full.because)
        assert [(one.id, one.score) for one in plain.matches] == [(one.id, one.score) for one in full.matches]
