"""Only our own server's word about a sender counts."""

import pytest

from adapters.mail.authresults import sender_check

OURS = ("mx.shop.example",)


@pytest.mark.parametrize(
    ("headers", "aligned"),
    [
        (["mx.shop.example; dmarc=pass header.from=cust.example"], "pass"),
        (["mx.shop.example; dmarc=pass (p=none dis=none) header.from=cust.example"], "pass"),
        (["MX.Shop.Example 1; dmarc=fail header.from=cust.example"], "fail"),
        (["mx.shop.example; dkim=pass header.d=cust.example"], "pass"),
        (["mx.shop.example; spf=pass smtp.mailfrom=bob@cust.example"], "pass"),
        (["mx.shop.example; dkim=pass header.d=evil.example"], "none"),
        (["mx.shop.example; spf=pass smtp.mailfrom=evil.example"], "none"),
        (["mx.shop.example; dmarc=pass header.from=evil.example"], "none"),
        (["mx.shop.example; dmarc=fail header.from=cust.example; dkim=pass header.d=cust.example"], "fail"),
        (["evil.example; dmarc=pass header.from=cust.example"], "none"),
        (["mx.shop.example; dmarc=fail header.from=cust.example", "mx.shop.example; dmarc=pass"], "fail"),
        (["other.example; dmarc=fail", "mx.shop.example; dmarc=pass header.from=cust.example"], "pass"),
        (["mx.shop.example; none"], "none"),
        ([""], "none"),
        ([], "none"),
    ],
)
def test_the_topmost_word_of_a_trusted_server_decides(headers: list[str], aligned: str) -> None:
    assert sender_check(headers, OURS, "bob@cust.example").aligned == aligned


def test_who_trusts_nobody_proves_nobody() -> None:
    check = sender_check(["mx.shop.example; dmarc=pass"], (), "bob@cust.example")
    assert check.aligned == "none"
    assert check.because
