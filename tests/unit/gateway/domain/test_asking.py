"""Which of an agent's words put the ball into the customer's court."""

import pytest

from gateway.domain.asking import asks_something


@pytest.mark.parametrize(
    "text",
    [
        "请问您的订单号是多少？",
        "麻烦您提供一下收货手机号",
        "请上传商品照片，谢谢。",
        "請提供訂單編號",
        "方便说一下是哪一款吗?",
        "Could you send us the order number",
        "Please confirm your address.",
        "Let me know which size you need.",
        "Which order is it?",
    ],
)
def test_a_question_or_a_request_asks(text: str) -> None:
    assert asks_something(text)


@pytest.mark.parametrize(
    "text",
    [
        "已为您登记，正在处理。",
        "您的包裹明天上午送达，请您放心。",
        "好的，已退款。还有什么可以帮您的吗？",
        "Your refund is on its way. Is there anything else I can help with?",
        "We are looking into it and will write by 15:00.",
        "请您留意查收。",
    ],
)
def test_news_and_the_polite_end_ask_nothing(text: str) -> None:
    assert not asks_something(text)
