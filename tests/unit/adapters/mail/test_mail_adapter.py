"""What the channel makes of a mail that was read: whose it is, and whether it may be answered unasked."""

from typing import Any

import pytest

from adapters.contract import AutomaticKind, Inbound
from adapters.mail.adapter import MailAdapter, to_inbound
from adapters.mail.letter import AMBIGUOUS, Mail
from adapters.mail.outgoing import loop_mark
from adapters.mail.settings import MailSettings
from adapters.mail.threading import reply_address
from adapters.registry import spec
from adapters.testing import FakeContext

SECRET = b"r" * 32
LOOP = b"l" * 32
THREAD = "abcdefghij0123456789"


def made(raw: Inbound | None = None, settings: dict[str, Any] | None = None, **mail: Any) -> Inbound:
    values: dict[str, Any] = {
        "message_id": "<1@cust.example>",
        "from_address": "Bob@cust.example",
        "to": ("support@shop.example",),
        "may_autorespond": True,
    }
    house = {
        "address": "support@shop.example",
        "imap": {"host": "x", "login": "x", "password": "x"},
    } | (settings or {})
    return to_inbound(
        Mail(**(values | mail)),
        raw or Inbound(channel="mail", external_id="1", kind="raw", raw=b"x"),
        MailSettings.model_validate(house),
        SECRET,
        LOOP,
    )


def test_a_mail_to_us_may_be_answered() -> None:
    inbound = made()
    assert inbound.address == "bob@cust.example"
    assert inbound.may_autorespond


@pytest.mark.parametrize("to", ["SUPPORT@shop.example", "support+abc@shop.example", "sales@shop.example"])
def test_all_our_addresses_are_ours(to: str) -> None:
    assert made(to=(to,), settings={"aliases": ["sales@shop.example"]}).may_autorespond


def test_a_mail_that_names_none_of_our_addresses_gets_no_automatic_answer_and_says_why() -> None:
    inbound = made(to=("all@shop.example",), delivered_to=("support@shop.example",))
    assert not inbound.may_autorespond
    assert "aliases" in inbound.defects[0]


def test_a_token_is_found_in_whatever_address_it_arrived_by() -> None:
    address = reply_address("support@shop.example", THREAD, SECRET)
    assert address is not None
    assert made(delivered_to=(address,)).token == THREAD
    assert made(to=(address,)).token == THREAD
    assert made(to=(address.replace(THREAD, THREAD[::-1]),)).token is None


def test_a_token_in_the_senders_own_headers_counts_for_nothing() -> None:
    address = reply_address("support@shop.example", THREAD, SECRET)
    assert address is not None
    assert made(reply_to=(address,)).token is None


def test_our_own_mail_is_known_by_its_seal_or_by_our_address() -> None:
    sealed: dict[str, Any] = {
        "message_id": "<k1@shop.example>",
        "loop_mark": loop_mark("<k1@shop.example>", LOOP),
    }
    assert made(**sealed).automatic is AutomaticKind.OWN
    assert made(from_address="Support@Shop.example").automatic is AutomaticKind.OWN
    assert made(message_id="<k1@shop.example>", loop_mark="forged").automatic is None
    assert made(message_id="<colleague@shop.example>").automatic is None


def test_two_senders_prove_neither() -> None:
    inbound = made(
        defects=(AMBIGUOUS,),
        auth_results=("mx.shop.example; dmarc=pass header.from=cust.example",),
        settings={"trusted_authserv_ids": ["mx.shop.example"]},
    )
    assert inbound.sender.aligned == "fail"


def test_what_was_known_at_fetching_stays_known() -> None:
    raw = Inbound(channel="mail", external_id="1", kind="raw", raw=b"x", defects=("only its beginning",))
    inbound = made(raw)
    assert inbound.external_id == "1"
    assert inbound.raw == b"x"
    assert inbound.defects == ("only its beginning",)


async def test_what_is_not_raw_is_returned_as_it_is() -> None:
    values = {"address": "a@b.example", "imap": {"host": "x", "login": "x", "password": "x"}}
    adapter = MailAdapter(MailSettings.model_validate(values), FakeContext())
    inbound = made()
    assert await adapter.complete(inbound) is inbound
    await adapter.close()


async def test_probing_servers_that_are_not_there_names_both() -> None:
    values = {
        "address": "a@b.example",
        "imap": {
            "host": "127.0.0.1",
            "port": 1,
            "login": "x",
            "password": "x",
            "tls": False,
            "timeout": "1s",
        },
        "smtp": {"host": "127.0.0.1", "port": 1, "security": "none", "timeout": "1s"},
    }
    adapter = MailAdapter(MailSettings.model_validate(values), FakeContext())
    findings = await adapter.probe()
    assert [finding[:5] for finding in findings] == ["IMAP:", "SMTP:"]
    await adapter.close()


def test_the_kind_is_found_by_its_entry_point() -> None:
    assert spec("mail").kind == "mail"
