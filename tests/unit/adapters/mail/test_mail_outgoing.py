"""What goes out is one mail to one person, with nothing in it that was not meant."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from typing import Any

import pytest

from adapters.contract import Forwarded, Outbound
from adapters.mail.outgoing import to_message
from adapters.mail.settings import MailSettings

SETTINGS: dict[str, Any] = {
    "address": "support@shop.example",
    "name": "晨光小店",
    "imap": {"host": "x", "login": "x", "password": "x"},
}


def a_mail(settings: dict[str, Any] | None = None, **changes: Any) -> EmailMessage:
    values: dict[str, Any] = {
        "key": "k1",
        "channel": "mail",
        "address": "bob@cust.example",
        "thread": "abcdefghij0123456789",
        "text": "Hello",
    }
    message = to_message(
        Outbound(**(values | changes)),
        MailSettings.model_validate(SETTINGS | (settings or {})),
        now=datetime(2026, 11, 20, 4, tzinfo=UTC),
        reply_secret=b"r" * 32,
        loop_secret=b"l" * 32,
    )
    parsed = message_from_bytes(message.as_bytes(policy=SMTP), policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_the_same_outbound_makes_the_same_mail() -> None:
    first, second = a_mail(attempt=1), a_mail(attempt=2)
    assert first["Message-ID"] == second["Message-ID"] == "<k1@shop.example>"
    assert first["Reply-To"] == second["Reply-To"]


def test_a_first_mail_is_no_answer() -> None:
    mail = a_mail(subject="order")
    assert mail["Subject"] == "order"
    assert mail["In-Reply-To"] is None


def test_where_the_provider_knows_no_plus_addresses_there_is_no_token() -> None:
    assert a_mail({"plus_addressing": False})["Reply-To"] is None


def test_ids_are_made_under_the_domain_that_is_set() -> None:
    assert a_mail({"domain": "Mail.Shop.example"})["Message-ID"] == "<k1@mail.shop.example>"


@pytest.mark.parametrize(
    ("lang", "signature"),
    [("zh-CN", "王芳（工号 1001）"), ("zh-TW", "王芳（工号 1001）"), ("en", "王芳 (agent 1001)")],
)
def test_agents_sign_in_the_customers_language(lang: str, signature: str) -> None:
    mail = a_mail(author="agent", agent_name="王芳", agent_number="1001", lang=lang)
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().rstrip().endswith(signature)


def test_html_in_the_text_is_shown_not_obeyed() -> None:
    html = a_mail(text="<script>alert(1)</script> <b>x</b>").get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()


def test_lines_stay_short_enough_for_every_server() -> None:
    mail = a_mail(text="很" * 5000 + "x" * 5000, subject="长" * 500, name="名" * 500)
    assert max(len(line) for line in mail.as_bytes(policy=SMTP).split(b"\r\n")) <= 998
    assert b"\n" not in mail.as_bytes(policy=SMTP).replace(b"\r\n", b"")


def test_all_recipients_see_the_same_people_and_nobody_sees_a_blind_copy() -> None:
    shared: dict[str, Any] = {
        "to": ("bob@cust.example", "li@x.example"),
        "cc": ("cc@例子.example",),
        "name": "Bob",
    }
    mails = [
        a_mail(address=one, **shared) for one in ("bob@cust.example", "cc@例子.example", "blind@x.example")
    ]
    assert (
        len(
            {
                mail.as_bytes().replace(b"\r\n", b"\n").partition(b"\n\n")[0].partition(b"Content")[0]
                for mail in mails
            }
        )
        == 1
    )
    assert [str(one) for one in mails[2]["To"].addresses] == ["Bob <bob@cust.example>", "li@x.example"]
    assert str(mails[2]["Cc"]) == "cc@xn--fsqu00a.example"
    assert "blind" not in mails[2].as_string()


def test_the_date_is_when_it_was_written_also_on_a_late_try() -> None:
    written = datetime(2026, 11, 17, 1, tzinfo=UTC)
    assert a_mail(created_at=written, attempt=9)["Date"].datetime == written


def test_a_forward_is_no_answer_and_carries_no_key_to_the_customers_thread() -> None:
    mail = a_mail(
        address="repair@x.example", to=("repair@x.example",), name="Bob", subject="Re: 订单", replies_to=("<1@cust.example>",),
        forwarded=Forwarded(address="bob@cust.example", text="坏了"),
    )  # fmt: skip
    assert str(mail["Subject"]) == "Fwd: 订单"
    assert (mail["In-Reply-To"], mail["References"], mail["Reply-To"]) == (None, None, None)
    assert str(mail["To"]) == "repair@x.example"


def test_row_37_a_name_from_outside_starts_no_header_of_its_own() -> None:
    mail = a_mail(name="Bob\r\nBcc: victim@x.example", subject="x\r\nBcc: victim@x.example")
    assert mail["Bcc"] is None
    assert mail["Subject"] == "x Bcc: victim@x.example"
