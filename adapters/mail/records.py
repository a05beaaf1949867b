"""What the DNS says of a sending domain: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489), MX."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

Lookup = Callable[[str, str], Awaitable[Sequence[str]]]
"""Given a name and a record type, returns the texts of its records; empty if there are none."""

SELECTORS = (
    "default",
    "mail",
    "dkim",
    "google",
    "selector1",
    "selector2",
    "s1",
    "s2",
    "k1",
    "qqmail",
    "qcloud",
)
"""Names under which DKIM keys are usually published: the real one stands only in a signed mail."""
DEADLINE = 4.0


class NoDns(Exception):
    """The DNS gives no answer here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What was found; None where there is no such record, ``dkim`` names the selectors that have a key."""

    mx: tuple[str, ...] = ()
    spf: str | None = None
    spf_count: int = 0
    dmarc: str | None = None
    dkim: tuple[str, ...] = ()


async def records_of(domain: str, lookup: Lookup) -> Records:
    """Return the records that decide whether our mail is believed.

    Raises:
        NoDns: nobody answers.
    """
    name = domain.encode("idna").decode("ascii") if not domain.isascii() else domain
    spf = [one for one in await lookup(name, "TXT") if one.lower().startswith("v=spf1")]
    dmarc = [one for one in await lookup(f"_dmarc.{name}", "TXT") if one.lower().startswith("v=dmarc1")]
    keys = []
    for selector in SELECTORS:
        if any("p=" in one for one in await lookup(f"{selector}._domainkey.{name}", "TXT")):
            keys.append(selector)
    return Records(
        mx=tuple(await lookup(name, "MX")),
        spf=spf[0] if spf else None,
        spf_count=len(spf),
        dmarc=dmarc[0] if dmarc else None,
        dkim=tuple(keys),
    )


async def ask_dns(name: str, kind: str) -> Sequence[str]:
    """Ask the machine's own resolver.

    Raises:
        NoDns: it gives no answer.
    """
    import dns.asyncresolver  # only the probe pays for it
    import dns.exception
    import dns.resolver

    try:
        answer = await dns.asyncresolver.resolve(name, kind, lifetime=DEADLINE)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ()
    except (dns.exception.DNSException, OSError) as error:
        raise NoDns(f"{type(error).__name__}: {error}"[:200]) from error
    if kind == "TXT":
        return [b"".join(row.strings).decode("utf-8", "replace") for row in answer]
    return [str(row.exchange).rstrip(".") for row in answer]
