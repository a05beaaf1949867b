"""Row 38: a header that two programs may read differently never speaks for a customer we know."""

from itertools import permutations

import pytest

from adapters.contract import Inbound
from adapters.mail.adapter import to_inbound
from adapters.mail.mime import read
from adapters.mail.settings import MailSettings

VICTIM, EVIL, PROVEN = "victim@shop.example", "evil@x.example", "mx.house.example"
SETTINGS = MailSettings.model_validate(
    {
        "address": "support@house.example",
        "imap": {"host": "imap.house.example", "login": "x", "password": "y"},
        "smtp": {"host": "smtp.house.example", "login": "x", "password": "y"},
        "trusted_authserv_ids": [PROVEN],
    }
)
SHAPES = (
    "From: {0}\nFrom: {1}", "From: {0}, {1}", "From: <{0}>, <{1}>", "From: a <{0}>, b <{1}>", "From: g: {0}, {1};",
    "From: <{0}> {1}", "From: <{0}> <{1}>", "From: x <{0}> y <{1}>", "From: <{0}>{1}", "From: {0}; {1}",
    "From: {0},{1}", "From: <{0}>,{1}", "From: {0},<{1}>", "From: {0}\nfrom: {1}", "FROM: {0}\nFrom : {1}\nFrom: {1}",
    "From: {0},\n {1}", "From: <{0}>\n <{1}>", 'From: "x" <{0}>, "y" <{1}>', "From: (c) {0}, {1} (d)",
    "From: <@relay.example:{0}>, {1}", "From: <{0}>,,{1}", "From: a b <{0}>; <{1}>", "From: {0} , , , {1}",
    "From: =?utf-8?q?x?= <{0}>, {1}", "From: =?utf-8?b?eA==?= <{0}> <{1}>", "From: <{0}> (c) <{1}>",
    'From: "q" <{0}> "r" <{1}>', "From: g1: {0};, g2: {1};", "From: g: <{0}>; {1}", "From: <{0}>\t<{1}>",
)  # fmt: skip
SPOOFS = (
    'From: "{victim}" <{evil}>', "From: {victim} <{evil}>", "From: {evil} ({victim})", "From: ({victim}) {evil}",
    'From: "a, {victim}" <{evil}>', "From: {victim}(x)@x.example", "From: {victim}\0@x.example", "From: <{evil}> ({victim})",
    "From: =?utf-8?q?victim=40shop=2Eexample?= <{evil}>", "From: {victim}.x.example", "From: x{victim}",
    'From: "<{victim}>" <{evil}>', 'From: "\\"<{victim}>" <{evil}>', "From: {victim}%x.example@relay.example",
    "From: {evil}\nSender: {victim}", "From: {evil}\nReply-To: {victim}", "From: {evil}\nReturn-Path: <{victim}>",
    "From: {evil}\nX-From: {victim}", "From: victim@ѕhop.example", "From: victim@shop.example.", "From: víctim@shop.example",
)  # fmt: skip
AMBIGUOUS = [shape.format(*pair) for shape in SHAPES for pair in permutations((VICTIM, EVIL))]


def received(header: str) -> Inbound:
    """Return the mail as it would be decided on; our own server says that its domain is proven."""
    proof = f"Authentication-Results: {PROVEN}; dmarc=pass header.from=shop.example; spf=pass; dkim=pass"
    raw = f"{proof}\n{header}\nTo: support@house.example\nSubject: x\nMessage-ID: <1@x.example>\n\nhello\n"
    blank = Inbound(channel="mail", external_id="1", address="", thread="t", text="")
    return to_inbound(read(raw.encode("utf-8", "surrogateescape")), blank, SETTINGS, b"r" * 32, b"l" * 32)


@pytest.mark.parametrize("header", AMBIGUOUS)
def test_row_38_of_two_senders_neither_is_believed(header: str) -> None:
    assert received(header).sender.aligned == "fail"


@pytest.mark.parametrize("header", [one.format(victim=VICTIM, evil=EVIL) for one in SPOOFS])
def test_row_38_a_name_made_like_an_address_is_no_address(header: str) -> None:
    inbound = received(header)
    assert inbound.address != VICTIM or inbound.sender.aligned == "fail"


def test_row_38_there_are_eighty_of_them_and_an_ordinary_mail_is_none() -> None:
    assert len(AMBIGUOUS) + len(SPOOFS) >= 80
    plain = received(f"From: Victim <{VICTIM}>")
    assert (plain.address, plain.sender.aligned) == (VICTIM, "pass")
