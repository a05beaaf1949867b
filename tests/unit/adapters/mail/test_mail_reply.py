"""The new words of an answer, and never fewer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mail.hypertext import without_quotes
from adapters.mail.mime import read
from adapters.mail.quoting import MARKER
from adapters.mail.reply import reply_of

NEW = "您好，我还没有收到货。\n订单号是 A1024。"
OLD = "您好，三天内送达。\n客服小王"
QUOTED = "> 您好，三天内送达。\n> 客服小王"
HEADER = "发件人: 客服 <support@shop.example>\n发送时间: 2026年11月20日 15:12\n收件人: 张三\n主题: Re: 订单"

CUT = {
    "qq": f"{NEW}\n\n\n------------------ 原始邮件 ------------------\n{HEADER}\n\n{OLD}",
    "qq, entities left": f"{NEW}\n\n&nbsp;\n\n------------------&nbsp;原始邮件&nbsp;------------------\n{HEADER}\n\n{OLD}",
    "163": f"{NEW}\n\n\n在 2026-11-20 15:12:00，\"客服\" <support@shop.example> 写道：\n{QUOTED}",
    "163, not set off": f"{NEW}\n\n\n在 2026-11-20 15:12:00，\"客服\" <support@shop.example> 写道：\n\n{OLD}",
    "163, flattened": f"{NEW} ---- 回复的原邮件 ---- | 发件人 | 客服<support@shop.example> | {OLD}",
    "163, card": f"{NEW}\n\n| |\n张三\n|\n|\nzhangsan@163.example\n|\n签名由网易邮箱大师定制\n\n---- 回复的原邮件 ----\n{OLD}",
    "foxmail": f"{NEW}\n\n\nzhangsan@foxmail.example\n \n{HEADER}\n\n{OLD}",
    "outlook": f"{NEW}\n\n________________________________\n{HEADER}\n\n{OLD}",
    "gmail": f"{NEW}\n\n客服 <support@shop.example> 于2026年11月20日周五 15:12写道：\n\n{QUOTED}",
    "gmail, wrapped": f"{NEW}\n\n客服 <support@shop.example> 于2026年11月20日周五\n15:12写道：\n\n{QUOTED}",
    "gmail, taiwan": f"{NEW}\n\n客服 <support@shop.example> 於 2026年11月20日 週五 下午3:12寫道：\n\n{QUOTED}",
    "iphone": f"{NEW}\n\n发自我的 iPhone\n\n> 在 2026年11月20日，15:12，客服 <support@shop.example> 写道：\n> \n{QUOTED}",
    "huawei": f"{NEW}\n\n发自我的华为手机\n\n-------- 原始邮件 --------\n{HEADER}\n\n{OLD}",
    "dingtalk": f"{NEW}\n------------------------------------\n发件人：客服<support@shop.example>\n日　期：2026年11月20日\n收件人：张三\n主　题：Re: 订单\n\n{OLD}",
    "our marker": f"{NEW}\n\n客服 <support@shop.example> 于2026年11月20日周五 15:12写道：\n\n> -- {MARKER} --\n>\n{QUOTED}",
    "our marker, bare": f"{NEW}\n\n-- {MARKER} --\n\n{OLD}",
    "below": f"客服 <support@shop.example> 于2026年11月20日周五 15:12写道：\n{QUOTED}\n\n{NEW}",
    "english": f"{NEW}\n\nOn Fri, Nov 20, 2026 at 3:12 PM Support <\nsupport@shop.example> wrote:\n\n{QUOTED}",
    "no verb, no colon": f"{NEW}\n2026/11/20 Support <support@shop.example>\n\n{QUOTED}",
    "dutch, turned round": f"{NEW}\nOp 20-nov.-2026, om 15:12 heeft Support <support@shop.example> het volgende geschreven:\n\n{OLD}",
    "thai": f"{NEW}\n\nเมื่อ ศ. 20 พ.ย. 2026 เวลา 15:12 Support <support@shop.example> เขียนว่า:\n\n{QUOTED}",
    "windows mail": f"{NEW}\n\n来自 Windows 版邮件\n\n{HEADER}\n\n{OLD}",
    "link broken out of the quote": f"{NEW}\n\nOn Fri, Nov 20, 2026 at 3:12 PM, Support wrote:\n\n> see\n(https://shop.example/a?b=1) >\n> there\n>",
    "german": f"{NEW}\n\nAm 20.11.2026 um 15:12 schrieb Support <support@shop.example>:\n{QUOTED}",
    "french": f"{NEW}\n\nLe ven. 20 nov. 2026 à 15:12, Support <support@shop.example>\na écrit :\n\n{QUOTED}",
    "spanish": f"{NEW}\n\nEl vie., 20 nov. 2026 a las 15:12, Support (<support@shop.example>) escribió:\n\n{QUOTED}",
    "russian": f"{NEW}\n\nпт, 20 нояб. 2026 г. в 15:12, Support <support@shop.example>:\n\n{OLD}",
    "korean, wrapped": f"{NEW}\n\n2026년 11월 20일 (금) 오후 3:12, Support\n<support@shop.example>님이 작성:\n\n{QUOTED}",
    "czech, wrapped": f"{NEW}\n\npá 20. 11. 2026 v 15:12 odesílatel Support\n<support@shop.example> napsal:\n\n{QUOTED}",
    "japanese header": f"{NEW}\n\n差出人: Support <support@shop.example>\n送信日時: 2026年11月20日\n宛先: 張三\n件名: x\n\n{OLD}",
    "quoting": f"{NEW}\n\nQuoting Support <support@shop.example>:\n\n{QUOTED}",
    "original message": f"{NEW}\n\n-----Original Message-----\nFrom: x\n{OLD}",
    "signature": f"{NEW}\n\n-- \n张三\n13800000000",
    "sent from": f"{NEW}\n\nSent from my iPhone",
    "quoted end": f"{NEW}\n\n{QUOTED}",
}  # fmt: skip

KEPT = {
    "nothing quoted": NEW,
    "forward": f"请帮我看看。\n\n-------- 转发邮件信息 --------\n{HEADER}\n\n{OLD}",
    "forward, english": f"FYI\n\n---------- Forwarded message ---------\nFrom: a@b.example\n\n{OLD}",
    "between the lines": "> 三天内送达\n\n没有送达。\n\n> 有问题请回复\n\n我有问题。",
    "talk of writing": "上次客服在回复中写道：七天内可以退货。\n现在第五天，我要退货。",
    "talk of a sender": "我收到一封奇怪的邮件，发件人: promo@shop.example 是你们吗？\n主题: 中奖通知",
    "a list between rules": "配件如下：\n------------------\n1. 充电器\n2. 数据线\n------------------\n请报价！",
    "an address to change": "收件人：李四\n电话：13800000000\n地址：上海市\n请修改，谢谢",
    "an appointment": "Date: Wednesday 3, October 2026\nTime: 7:00am\nAddress: 130 Fox St",
    "only quoted": "> nothing else",
    "arrows": "Visit us\n>>> http://shop.example <<<\nnow",
}


@pytest.mark.parametrize("name", CUT)
def test_what_is_quoted_is_cut(name: str) -> None:
    assert reply_of(CUT[name]).strip() == NEW


@pytest.mark.parametrize("name", KEPT)
def test_what_is_not_surely_quoted_is_kept(name: str) -> None:
    assert reply_of(KEPT[name]) == KEPT[name]


def html_mail(html: str) -> bytes:
    return f"From: a@b.example\nContent-Type: text/html; charset=utf-8\n\n{html}".encode()


@pytest.mark.parametrize(
    "quote",
    [
        '<div class="gmail_quote"><div>On Friday x wrote:</div><blockquote>old words</blockquote></div>',
        '<blockquote type="cite">old words</blockquote>',
        '<div class="moz-cite-prefix">On Friday x wrote:</div><blockquote type="cite">old words</blockquote>',
        '<div id="divRplyFwdMsg">From: x</div><div>old words</div>',
        '<hr><div id="appendonsend"></div><div>old words</div>',
        "<includetail><div>old words</div></includetail>",
        '<div class="ntes-mailmaster-quote">old words</div>',
        '<div id="isReplyContent">old words</div>',
    ],
)
def test_what_the_html_marks_as_quoted_is_cut(quote: str) -> None:
    mail = read(html_mail(f"<div>new words</div>{quote}"))
    assert mail.reply == "new words"
    assert "old words" in mail.text


def test_a_forward_in_html_is_kept_whole() -> None:
    mail = read(
        html_mail(
            '<p>see</p><div class="gmail_quote">---------- Forwarded message ----------<p>old</p></div>'
        )
    )
    assert "old" in mail.reply


def test_html_that_marks_nothing_is_left_alone() -> None:
    assert without_quotes("<p>hi</p>") is None
    assert without_quotes("") is None


@given(st.text(max_size=300))
def test_a_reply_is_never_empty_unless_the_text_is(text: str) -> None:
    assert bool(reply_of(text).strip()) == bool(
        text.replace("\xa0", " ").replace("\u200b", "").replace("&nbsp;", " ").strip()
    )
