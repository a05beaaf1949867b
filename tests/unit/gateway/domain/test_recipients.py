"""Addresses an agent types: each once, none that could begin a header."""

import pytest

from gateway.domain.recipients import MOST, Role, is_plain, recipients


def test_everybody_is_named_once_in_the_first_role() -> None:
    found = recipients(
        to=["a@x.example"], cc=["A@x.example ", "b@x.example"], bcc=["b@X.example", "c@x.example"]
    )
    assert [(one.address, one.role) for one in found] == [
        ("a@x.example", Role.TO),
        ("b@x.example", Role.CC),
        ("c@x.example", Role.BCC),
    ]


@pytest.mark.parametrize(
    "address",
    ["", "a", "a@", "@x.example", "a@localhost", "a@x.example,b@x.example", "A <a@x.example>", "a b@x.example",
     "a@x.example\r\nBcc: b@x.example", "a@x..example", "a..b@x.example", ".a@x.example", "a@-x.example", "a\x00@x.example",
     "a" * 65 + "@x.example", '"a b"@x.example', "a@b@x.example", "a@x.example;"],
)  # fmt: skip
def test_what_is_no_single_plain_address_is_refused(address: str) -> None:
    assert not is_plain(address)
    with pytest.raises(ValueError):  # noqa: PT011  its text is the address itself
        recipients(cc=[address])


@pytest.mark.parametrize("address", ["a@x.example", "a+b@x.example", "张三@例子.公司", "o'neil@shop.co.uk"])
def test_plain_addresses_of_all_scripts_are_taken(address: str) -> None:
    assert is_plain(address)


def test_a_circular_is_refused_with_its_number() -> None:
    with pytest.raises(ValueError, match=str(MOST + 1)):
        recipients(cc=[f"a{n}@x.example" for n in range(MOST + 1)])
