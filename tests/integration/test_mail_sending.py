"""Sending over a real SMTP conversation: what arrives, and what each refusal, silence and hang-up becomes."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.contract import BadCredentials, Choice, Outbound, OutboundAttachment, Refused, SendFailed
from adapters.mail.adapter import MailAdapter
from adapters.mail.settings import MailSettings
from adapters.mail.threading import thread_of
from adapters.testing import FakeClock, FakeContext
from tests.servers.dovecot import free_port, make_certificate
from tests.servers.smtp import Relay, running_relay


@pytest.fixture
def relay() -> Iterator[Relay]:
    with running_relay() as server:
        yield server


def settings(port: int, **smtp: Any) -> MailSettings:
    values = {"host": "127.0.0.1", "port": port, "security": "none", "timeout": "500ms"} | smtp
    return MailSettings.model_validate(
        {
            "address": "support@shop.example",
            "name": "晨光小店",
            "imap": {"host": "127.0.0.1", "login": "support", "password": "x"},
            "smtp": values,
        }
    )


@pytest.fixture
async def adapter(relay: Relay) -> AsyncIterator[MailAdapter]:
    it = MailAdapter(settings(relay.port), FakeContext())
    yield it
    await it.close()


def an_answer(**changes: Any) -> Outbound:
    values: dict[str, Any] = {
        "key": "k0001",
        "channel": "mail",
        "address": "alice@cust.example",
        "thread": "abcdefghij0123456789",
        "text": "您好，**三天内**送达。",
        "subject": "回复: Re: 订单",
        "replies_to": ("<1@cust.example>",),
    }
    return Outbound(**(values | changes))


async def test_an_automatic_answer_is_threaded_marked_and_comes_from_nobody(
    relay: Relay, adapter: MailAdapter
) -> None:
    receipt = await adapter.send(an_answer(ticket="T20261121-0001", name="张三"))
    (taken,) = relay.taken
    mail = taken.mail
    assert taken.sender == ""
    assert taken.recipients == ("alice@cust.example",)
    assert receipt.provider_ids == ("<k0001@shop.example>",)
    assert mail["Message-ID"] == "<k0001@shop.example>"
    assert mail["In-Reply-To"] == "<1@cust.example>"
    assert mail["References"] == "<1@cust.example>"
    assert mail["Subject"] == "Re: 订单 [T20261121-0001]"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert str(mail["From"]) == "晨光小店 <support@shop.example>"
    assert str(mail["To"]) == "张三 <alice@cust.example>"


async def test_the_answer_says_the_same_in_text_and_html(relay: Relay, adapter: MailAdapter) -> None:
    await adapter.send(an_answer(choices=(Choice(id="a", label="退货"), Choice(id="b", label="换货"))))
    mail = relay.taken[0].mail
    plain = mail.get_body(("plain",))
    html = mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().startswith("-- 请在此行上方回复 / Please reply above this line --")
    assert "您好，三天内送达。" in plain.get_content()
    assert "1. 退货\r\n2. 换货" in plain.get_content()
    assert "<strong>三天内</strong>" in html.get_content()
    assert max(len(line) for line in relay.taken[0].content.splitlines()) <= 998


async def test_an_agents_answer_carries_no_mark_of_a_machine(relay: Relay, adapter: MailAdapter) -> None:
    await adapter.send(an_answer(automatic=False, author="agent", agent_name="王芳", agent_number="1001"))
    taken = relay.taken[0]
    assert taken.sender.startswith("support+b-k0001-0.")
    assert taken.mail["Auto-Submitted"] is None
    assert taken.mail["X-Auto-Response-Suppress"] is None
    plain = taken.mail.get_body(("plain",))
    assert plain is not None
    assert "王芳（工号 1001）" in plain.get_content()


async def test_the_address_to_answer_to_carries_a_signed_token(relay: Relay, adapter: MailAdapter) -> None:
    await adapter.send(an_answer())
    address = relay.taken[0].mail["Reply-To"].addresses[0].addr_spec
    assert address.startswith("support+abcdefghij0123456789.")
    secret = FakeContext().secret("reply-token")
    assert thread_of([address.upper()], ["support@shop.example"], secret) == "abcdefghij0123456789"


async def test_attachments_go_along(relay: Relay, adapter: MailAdapter) -> None:
    async def read() -> bytes:
        return b"%PDF-1.7 sample"

    it = OutboundAttachment(id="1", name="发票.pdf", media_type="application/pdf", size=15, read=read)
    await adapter.send(an_answer(attachments=(it,)))
    (part,) = relay.taken[0].mail.iter_attachments()
    assert part.get_filename() == "发票.pdf"
    assert part.get_content() == b"%PDF-1.7 sample"


async def test_a_second_mail_uses_the_same_connection(relay: Relay, adapter: MailAdapter) -> None:
    await adapter.send(an_answer())
    await adapter.send(an_answer(key="k0002"))
    assert len(relay.taken) == 2
    assert relay.connections == 1


async def test_a_connection_at_rest_for_long_is_not_used_again(relay: Relay) -> None:
    clock = FakeClock()
    adapter = MailAdapter(settings(relay.port), FakeContext(clock=clock))
    await adapter.send(an_answer())
    await clock.advance(timedelta(seconds=31))
    await adapter.send(an_answer(key="k0002"))
    assert relay.connections == 2
    await adapter.close()


@pytest.mark.parametrize(
    ("phase", "reply"),
    [
        ("MAIL", "451 4.3.0 later"),
        ("RCPT", "450 4.7.1 greylisted"),
        ("RCPT", "452 4.2.2 mailbox full"),
        ("DATA", "451 4.3.0 later"),
        ("TAKEN", "452 4.3.1 no room"),
        ("RCPT", "hang"),
        ("RCPT", "drop"),
        ("DATA", "hang"),
        ("DATA", "drop"),
    ],
)
async def test_what_was_surely_not_taken_can_be_tried_again(relay: Relay, phase: str, reply: str) -> None:
    adapter = MailAdapter(settings(relay.port), FakeContext())
    relay.at[phase] = [reply]
    with pytest.raises(SendFailed) as caught:
        await adapter.send(an_answer(automatic=False))
    assert not isinstance(caught.value, Refused)
    assert not caught.value.maybe_sent
    assert relay.taken == []
    await adapter.send(an_answer(automatic=False))
    assert len(relay.taken) == 1
    await adapter.close()


@pytest.mark.parametrize("reply", ["hang", "drop"])
async def test_silence_after_the_whole_mail_is_an_unknown_fate(relay: Relay, reply: str) -> None:
    adapter = MailAdapter(settings(relay.port), FakeContext())
    relay.at["TAKEN"] = [reply]
    with pytest.raises(SendFailed) as caught:
        await adapter.send(an_answer())
    assert caught.value.maybe_sent
    assert len(relay.taken) == 1
    await adapter.send(an_answer())
    assert relay.taken[0].mail["Message-ID"] == relay.taken[1].mail["Message-ID"]
    await adapter.close()


@pytest.mark.parametrize(
    ("phase", "reply"),
    [
        ("RCPT", "550 5.1.1 no such user"),
        ("RCPT", "550 5.7.1 policy"),
        ("TAKEN", "552 5.3.4 too big"),
        ("TAKEN", "554 5.7.1 spam"),
    ],
)
async def test_a_refusal_for_good_shows_code_and_words(relay: Relay, phase: str, reply: str) -> None:
    adapter = MailAdapter(settings(relay.port), FakeContext())
    relay.at[phase] = [reply]
    with pytest.raises(Refused, match=reply[4:]):
        await adapter.send(an_answer())
    await adapter.close()


async def test_a_provider_that_refuses_the_null_sender_gets_our_address(
    relay: Relay, adapter: MailAdapter
) -> None:
    relay.at["NULL"] = "501 5.1.7 mail from address must be the same as authorization user"
    await adapter.send(an_answer())
    await adapter.send(an_answer(key="k0002"))
    assert [taken.sender for taken in relay.taken] == ["support@shop.example"] * 2
    assert relay.taken[0].mail["Auto-Submitted"] == "auto-replied"


async def test_nobody_listening_is_a_failure_to_be_tried_again() -> None:
    adapter = MailAdapter(settings(free_port()), FakeContext())
    with pytest.raises(SendFailed) as caught:
        await adapter.send(an_answer())
    assert not caught.value.maybe_sent
    await adapter.close()


async def test_a_wrong_login_calls_the_operator() -> None:
    with running_relay(login=("support", "right")) as relay:
        adapter = MailAdapter(settings(relay.port, login="support", password="wrong"), FakeContext())
        with pytest.raises(BadCredentials, match=r"smtp\.password"):
            await adapter.send(an_answer())
        right = MailAdapter(settings(relay.port, login="support", password="right"), FakeContext())
        await right.send(an_answer())
        assert len(relay.taken) == 1
        await right.close()


async def test_a_server_that_wants_a_login_we_do_not_have_calls_the_operator() -> None:
    with running_relay(login=("support", "right")) as relay:
        adapter = MailAdapter(settings(relay.port), FakeContext())
        with pytest.raises(BadCredentials, match=r"smtp\.login"):
            await adapter.send(an_answer())
        await adapter.close()


async def test_a_certificate_nobody_vouches_for_is_not_accepted(tmp_path: Path) -> None:
    make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    with running_relay(tls=context) as relay:
        careful = MailAdapter(settings(relay.port, security="starttls"), FakeContext())
        with pytest.raises(SendFailed, match="certificate"):
            await careful.send(an_answer())
        trusting = MailAdapter(
            settings(relay.port, security="starttls", ca_file=str(tmp_path / "cert.pem"), timeout="5s"),
            FakeContext(),
        )
        await trusting.send(an_answer())
        assert len(relay.taken) == 1
        await trusting.close()


async def test_a_server_without_tls_never_gets_the_mail_in_plain(relay: Relay) -> None:
    adapter = MailAdapter(settings(relay.port, security="starttls"), FakeContext())
    with pytest.raises(SendFailed):
        await adapter.send(an_answer())
    assert relay.taken == []


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example>\r\nRCPT TO:<evil@x.example",
        "a@b.example, evil@x.example",
        '"a b"@x.example',
        "a@[127.0.0.1]",
        "<a@b.example>",
        "a@b.example\x00",
        "a b@x.example",
        "@x.example",
        "a@",
        "a",
        "",
        "a@b@c.example",
        "a(c)@b.example",
        ".a@b.example",
        "a@-b.example",
        "a" * 65 + "@b.example",
        "a@b..example",
        "a\u200b@b.example",
    ],
)
async def test_row_37_a_hostile_address_never_reaches_the_wire(relay: Relay, address: str) -> None:
    adapter = MailAdapter(settings(relay.port), FakeContext())
    with pytest.raises(Refused):
        await adapter.send(an_answer(address=address))
    assert relay.connections == 0


async def test_row_37_hostile_names_and_subjects_start_no_header(relay: Relay, adapter: MailAdapter) -> None:
    await adapter.send(an_answer(name="A\r\nBcc: evil@x.example", subject="Hi\r\nBcc: evil@x.example\x00"))
    taken = relay.taken[0]
    assert taken.mail["Bcc"] is None
    assert taken.recipients == ("alice@cust.example",)


async def test_a_domain_in_chinese_is_written_for_the_wire(relay: Relay, adapter: MailAdapter) -> None:
    await adapter.send(an_answer(address="alice@例子.example"))
    assert relay.taken[0].recipients == ("alice@xn--fsqu00a.example",)


async def test_a_local_part_in_chinese_needs_a_server_that_knows_it() -> None:
    with running_relay(utf8=False) as relay:
        adapter = MailAdapter(settings(relay.port), FakeContext())
        with pytest.raises(Refused, match="SMTPUTF8"):
            await adapter.send(an_answer(address="张三@cust.example"))
        await adapter.close()
    with running_relay(utf8=True) as relay:
        adapter = MailAdapter(settings(relay.port), FakeContext())
        await adapter.send(an_answer(address="张三@cust.example"))
        assert relay.taken[0].recipients == ("张三@cust.example",)
        await adapter.close()


async def test_a_mailbox_that_only_receives_says_so() -> None:
    values = {"address": "support@shop.example", "imap": {"host": "x", "login": "x", "password": "x"}}
    adapter = MailAdapter(MailSettings.model_validate(values), FakeContext())
    with pytest.raises(Refused, match="set smtp"):
        await adapter.send(an_answer())
    await adapter.close()


async def test_sending_is_one_mail_at_a_time(relay: Relay, adapter: MailAdapter) -> None:
    await asyncio.gather(*(adapter.send(an_answer(key=f"k{n}")) for n in range(20)))
    assert {str(taken.mail["Message-ID"]) for taken in relay.taken} == {
        f"<k{n}@shop.example>" for n in range(20)
    }
    assert relay.connections == 1


async def test_a_provider_that_takes_no_sender_but_the_account_gets_that(
    relay: Relay, adapter: MailAdapter
) -> None:
    relay.at["MAIL"] = ["553 5.7.1 sender address rejected: not owned by user"]
    for key in ("k0001", "k0002"):
        await adapter.send(an_answer(key=key, automatic=False))
    assert [one.sender for one in relay.taken] == ["support@shop.example"] * 2
    assert relay.at["MAIL"] == []  # and it was not asked again


@pytest.mark.parametrize(
    ("phase", "reply"),
    [
        ("MAIL", "421 4.7.0 try again later"),
        ("RCPT", "450 4.2.1 too many messages"),
        ("TAKEN", "550 5.4.5 Daily user sending quota exceeded"),
    ],
)
async def test_a_wish_for_less_is_no_refusal_and_is_about_the_whole_channel(
    relay: Relay, adapter: MailAdapter, phase: str, reply: str
) -> None:
    relay.at[phase] = [reply]
    with pytest.raises(SendFailed, match="asks for a pause") as caught:
        await adapter.send(an_answer(automatic=False))
    assert not isinstance(caught.value, Refused)
    assert caught.value.channel_wide
    assert caught.value.code == reply[:9]


async def test_beyond_the_accounts_limit_the_server_is_not_even_asked(relay: Relay) -> None:
    adapter = MailAdapter(settings(relay.port, per_minute=1), FakeContext())
    await adapter.send(an_answer())
    with pytest.raises(SendFailed, match="1 mails a minute") as caught:
        await adapter.send(an_answer(key="k0002"))
    assert caught.value.retry_after == timedelta(minutes=1)
    assert len(relay.taken) == 1
    await adapter.close()
