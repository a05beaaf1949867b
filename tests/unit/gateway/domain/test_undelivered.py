"""Why a mail did not arrive, told from code or words."""

import pytest

from gateway.domain.undelivered import REASONS, reason_of, worst


@pytest.mark.parametrize(
    ("code", "error", "reason"),
    [
        ("550 5.1.1", "no such user", "no_such_mailbox"),
        ("550", "the server refuses the recipient x: 550 user unknown", "no_such_mailbox"),
        ("5.4.4", "Host or domain name not found", "no_such_domain"),
        ("552 5.2.2", "quota", "mailbox_full"),
        ("452", "452 4.2.2 mailbox full", "mailbox_full"),
        ("552 5.3.4", "message too big", "too_large"),
        ("552", "552 size", "too_large"),
        ("550 5.7.1", "policy", "policy"),
        ("554", "spam", "policy"),
        ("451 4.7.1", "Greylisted", "later"),
        ("421", "421 too many connections", "too_many"),
        ("", "no answer to a connection to smtp.x:465: TimeoutError", "unreachable"),
        ("", "of unknown fate twice, please check: x", "no_answer"),
        ("5.6.7", "cannot send to 张三@x.example", "address"),
        (None, None, "other"),
        ("250", "?", "other"),
    ],
)
def test_the_reason_is_one_of_few_words(code: str | None, error: str | None, reason: str) -> None:
    assert reason_of(code, error) == reason
    assert reason in REASONS


def test_a_message_of_several_copies_is_as_its_worst_one() -> None:
    assert worst(["delivered", "bounced", "due"]) == "bounced"
    assert worst(["delivered", "due"]) == "due"
