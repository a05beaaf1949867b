"""A mailbox's signature and template: checked when read, filled in without anything acting."""

from typing import Any

import pytest
from pydantic import ValidationError

from adapters.contract import Forwarded, Outbound
from adapters.mail.bodies import bodies
from adapters.mail.settings import MailSettings

BASE: dict[str, Any] = {
    "address": "support@shop.example",
    "name": "晨光小店",
    "imap": {"host": "x", "login": "x", "password": "x"},
}
SIGNATURE = {"zh": "{name}（工号 {number}）\n**{house}** {address}", "en": "{name} #{number}\nMorning Shop"}


def said(settings: dict[str, Any], **changes: Any) -> tuple[str, str]:
    values: dict[str, Any] = {
        "key": "k1",
        "channel": "mail",
        "address": "bob@cust.example",
        "thread": "t",
        "text": "**三天**内",
        "author": "agent",
        "agent_name": "王芳",
        "agent_number": "1001",
    }
    return bodies(Outbound(**(values | changes)), MailSettings.model_validate(BASE | settings))


def test_the_signature_is_in_the_customers_language_as_text_and_html() -> None:
    plain, html = said({"signature": SIGNATURE})
    assert plain.endswith("三天内\n\n王芳（工号 1001）\n晨光小店 support@shop.example\n")
    assert "王芳（工号 1001）" in html
    assert "<strong>晨光小店</strong>" in html
    assert said({"signature": SIGNATURE}, lang="en")[0].endswith("王芳 #1001\nMorning Shop\n")


def test_what_the_bot_writes_has_no_agents_line() -> None:
    plain, html = said({"signature": SIGNATURE}, author="bot", agent_name=None, agent_number=None)
    assert plain.endswith("三天内\n\n晨光小店 support@shop.example\n")
    assert "工号" not in html


def test_the_template_goes_around_the_words_and_places_the_signature() -> None:
    template = {
        "zh": "尊敬的客户：\n\n{body}\n\n{signature}\n\n工单 {ticket}",
        "zh_html": '<table style="color:red"><tr><td>{body}</td></tr></table><hr>{signature}<small>{ticket}</small>',
    }
    plain, html = said({"signature": SIGNATURE, "template": template}, ticket="T1")
    assert plain.startswith("-- 请在此行上方回复")
    assert "尊敬的客户：\n\n三天内\n\n王芳（工号 1001）" in plain
    assert plain.endswith("工单 T1\n")
    assert plain.count("王芳") == html.count("王芳") == 1
    assert "<td><div><p><strong>三天</strong>内</p></div></td>" in html
    assert "<small>T1</small>" in html


def test_what_is_filled_in_is_never_obeyed() -> None:
    plain, html = said({"signature": SIGNATURE}, agent_name="<img src=x onerror=alert(1)>{address}")
    assert "<img" not in html
    assert "{address}" in plain


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"signature": {"zh": "{nmae}"}}, "is not known, use one of {name}"),
        ({"template": {"zh": "no hole"}}, "write {body} once"),
        ({"template": {"zh": "{body}{body}"}}, "write {body} once"),
        ({"signature": {"zh_html": "<b>x</b>"}}, "needs zh beside it"),
        ({"signature": {"zh": "x", "zh_html": "<script>x</script>"}}, "has no place in a mail"),
        ({"signature": {"zh": "x", "zh_html": "<b onclick=x>x</b>"}}, "has no place in a mail"),
        ({"signature": {"fr": "x"}}, "Extra inputs"),
        ({"signature": {"zh": "x" * 20_001}}, "too many"),
    ],
)
def test_a_mistake_is_told_when_the_settings_are_read(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        MailSettings.model_validate(BASE | settings)


def test_a_forward_holds_the_whole_message_and_asks_nobody_to_reply_above_a_line() -> None:
    original = Forwarded(
        address="a@x.example", name="张三\r\nBcc: x", subject="订单", text="第一行\n> 引用\n<b>x</b>"
    )
    plain, html = said({}, text="请看", forwarded=original)
    assert plain.startswith("请看\n\n王芳")
    assert "发件人：张三 Bcc: x <a@x.example>\n主题：订单\n\n第一行\n> 引用\n<b>x</b>" in plain
    assert "&lt;b&gt;x&lt;/b&gt;" in html
    assert "请在此行上方回复" not in plain
