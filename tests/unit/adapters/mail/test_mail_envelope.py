"""A bounce names its copy by the address it comes back to, and nobody else can make such an address."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import AutomaticKind, Bounced, Inbound
from adapters.mail.adapter import with_copy
from adapters.mail.envelope import bounce_address, bounced_copy
from adapters.mail.settings import MailSettings

OURS = ("support@shop.example",)
SECRET = b"s" * 32


@given(st.binary(min_size=16, max_size=16), st.integers(0, 99))
def test_key_and_copy_come_back_whatever_case_the_servers_make_of_it(key: bytes, copy: int) -> None:
    address = bounce_address(OURS[0], key.hex(), copy, SECRET)
    assert address is not None
    assert len(address.partition("@")[0]) <= 64
    assert bounced_copy([address.upper()], OURS, SECRET) == (key.hex(), copy)


def test_a_forged_or_changed_address_says_nothing() -> None:
    address = bounce_address(OURS[0], "ab" * 16, 1, SECRET)
    assert address is not None
    assert bounced_copy([address], OURS, b"other" * 8) is None
    assert bounced_copy([address.replace("-1.", "-2.")], OURS, SECRET) is None
    assert bounced_copy([address.replace("shop", "evil")], OURS, SECRET) is None
    assert bounced_copy(["support+b-aa-0.x@shop.example", "support@shop.example"], OURS, SECRET) is None


def test_a_name_too_long_for_a_token_does_without() -> None:
    assert bounce_address("a-very-long-name-indeed@shop.example", "ab" * 16, 0, SECRET) is None


def test_only_a_bounce_is_taken_for_one_at_such_an_address() -> None:
    settings = MailSettings.model_validate(
        {"address": OURS[0], "imap": {"host": "x", "login": "x", "password": "x"}}
    )
    address = bounce_address(OURS[0], "ab" * 16, 3, SECRET)
    assert address is not None
    vacation = Inbound(
        channel="mail", external_id="1", recipients=(address,), automatic=AutomaticKind.AUTO_REPLY
    )
    assert with_copy(vacation, settings, SECRET) is vacation
    bounce = vacation.with_(
        automatic=AutomaticKind.BOUNCE,
        refs=("older",),
        bounced=(Bounced(address="x@y.example", status="5.1.1", hard=True),),
    )
    told = with_copy(bounce, settings, SECRET)
    assert told.refs == ("ab" * 16, "older")
    assert [(one.copy, one.address, one.hard) for one in told.bounced] == [(3, "x@y.example", True)]
