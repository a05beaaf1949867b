"""What becomes of a mail: whom it lets in, what it is kept as, and who is never answered. Real mails on a real store."""

import base64
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from gateway.desk import actions
from gateway.store import senders
from gateway.store import tables as t
from gateway.store.history import read_history
from tests.building import MAIL, a_house
from tests.mailing import ANNA, FORGED, MALLORY, PROVEN, US, Post, a_mail, answered


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    async with a_house(tmp_path) as house:
        yield Post(house)


@pytest.fixture
async def ours(post: Post) -> dict[str, str]:
    return await answered(post)


WAYS = ["in-reply-to", "references", "subject", "token", "delivered-to"]


def by(way: str, ours: dict[str, str], **more: str) -> EmailMessage:
    """An answer that refers to ours in one way only."""
    match way:
        case "in-reply-to":
            return a_mail(In_Reply_To=ours["id"], **more)
        case "references":
            return a_mail(References=f"<x@y.example> {ours['id']} <z@y.example>", **more)
        case "subject":
            return a_mail(Subject=f"Re: 退款 [{ours['number']}]", **more)
        case "token":
            return a_mail(to=ours["token"], **more)
        case _:
            return a_mail(Delivered_To=ours["token"], **more)


@pytest.mark.parametrize("way", WAYS)
async def test_the_customers_own_answer_joins_whichever_way_it_refers(
    post: Post, ours: dict[str, str], way: str
) -> None:
    await post.bring(by(way, ours, Authentication_Results=PROVEN))
    last = (await post.messages())[-1]
    assert await post.threads() == 1
    assert not set(last["labels"] or []) & {"unverified", "forged", "pending"}


@pytest.mark.parametrize("way", WAYS)
async def test_row_02_a_stranger_never_gets_in_by_any_of_them(
    post: Post, ours: dict[str, str], way: str
) -> None:
    before = await post.said()
    await post.bring(by(way, ours, sender=MALLORY))
    assert await post.threads() == 2
    last = (await post.messages())[-1]
    assert f"possible follow-up of {ours['number']}" in last["problems"]
    assert ("pending" in (last["labels"] or [])) == (way in ("token", "delivered-to"))
    bodies = [row["body"] for row in (await post.street.rows(t.outbox))[before:]]
    assert all(ours["text"][:20] not in str(body) for body in bodies)


@pytest.mark.parametrize("way", WAYS)
async def test_row_02_a_forged_sender_does_not_get_in_either(
    post: Post, ours: dict[str, str], way: str
) -> None:
    await post.bring(by(way, ours, Authentication_Results=FORGED))
    assert await post.threads() == 2
    assert "forged" in (await post.messages())[-1]["labels"]


@pytest.mark.parametrize("header", ["evil.example; dmarc=pass header.from=cust.example", PROVEN + "\n more"])
async def test_row_02_only_our_own_servers_word_counts(post: Post, ours: dict[str, str], header: str) -> None:
    mail = by("in-reply-to", ours)
    mail["Authentication-Results"] = header.partition("\n")[0]
    await post.bring(mail)
    is_ours = header.startswith("mx.shop")
    assert ("unverified" in ((await post.messages())[-1]["labels"] or [])) is not is_ours


async def test_row_02_a_token_that_was_made_up_opens_nothing(post: Post, ours: dict[str, str]) -> None:
    at = ours["token"].index("@")
    await post.bring(
        a_mail(
            to=ours["token"][: at - 1] + ("a" if ours["token"][at - 1] != "a" else "b") + ours["token"][at:]
        )
    )
    assert await post.threads() == 2


async def test_our_own_words_are_taken_out_of_an_answer_in_any_program(
    post: Post, ours: dict[str, str]
) -> None:
    await post.bring(by("in-reply-to", ours, Subject="Re: 退款"))
    quoted = f"还没到账。\n\nSendinto: {US}\nTemo: Re: 退款\n\n{ours['text']}"
    mail = a_mail(quoted, In_Reply_To=ours["id"])
    await post.bring(mail)
    last = (await post.messages())[-1]
    assert last["text"] == "还没到账。"
    assert ours["text"] in last["full_text"]


async def test_a_mail_we_got_in_bcc_is_kept_and_not_answered_by_a_machine(post: Post) -> None:
    await post.bring(a_mail(to="friend@cust.example", Delivered_To=US))
    assert len(await post.street.rows(t.ticket)) == 1
    assert await post.said() == 0


async def test_the_same_id_with_other_words_is_kept_and_nonsense_for_a_date_stops_nobody(post: Post) -> None:
    for text, date in (("第一封", "Mon, 99 Foo 1970"), ("第二封", "Fri, 31 Dec 9999 25:61:00 +9999")):
        await post.bring(a_mail(text, Message_ID="<same@scanner.example>", Date=date))
    await post.bring(a_mail("第一封", Message_ID="<same@scanner.example>", Received="by another way"))
    assert [row["text"] for row in await post.messages()] == ["第一封", "第二封"]


async def test_row_07_our_own_mail_come_back_opens_no_ticket_and_gets_no_answer(post: Post) -> None:
    await post.bring(a_mail(sender="help@shop.example"))
    assert await post.street.rows(t.ticket) == []
    assert await post.said() == 0


async def test_answers_go_to_the_sender_whatever_reply_to_says_and_the_agent_is_told(post: Post) -> None:
    await post.bring(a_mail(Reply_To=MALLORY))
    assert any("m***@evil.example" in one for one in (await post.messages())[0]["problems"])
    assert [row["recipient"] for row in await post.street.rows(t.outbox)] == [None]
    assert (await post.street.one(t.contact_identity))["address"] == ANNA


FORWARD = (
    "请处理\n\n---------- Forwarded message ---------\nFrom: Anna Li <anna@cust.example>\n"
    "Date: Tue, 24 Nov 2026 10:00\nSubject: 退款\nTo: <boss@shop.example>\n\n没有收到退款"
)


@pytest.mark.parametrize(("login", "proof", "is_annas"), [
    ("boss@shop.example", "mx.shop.example; dmarc=pass header.from=shop.example", True),
    ("boss@shop.example", FORGED.replace("cust", "shop"), False),
    ("boss@shop.example", "", False),
    ("somebody@else.example", "mx.shop.example; dmarc=pass header.from=shop.example", False),
])  # fmt: skip
async def test_row_03_what_a_proven_colleague_hands_on_is_the_customers(
    post: Post, login: str, proof: str, is_annas: bool
) -> None:
    agent = await post.street.agent()
    await post.street.house.database.write(
        lambda tx: tx.execute(t.agent.update().where(t.agent.c.id == agent).values(login=login))
    )
    await post.bring(
        a_mail(FORWARD, sender="boss@shop.example", Subject="Fwd: 退款", Authentication_Results=proof)
    )
    identity = await post.street.one(t.contact_identity)
    assert identity["address"] == (ANNA if is_annas else "boss@shop.example")
    (message,) = await post.messages()
    assert ("forwarded" in (message["labels"] or [])) is is_annas
    assert message["text"] == FORWARD.replace("anna@", "a***@").replace("boss@", "b***@")
    assert await post.said() == (0 if is_annas else 1)


def a_report(kind: str, machine: str, returned: str, sender: str = "MAILER-DAEMON@mx.example") -> bytes:
    return (
        f"From: {sender}\nTo: {US}\nSubject: Report\nMIME-Version: 1.0\nAuto-Submitted: auto-replied\n"
        f"Content-Type: multipart/report; report-type={kind}; boundary=b\n\n--b\nContent-Type: text/plain\n\nsee below\n"
        f"--b\nContent-Type: message/{kind}\n\n{machine}\n--b\nContent-Type: text/rfc822-headers\n\n"
        f"Message-ID: {returned}\n\n--b--\n"
    ).encode()


def a_complaint(returned: str) -> bytes:
    return a_report("feedback-report", "Feedback-Type: abuse\nVersion: 1", returned, "fbl@isp.example")


def a_receipt(returned: str) -> bytes:
    told = f"Original-Message-ID: {returned}\nDisposition: manual-action/MDN-sent-manually; displayed"
    return a_report("disposition-notification", told, returned, "other@cust.example")


async def test_who_complains_is_mailed_nothing_more_unless_an_agent_insists(
    post: Post, ours: dict[str, str]
) -> None:
    await post.bring(a_complaint(ours["id"]))
    assert await post.threads() == 1
    assert {"automatic", "complaint"} <= set((await post.messages())[-1]["labels"])
    before = await post.said()
    await post.bring(a_mail("新的问题：发票", Message_ID="<second@cust.example>"))
    assert await post.said() == before
    agent, ticket = 1, ours["number"]
    await post.street.act(agent, ticket, lambda case: actions.reply(case, id="r-2", text="好的"))
    assert (await post.street.rows(t.outbox))[-1]["state"] == "held"


async def test_a_complaint_that_names_nothing_of_ours_changes_nothing(
    post: Post, ours: dict[str, str]
) -> None:
    await post.bring(a_complaint("<made-up@shop.example>"))
    address = {row["address"]: row["no_mail"] for row in await post.street.rows(t.contact_identity)}
    assert set(address.values()) == {None}
    contact = next(
        row["contact_id"] for row in await post.street.rows(t.contact_identity) if row["address"] == ANNA
    )
    assert await post.street.house.database.read(lambda tx: senders.refuses_mail(tx, contact, MAIL)) is None


async def test_a_read_receipt_lies_on_the_thread_it_is_about_and_touches_nothing(
    post: Post, ours: dict[str, str]
) -> None:
    before = await post.street.one(t.ticket)
    await post.bring(a_receipt(ours["id"]))
    assert await post.threads() == 1
    after = await post.street.one(t.ticket)
    assert {key: after[key] for key in ("status", "waiting_on", "last_text")} == {
        key: before[key] for key in ("status", "waiting_on", "last_text")
    }


def a_bounce(returned: str) -> bytes:
    told = f"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; {ANNA}\nAction: failed\nStatus: 5.1.1"
    return a_report("delivery-status", told, returned)


@pytest.mark.parametrize("report", [a_complaint, a_receipt, a_bounce])
async def test_a_forged_report_gets_into_no_thread(post: Post, ours: dict[str, str], report: Any) -> None:
    before = await post.street.rows(t.outbox)
    await post.bring(report("<guess@shop.example>"))
    assert await post.threads() == 2
    assert len(await post.street.rows(t.ticket)) == 1
    assert await post.street.rows(t.outbox) == before


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("自动回复：退款", "我正在休假，12月1日回来。"),
        ("Re: 退款", "这是来自QQ邮箱的假期自动回复邮件。\n您好，我最近正在休假中，无法亲自回复您的邮件。"),
        ("Automatic reply: 退款", "I am away."),
    ],
)
async def test_a_vacation_notice_without_any_header_is_kept_and_changes_nothing(
    post: Post, ours: dict[str, str], subject: str, text: str
) -> None:
    before, ticket = await post.said(), await post.street.one(t.ticket)
    await post.bring(a_mail(text, Subject=subject, In_Reply_To=ours["id"]))
    assert (await post.said(), await post.threads()) == (before, 1)
    assert (await post.street.one(t.ticket))["waiting_on"] == ticket["waiting_on"]
    assert {"automatic", "auto-reply"} <= set((await post.messages())[-1]["labels"])


async def test_spam_and_blocked_senders_lie_in_the_spam_view_unanswered(post: Post) -> None:
    now = post.street.house.clock.now()
    await post.street.house.database.write(lambda tx: senders.add_blocked(tx, "@evil.example", None, "", now))
    await post.bring(a_mail("便宜手表", sender="x@spam.example", X_Spam_Flag="YES"))
    await post.bring(a_mail("便宜手表", sender=MALLORY))
    rows = await post.street.rows(t.ticket)
    assert [row["status"] for row in rows] == ["closed", "closed"]
    assert [row["spam"].split(":")[0] for row in rows] == [
        "the receiving server takes it for spam",
        "the sender is blocked",
    ]
    assert [row["labels"] for row in await post.messages()] == [["spam"], ["blocked"]]
    assert await post.said() == 0
    assert await post.street.rows(t.promise) == []


async def test_an_invitation_and_an_image_in_the_text_reach_the_desk(post: Post) -> None:
    png = base64.b64encode(b"\x89PNG").decode()
    ics = "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:对账\nDTSTART:20261124T020000Z\nEND:VEVENT\nEND:VCALENDAR"
    raw = (
        f"From: {ANNA}\nTo: {US}\nSubject: =?utf-8?b?{base64.b64encode('邀请'.encode()).decode()}?=\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html; charset=utf-8\n\n"
        f'<p>您好</p><img src="cid:logo"><img src="https://spy.example/x.gif">\n'
        f"--b\nContent-Type: image/png; name=logo.png\nContent-ID: <logo>\nContent-Transfer-Encoding: base64\n\n{png}\n"
        f"--b\nContent-Type: text/calendar; charset=utf-8\n\n{ics}\n--b--\n"
    ).encode()
    await post.bring(raw)
    (message,) = await post.messages()
    assert message["text"].startswith("您好\n\n日历邀请：对账\n时间：2026-11-24 周二 10:00")
    logo, calendar = message["attachments"]
    assert f'<img src="cid:{logo["id"]}">' in message["html"]
    assert 'src="remote:https://spy.example/x.gif"' in message["html"]
    assert logo["inline"]
    assert "inline" not in calendar
    assert await post.said() == 0


@pytest.mark.parametrize("seed", range(8))
async def test_row_04_no_mail_changes_whose_ticket_it_is(post: Post, ours: dict[str, str], seed: int) -> None:
    """Mails at random, forged and proven, with everything they may refer to: the customer stays Anna."""
    chance = random.Random(seed)
    for number in range(12):
        sender = chance.choice((ANNA, MALLORY, "anna@other.example", US, "new@cust.example"))
        mail = a_mail(
            f"message {number}",
            sender=sender,
            to=chance.choice((US, ours["token"], f"{US}, {ours['token']}")),
            Message_ID=f"<{seed}.{number}@x.example>",
            Subject=chance.choice(("Re: 退款", f"Re: [{ours['number']}] 退款", "hello")),
            Authentication_Results=chance.choice(
                (PROVEN, FORGED, "other; dmarc=pass header.from=cust.example")
            ),
            In_Reply_To=chance.choice((ours["id"], "<first@cust.example>", "<none@x.example>")),
        )
        if chance.random() < 0.3:
            mail["Reply-To"] = MALLORY
        await post.bring(mail)
        rows = await post.street.rows(t.ticket, t.ticket.c.number == ours["number"])
        assert [row["contact_id"] for row in rows] == [first_contact(ours, rows)]


def first_contact(ours: dict[str, str], rows: Sequence[Mapping[str, Any]]) -> Any:
    """Return whose ticket it was when it was first looked at."""
    return ours.setdefault("contact", rows[0]["contact_id"])


async def test_row_05_what_came_by_mail_is_in_no_history_a_customer_can_read(post: Post) -> None:
    await post.bring(a_mail("Your verification code is 123456", sender="no-reply@bank.example"))
    thread = await post.street.one(t.thread)
    house = post.street.house
    key = thread["key"]
    for channel in ("web", "api", "telegram", ""):
        history = await house.database.read(
            partial(read_history, channel=channel, key=key, since=0, limit=200)
        )
        assert history.messages == ()
