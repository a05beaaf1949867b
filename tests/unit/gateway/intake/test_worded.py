"""Meetings and encrypted mail are put into words for the agent, and images named as the desk fetches them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from adapters.contract import Inbound, InboundAttachment, Meeting
from gateway.intake.shown import with_files
from gateway.intake.worded import worded
from gateway.texts import load_texts

SHANGHAI = ZoneInfo("Asia/Shanghai")
TEN = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
MEETING = Meeting(
    method="REQUEST", summary="对账", where="三楼", starts_at=TEN, ends_at=TEN + timedelta(hours=1)
)


def said(inbound: Inbound) -> Inbound:
    return worded(inbound, load_texts(), SHANGHAI, "zh-CN")


def a_mail(text: str = "", **more: object) -> Inbound:
    return Inbound(channel="support", external_id="1", text=text, full_text=text).with_(**more)


def test_an_invitation_is_told_in_the_houses_own_time() -> None:
    inbound = said(a_mail(meetings=(MEETING,), lang="zh-CN"))
    assert inbound.text == "日历邀请：对账\n时间：2026-11-24 周二 10:00–11:00 (UTC+0800)\n地点：三楼"
    assert inbound.full_text == inbound.text


def test_the_customers_own_words_stay_above_it_in_their_language() -> None:
    inbound = said(a_mail("Please join us.", meetings=(MEETING,), lang="en"))
    assert inbound.text.startswith("Please join us.\n\nInvitation: 对账\nTime: 2026-11-24 Tue 10:00–11:00")


def test_a_time_that_is_not_clear_is_not_made_up() -> None:
    inbound = said(a_mail(meetings=(Meeting(method="CANCEL", summary="x"),), lang="en"))
    assert "Meeting cancelled: x" in inbound.text
    assert "not said beyond doubt" in inbound.text


def test_an_encrypted_mail_says_so_instead_of_nothing() -> None:
    assert "加密邮件" in said(a_mail(labels=("encrypted",), lang="zh-CN")).text
    assert said(a_mail("words", labels=("encrypted",))).text == "words"


def test_an_image_is_named_by_the_file_that_came_with_it_and_by_no_other() -> None:
    logo = InboundAttachment(name="logo.png", blob="f00d", content_id="logo@x")
    html = '<img src="cid:logo@x"><img src="cid:logo%40x"><img src="cid:other"><img src="remote:https://x/cid:logo@x">'
    assert with_files(html, [logo]) == (
        '<img src="cid:f00d"><img src="cid:f00d"><img src="cid:other"><img src="remote:https://x/cid:logo@x">'
    )
