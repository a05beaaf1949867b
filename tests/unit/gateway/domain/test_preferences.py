"""How and when customers like to be reached: what is recognised, and what is left alone."""

import pytest

from gateway.domain.preferences import preferences_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("以后发邮件给我吧", [("channel", "email")]),
        ("有结果请短信通知我", [("channel", "sms")]),
        ("麻烦打电话给我", [("channel", "phone")]),
        ("给我打个电话", [("channel", "phone")]),
        ("用微信联系我就行", [("channel", "wechat")]),
        ("please email me instead", [("channel", "email")]),
        ("Call me after 6 pm", [("channel", "phone"), ("time", "Call me after 6 pm")]),
        ("晚上8点以后再联系我", [("time", "晚上8点以后再联系我")]),
        ("工作日下午打电话给我", [("channel", "phone"), ("time", "工作日下午打电话给我")]),
        ("别打电话给我", []),
        ("不要短信通知我", []),
        ("please don't call me", []),
        ("你们的电话是多少", []),
        ("我的邮箱收不到验证码", []),
        ("你好", []),
    ],
)
def test_what_is_said_of_being_reached_is_recognised(text: str, found: list[tuple[str, str]]) -> None:
    assert [(one.kind, one.value) for one in preferences_in(text)] == found


def test_the_sentence_that_says_it_is_kept_with_it() -> None:
    found = preferences_in("灯罩碎了。以后发邮件给我！谢谢")
    assert [one.text for one in found] == ["以后发邮件给我"]
