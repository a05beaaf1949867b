"""Senders whose mail is kept but never answered: how they are named, and who must not be named so. Pure."""

import contextlib
import re

PUBLIC = frozenset(
    {
        "qq.com", "foxmail.com", "163.com", "126.com", "yeah.net", "sina.com", "sina.cn", "sohu.com", "aliyun.com",
        "139.com", "189.cn", "wo.cn", "21cn.com", "gmail.com", "googlemail.com", "outlook.com", "hotmail.com",
        "live.com", "msn.com", "outlook.cn", "yahoo.com", "yahoo.com.tw", "yahoo.com.hk", "yahoo.co.jp", "icloud.com",
        "me.com", "mac.com", "aol.com", "gmx.de", "gmx.net", "web.de", "proton.me", "protonmail.com", "yandex.ru",
        "mail.ru", "naver.com", "daum.net", "hinet.net", "pchome.com.tw", "netvigator.com",
        "com.cn", "net.cn", "org.cn", "edu.cn", "gov.cn", "com.tw", "com.hk", "co.uk", "co.jp",
    }
)  # fmt: skip
"""Where anybody has a mailbox, or a domain of their own: blocking one would lock out customers by the thousand."""

_ADDRESS = re.compile(r"[^\s@<>\"(),;:\\\x00-\x1f\x7f]{1,64}@(?P<domain>[^\s@]+)")
_DOMAIN = re.compile(r"(?:[^\s@.,;:/\\<>\"()\x00-\x1f\x7f]{1,63}\.)+[^\s@.,;:/\\<>\"()\x00-\x1f\x7f]{2,63}")


def pattern_of(text: str) -> str | None:
    """Return how a sender is kept: ``mallory@shop.example``, or ``@shop.example`` for a domain and all below it.

    None if the text is neither an address nor a domain.
    """
    name = text.strip().lower().strip("<>")
    bare = _unicode(name.removeprefix("@").removeprefix("*."))
    if "@" not in bare:
        return f"@{bare}" if _DOMAIN.fullmatch(bare) and len(bare) < 254 else None
    found = _ADDRESS.fullmatch(bare)
    return bare if found and _DOMAIN.fullmatch(found["domain"]) and len(bare) <= 320 else None


def is_too_wide(pattern: str) -> bool:
    """Say whether a pattern would shut out people who have nothing to do with each other."""
    return pattern.startswith("@") and pattern[1:] in PUBLIC


def patterns_for(address: str) -> tuple[str, ...]:
    """Return every pattern that would block an address: itself, its domain, and the domains above that."""
    local, at, domain = _unicode(address.strip().lower()).rpartition("@")
    if not at or not local:
        return ()
    labels = domain.split(".")[-8:]
    above = tuple("@" + ".".join(labels[i:]) for i in range(len(labels) - 1))
    return (f"{local}@{domain}", *above)


def _unicode(name: str) -> str:
    """The domain as people read it, whichever way it was written."""
    local, at, domain = name.rpartition("@")
    if "xn--" in domain:
        with contextlib.suppress(UnicodeError):
            domain = domain.encode("ascii").decode("idna")
    return f"{local}{at}{domain}"
