"""What our own receiving server says about the sender (RFC 8601). Everybody else's word can be forged. Pure."""

import re
from collections.abc import Sequence

from adapters.contract import SenderCheck

_CFWS = re.compile(r"\([^()]*\)")


def sender_check(headers: Sequence[str], trusted: Sequence[str], from_address: str) -> SenderCheck:
    """Return whether the From address is proven, from the topmost result whose author we trust."""
    names = {name.lower() for name in trusted}
    for header in headers:
        text = _CFWS.sub(" ", header)
        head, *results = [piece.strip() for piece in text.split(";")]
        authserv = head.split()[0].lower() if head.split() else ""
        if authserv in names:
            return _judged(results, from_address.rpartition("@")[2].lower(), authserv)
    return SenderCheck(
        because="no Authentication-Results by a trusted server" if trusted else "nobody is trusted"
    )


def _judged(results: Sequence[str], domain: str, authserv: str) -> SenderCheck:
    verdicts = [_result(result) for result in results]
    for method, verdict, properties in verdicts:
        if method == "dmarc" and properties.get("header.from", domain).lower() == domain:
            if verdict == "pass":
                return SenderCheck(aligned="pass", because=f"{authserv}: dmarc=pass")
            if verdict == "fail":
                return SenderCheck(aligned="fail", because=f"{authserv}: dmarc=fail")
    for method, verdict, properties in verdicts:
        named = (
            properties.get("header.d") or properties.get("smtp.mailfrom") or properties.get("header.i") or ""
        )
        if method in ("dkim", "spf") and verdict == "pass" and _aligned(named, domain):
            return SenderCheck(aligned="pass", because=f"{authserv}: {method}=pass for {domain}")
    return SenderCheck(because=f"{authserv} says nothing about {domain}")


def _result(text: str) -> tuple[str, str, dict[str, str]]:
    words = dict(re.findall(r"([\w.-]+)\s*=\s*\"?([^\s\";]+)", text))
    first = re.match(r"\s*([\w-]+)(?:/\d+)?\s*=\s*(\w+)", text)
    return (first.group(1).lower(), first.group(2).lower(), words) if first else ("", "", words)


def _aligned(named: str, domain: str) -> bool:
    """Say whether a domain that was proven is the From domain itself (strict alignment: no list of suffixes needed)."""
    return bool(domain) and named.rpartition("@")[2].strip("<>").lower() == domain
