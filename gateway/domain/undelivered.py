"""Why a message did not arrive, as one of few words that faces put into sentences. PURE."""

import re
from collections.abc import Sequence
from typing import Literal

Reason = Literal[
    "no_such_mailbox",
    "no_such_domain",
    "mailbox_full",
    "too_large",
    "policy",
    "sender_refused",
    "too_many",
    "later",
    "unreachable",
    "no_answer",
    "address",
    "login",
    "other",
]
REASONS: tuple[Reason, ...] = Reason.__args__  # type: ignore[attr-defined]  # what typing calls a special form has them

_BY_STATUS: tuple[tuple[str, Reason], ...] = (
    (r"[45]\.1\.[12346]|5\.1\.10|[45]\.2\.1", "no_such_mailbox"),
    (r"[45]\.2\.2|[45]\.3\.1", "mailbox_full"),
    (r"[45]\.2\.3|[45]\.3\.4", "too_large"),
    (r"[45]\.1\.[78]|5\.7\.60|5\.7\.(8|9|57)", "sender_refused"),
    (r"4\.7\.(28|650)|4\.3\.2|4\.4\.5|4\.2\.1", "too_many"),
    (r"5\.4\.4|5\.1\.2", "no_such_domain"),
    (r"[45]\.4\.[1237]", "unreachable"),
    (r"5\.6\.7|5\.6\.[29]", "address"),
    (r"4\.7\.\d+", "later"),
    (r"5\.7\.\d+", "policy"),
)
_BY_WORDS: tuple[tuple[str, Reason], ...] = (
    (r"SMTPUTF8|non-ascii|outside ASCII|is no address|cannot send to", "address"),
    (r"user unknown|no such (user|recipient|mail ?box|box|address|person)|mailbox (unavailable|not found)|unknown user|does not exist"
     r"|不存在|无此用户|unknown (local )?recipient|recipient (address )?rejected|invalid (recipient|mailbox)", "no_such_mailbox"),
    (r"(mailbox|quota|storage).{0,30}(full|exceed)|over ?quota|insufficient (system )?storage|邮箱.{0,4}满", "mailbox_full"),
    (r"(message|size).{0,30}(too (large|big)|exceeds|limit)|邮件.{0,6}过大", "too_large"),
    (r"too many|asks for a pause|account's limit|rate ?limit|exceeded.{0,30}(limit|rate|quota)|(daily|hourly).{0,20}(limit|quota)|频率|超过.{0,6}限", "too_many"),
    (r"gr[ea]y-?list|try again later|temporar", "later"),
    (r"spam|blocked|black-?list|policy|reputation|dmarc|spf|dkim|垃圾|拒收", "policy"),
    (r"(domain|host) (name )?(not found|unknown)|nxdomain|no outside world|host or domain", "no_such_domain"),
    (r"login|authenticat|credential", "login"),
    (r"unknown fate|after the whole mail|stopped while", "no_answer"),
    (r"connect|timed? ?out|no route|refused|unreachable", "unreachable"),
)  # fmt: skip
_STATUS = re.compile(r"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])")


def reason_of(code: str | None, error: str | None) -> Reason:
    """Return why, from the provider's code (``550 5.1.1``), else from its words; ``other`` when neither tells.

    Only a word: sentences are the faces' own, in the reader's language.
    """
    said = error or ""
    told = _STATUS.search(code or "") or _STATUS.search(said)
    if told and not told.group().endswith(".0.0"):
        for pattern, reason in _BY_STATUS:
            if re.fullmatch(pattern, told.group()):
                return reason
    for pattern, reason in _BY_WORDS:
        if re.search(pattern, said, re.IGNORECASE):
            return reason
    return _by_number((code or "")[:3])


def _by_number(number: str) -> Reason:
    match number:
        case "552":
            return "too_large"
        case "452":
            return "mailbox_full"
        case "421":
            return "too_many"
        case "450" | "451":
            return "later"
        case "530" | "534" | "535" | "538":
            return "login"
        case "550" | "551" | "553":
            return "no_such_mailbox"
        case "554":
            return "policy"
        case _:
            return "other"


WORST = ("bounced", "refused", "held", "unknown", "due", "sending", "cancelled", "delivered")
"""States of one copy, the one that most needs a person first."""


def worst(states: Sequence[str]) -> str:
    """Return the state that a message of several copies is shown in."""
    return min(states, key=WORST.index)
