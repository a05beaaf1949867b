"""Bounces: whom they speak of, why, and whether for good."""

import pytest

from adapters.contract import AutomaticKind
from adapters.mail.letter import Mail
from adapters.mail.mime import read


def a_report(status: str, *, action: str = "failed", detail: str = "", text: str = "It failed.") -> Mail:
    return read(
        f"""Return-Path: <>
From: MAILER-DAEMON@mx.cust.example
To: support@shop.example
Subject: Delivery Status Notification
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

{text}
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.cust.example

Final-Recipient: rfc822; <Nobody@cust.example>
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {detail}

--b
Content-Type: text/rfc822-headers

Message-ID: <k0001@shop.example>
--b--
""".encode()
    )


@pytest.mark.parametrize(
    ("stated", "detail", "told"),
    [
        ("5.1.1", "550 no such user", "5.1.1"),
        ("5.0.0", "550 5.1.1 no such user", "5.1.1"),
        ("5.0.0", "550 failed", "5.0.0"),
        ("5.1.0", "550 5.2.2 mailbox full", "5.2.2"),
        ("4.4.7", "421 4.4.7 expired; 421 4.4.2 timed out", "4.4.2"),
        ("", "550 5.7.1 policy", "5.7.1"),
        ("5.1.1", "connected to 192.5.1.2.3", "5.1.1"),
    ],
)
def test_the_most_telling_status_is_taken(stated: str, detail: str, told: str) -> None:
    (bounced,) = a_report(stated, detail=detail).bounced
    assert bounced.status == told
    assert bounced.address == "nobody@cust.example"


def test_a_bounce_names_the_mail_it_is_about() -> None:
    mail = a_report("5.1.1")
    assert mail.automatic is AutomaticKind.BOUNCE
    assert mail.returned_ids == ("<k0001@shop.example>",)
    assert not mail.may_autorespond


def test_a_delay_is_not_for_good() -> None:
    (bounced,) = a_report("4.4.1", action="delayed").bounced
    assert not bounced.hard


def test_word_of_a_delivery_is_no_bounce() -> None:
    mail = a_report("2.0.0", action="delivered")
    assert mail.automatic is not AutomaticKind.BOUNCE
    assert mail.bounced == ()
    assert not mail.may_autorespond


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("<bob@cust.example>:\n550 5.1.1 User unknown", "5.1.1"),
        ("<bob@cust.example>:\nUser unknown", "5.0.911"),
        ("<bob@cust.example>:\n452 Mailbox full", "4.0.922"),
        ("收件人 bob@cust.example 的邮箱已满，退信", "5.0.922"),
        ("收件人邮件地址（bob@cust.example）不存在，邮件无法送达", "5.0.911"),
        ("bob@cust.example\n    Unrouteable address", "5.0.912"),
        ("bob@cust.example has been delayed, will be retried: connection timed out", "4.0.947"),
    ],
)
def test_words_are_read_where_nothing_else_is_there(words: str, status: str) -> None:
    mail = read(
        f"From: MAILER-DAEMON@mx.example\nTo: support@shop.example\nSubject: Undelivered Mail\n\n"
        f"Your mail could not be delivered.\n\n{words}\n".encode()
    )
    assert mail.automatic is AutomaticKind.BOUNCE
    assert [(it.address, it.status) for it in mail.bounced] == [("bob@cust.example", status)]


def test_each_recipient_has_its_own_reason() -> None:
    mail = read(
        b"From: MAILER-DAEMON@mx.example\nSubject: failure notice\n\nUnable to deliver:\n\n"
        b"<a@cust.example>:\nuser unknown\n\n<b@cust.example>:\nmailbox full\n"
    )
    assert [(it.address, it.status) for it in mail.bounced] == [
        ("a@cust.example", "5.0.911"),
        ("b@cust.example", "5.0.922"),
    ]


@pytest.mark.parametrize(
    "raw",
    [
        b"From: alice@cust.example\nSubject: delivery problem\n\nMy parcel could not be delivered.",
        b"From: alice@cust.example\nSubject: Re: Undelivered Mail\n\nI got this. What now?",
        b'From: "postmaster" <alice@cust.example>\nSubject: Undeliverable: x\n\nTest message',
        "From: alice@cust.example\nSubject: 退信\n\n我寄的东西被退回了".encode(),
    ],
)
def test_customers_who_write_of_deliveries_are_no_bounces(raw: bytes) -> None:
    assert read(raw).automatic is None


def test_a_groups_notice_in_any_language_is_read_by_its_address() -> None:
    raw = (
        "From: Mail Delivery Subsystem <mailer-daemon@mx.example>\nTo: a@shop.example\nReturn-Path: <>\n"
        "Subject: Delivery Status Notification (Failure)\nX-Failed-Recipients: news@googlegroups.com\n"
        "Content-Type: text/plain; charset=utf-8\n\nХабарламаңыз топқа жеткізілмеді.\n"
    )
    (bounced,) = read(raw.encode()).bounced
    assert (bounced.address, bounced.status, bounced.hard) == ("news@googlegroups.com", "5.0.918", True)
