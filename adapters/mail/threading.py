"""What ties a mail to earlier ones: ids, references, and the signed token in the address we asked to answer to. Pure."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence

THREAD = re.compile(r"[a-z0-9]{10,26}")
SIGNATURE_LENGTH = 16  # base32 letters: 80 bits
MAX_REFERENCES = 20
_ID = re.compile(rb"<([^<>\x00-\x20\x7f]{1,900})>")
_BARE_ID = re.compile(rb"[^<>\x00-\x20\x7f,;\"]{1,450}@[^<>\x00-\x20\x7f,;\"]{1,450}")


def message_ids(value: bytes) -> list[str]:
    """Return the ids in a Message-ID, In-Reply-To or References field, each with its angle brackets."""
    found = _ID.findall(re.sub(rb"\s+", b" ", value)) or _BARE_ID.findall(value)
    return [f"<{_text(it)}>" for it in found]


def _text(id: bytes) -> str:
    try:
        return id.decode("utf-8")
    except UnicodeDecodeError:
        return id.decode("latin-1")


def made_id(raw: bytes) -> str:
    """Return an id for a mail that has none; the same mail always gets the same."""
    return f"<{hashlib.sha256(raw).hexdigest()}@intake>"


def references(in_reply_to: Sequence[str], references_: Sequence[str]) -> tuple[str, ...]:
    """Return the ids a mail refers to, nearest first: In-Reply-To, then References from right to left."""
    return tuple(dict.fromkeys([*in_reply_to, *reversed(references_)]))[:60]


def own_key(id: str, domain: str) -> str | None:
    """Return the ``Outbound.key`` in an id of our domain, or None for an id of somebody else's."""
    local, at, host = id.strip().strip("<>").rpartition("@")
    return local if at and local and host.lower() == domain.lower() else None


def with_keys(ids: Iterable[str], domain: str) -> tuple[str, ...]:
    """Return ids with those of our domain as keys; the full form follows, for colleagues write from there too."""
    out: list[str] = []
    for it in ids:
        key = own_key(it, domain)
        out.extend([it] if key is None else [key, it])
    return tuple(dict.fromkeys(out))


def message_id(key: str, domain: str) -> str:
    """Return the Message-ID of what we send under ``key``."""
    return f"<{key}@{domain}>"


def references_out(replies_to: Sequence[str], domain: str) -> list[str]:
    """Return References for an answer: at most twenty, the first and the last ones kept (RFC 5322 §3.6.4)."""
    ids: list[str] = []
    for it in replies_to:
        full = it if it.startswith("<") else f"<{it}>" if "@" in it else message_id(it, domain)
        if re.fullmatch(r"<[!-;=?-~]{3,900}>", full) and full not in ids:
            ids.append(full)
    return ids if len(ids) <= MAX_REFERENCES else ids[:1] + ids[-(MAX_REFERENCES - 1) :]


def reply_address(address: str, thread: str, secret: bytes) -> str | None:
    """Return ``support+<thread>.<signature>@…``; None if the thread key or the length forbids it.

    Only lower-case letters and digits, because mail servers fold local parts; at most 64 octets of
    local part (RFC 5321 §4.5.3.1.1).
    """
    local, _, domain = address.rpartition("@")
    if not THREAD.fullmatch(thread):
        return None
    tokened = f"{local}+{thread}.{signature(thread, secret)}"
    return f"{tokened}@{domain}" if len(tokened.encode()) <= 64 else None


def signature(thread: str, secret: bytes) -> str:
    """Return 80 bits of HMAC-SHA256 over a thread key, as 16 lower-case base32 letters."""
    digest = hmac.digest(secret, b"reply/" + thread.encode("ascii"), hashlib.sha256)
    return base64.b32encode(digest[:10]).decode("ascii").lower()


def thread_of(addresses: Iterable[str], ours: Iterable[str], secret: bytes) -> str | None:
    """Return the thread key from the first address of ours that carries a token rightly signed."""
    names = {tuple(address.lower().rpartition("@")[::2]) for address in ours}
    for address in addresses:
        local, _, domain = address.lower().rpartition("@")
        base, _, token = local.rpartition("+")
        thread, _, signed = token.partition(".")
        if (base, domain) not in names or not THREAD.fullmatch(thread) or not signed.isascii():
            continue
        if hmac.compare_digest(signed, signature(thread, secret)):
            return thread
    return None


_PREFIX = re.compile(
    r"^\s*(re|aw|sv|vs|antw|ris|rif|odp|res|回复|回覆|答复|答覆|转发|轉寄|fw|fwd|wg|tr|rv|enc|i)(\s*\[\d{1,3}\]|\s*\(\d{1,3}\))?\s*[:：]\s*",
    re.IGNORECASE,
)
_TAG = re.compile(r"\s*\[T\d{8}-\d{4,6}\]\s*")


def bare_subject(subject: str) -> str:
    """Return a subject without any chain of answer marks and without our tag."""
    bare = _TAG.sub(" ", subject).strip()
    while match := _PREFIX.match(bare):
        bare = bare[match.end() :]
    return bare.strip()


def subject_out(subject: str | None, ticket: str | None, *, is_reply: bool) -> str:
    """Return the subject of what we send: one ``Re:``, the ticket's tag, the rest cut at 100 characters."""
    bare = " ".join(bare_subject(subject or "").split()) or "您的来信 / Your message"
    if len(bare) > 100:
        bare = bare[:99].rstrip() + "…"
    mark = "Re: " if is_reply else ""
    return f"{mark}{bare} [{ticket}]" if ticket else f"{mark}{bare}"
