"""What no human wrote, and what must not be answered unasked: two questions."""

import pytest

from adapters.contract import AutomaticKind
from adapters.mail.mime import read


def a_mail(text: str = "Hello, where is my order?", **headers: str) -> bytes:
    lines = {"From": "alice@cust.example", "To": "support@shop.example", "Subject": "order"}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\n" for name, value in lines.items())
    return f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}\n".encode()


def test_an_ordinary_mail_is_a_persons_and_may_be_answered() -> None:
    mail = read(a_mail())
    assert mail.automatic is None
    assert mail.may_autorespond


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-replied (vacation)"},
        {"X_Autoreply": "yes"},
        {"X_Autorespond": "order"},
        {"Precedence": "auto_reply"},
        {"Subject": "自动回复: 订单"},
        {"Subject": "自动答复：订单"},
        {"Subject": "自動回覆：訂單"},
        {"Subject": "Automatic reply: order"},
        {"Subject": "Out of Office: order"},
        {"Subject": "Abwesenheitsnotiz: Bestellung"},
        {"Subject": "Réponse automatique : commande"},
    ],
)
def test_automatic_replies_are_known_and_never_answered(headers: dict[str, str]) -> None:
    mail = read(a_mail(**headers))
    assert mail.automatic is AutomaticKind.AUTO_REPLY
    assert not mail.may_autorespond


def test_qqs_holiday_reply_is_known_by_its_first_words() -> None:
    mail = read(a_mail("这是来自QQ邮箱的假期自动回复邮件。\n您好，我正在休假中。"))
    assert mail.automatic is AutomaticKind.AUTO_REPLY


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-generated"},
        {"Return_Path": "<>"},
        {"Precedence": "bulk"},
        {"Precedence": "junk"},
        {"List_Unsubscribe": "<mailto:x@y.example>"},
        {"X_Auto_Response_Suppress": "All"},
        {"X_Auto_Response_Suppress": "DR, OOF, AutoReply"},
        {"X_Intake_Loop": "somebody"},
        {"X_Spam_Flag": "YES"},
        {"From": "no-reply@cust.example"},
        {"From": "noreply+123@cust.example"},
        {"From": "MAILER-DAEMON@cust.example"},
        {"From": "news-request@cust.example"},
        {"From": "owner-news@cust.example"},
        {"From": "nobody"},
        {"From": ""},
    ],
)
def test_some_mails_of_people_get_no_automatic_answer_all_the_same(headers: dict[str, str]) -> None:
    mail = read(a_mail(**headers))
    assert mail.automatic is None
    assert not mail.may_autorespond
    assert mail.because


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "no"},
        {"X_Auto_Response_Suppress": "DR, NDR, RN, NRN"},
        {"X_Spam_Flag": "NO"},
        {"Subject": "How do I set up an automatic reply?"},
        {"Subject": "请问怎么设置自动回复"},
        {"From": "rooted@cust.example"},
    ],
)
def test_what_only_looks_like_it_may_be_answered(headers: dict[str, str]) -> None:
    mail = read(a_mail(**headers))
    assert mail.automatic is None
    assert mail.may_autorespond


@pytest.mark.parametrize("header", ["List_Id", "List_Post", "Mailing_List"])
def test_mail_over_a_list_is_labelled(header: str) -> None:
    mail = read(a_mail(**{header: "<news.list.example>"}))
    assert mail.automatic is AutomaticKind.LIST
    assert not mail.may_autorespond


def test_a_complaint_is_known_by_its_report() -> None:
    raw = (
        b"From: fbl@isp.example\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
        b"--b\n\nabuse\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n--b--\n"
    )
    assert read(raw).automatic is AutomaticKind.COMPLAINT
