"""Mail addresses: which ones may go on the wire, and how to read the ones that come. Pure."""

import contextlib
import re
from dataclasses import dataclass

_LOCAL = re.compile(r"[^\x00-\x20\x7f-\xa0\"(),:;<>@\[\\\]\u2000-\u200f\u2028-\u202f\u2060-\u206f\ufeff]+")
_LABEL = re.compile(r"[a-z0-9\u00a1-\uffef]([a-z0-9\u00a1-\uffef-]*[a-z0-9\u00a1-\uffef])?", re.IGNORECASE)
_SPECIALS = b'"(),:;<>@[\\]'


def is_address(text: str) -> bool:
    """Say whether ``text`` is one address fit for an SMTP envelope: no quotes, comments, controls, literals."""
    local, at, domain = text.rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or "@" in local:
        return False
    if local.startswith(".") or local.endswith(".") or ".." in local or len(local.encode()) > 64:
        return False
    return len(domain.encode()) <= 253 and all(
        len(label) <= 63 and _LABEL.fullmatch(label) for label in domain.split(".")
    )


def on_the_wire(address: str) -> str:
    """Return ``address`` with its domain in ASCII (IDNA); the local part is never changed.

    Raises:
        ValueError: it is not an address, or its domain has no ASCII form.
    """
    if not is_address(address):
        raise ValueError(f"{address!r} is not a plain mail address")
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode('ascii').lower()}"
    except UnicodeError as error:
        raise ValueError(f"the domain of {address!r} cannot be written for the wire: {error}") from error


def folded(address: str) -> str:
    """Return an address as it is compared: lower case, the domain in Unicode whichever way it was written."""
    local, at, domain = address.strip().rpartition("@")
    if "xn--" in domain.lower():
        with contextlib.suppress(UnicodeError):
            domain = domain.lower().encode("ascii").decode("idna")
    return f"{local}{at}{domain}".lower()


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One entry of an address header, undecoded: ``name`` may hold encoded words."""

    name: bytes
    address: str


def mailboxes(value: bytes) -> list[Mailbox]:
    """Return the entries of an address header in order, groups opened, comments used as names of last resort.

    Takes time in proportion to the length of ``value``, whatever it holds.
    """
    found: list[Mailbox] = []
    for entry in _entries(value):
        found.extend(_mailbox(entry))
    return found


_QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"|\((?:[^()\\]|\\.)*\)')
_GOES_ON = re.compile(rb">[^,;]*@")


def goes_on(value: bytes) -> bool:
    """Say whether an address follows upon one in angle brackets: programs disagree about whose mail that is."""
    return _GOES_ON.search(_QUOTED.sub(b"", value[:8192])) is not None


@dataclass(slots=True)
class _Entry:
    words: bytearray
    angle: bytearray | None
    comment: bytearray


def _entries(value: bytes) -> list[_Entry]:
    """Cut a header at its commas, knowing quotes, comments, angle brackets and groups."""
    entries: list[_Entry] = []
    entry = _Entry(bytearray(), None, bytearray())
    in_quote = in_angle = escaped = False
    depth = 0
    for code in value:
        char = bytes((code,))
        into = (
            entry.comment if depth else entry.angle if in_angle and entry.angle is not None else entry.words
        )
        if escaped:
            into += char
            escaped = False
        elif char == b"\\" and (in_quote or depth):
            escaped = True
        elif depth:
            depth += (char == b"(") - (char == b")")
            if depth:
                into += char
        elif in_quote:
            in_quote = char != b'"'
            into += char if in_quote else b""
        elif char == b'"':
            in_quote = True
        elif in_angle:
            in_angle = char != b">"
            into += char if in_angle else b""
        elif char == b"(":
            depth = 1
        elif char == b"<":
            entry.angle, in_angle = bytearray(), True
        elif char in (b",", b";"):
            entries.append(entry)
            entry = _Entry(bytearray(), None, bytearray())
        elif char == b":" and entry.angle is None and b"@" not in entry.words:
            entry = _Entry(bytearray(), None, bytearray())  # the name of a group: its members follow
        else:
            into += char
    entries.append(entry)
    return entries


def _mailbox(entry: _Entry) -> list[Mailbox]:
    words = bytes(entry.words).strip()
    if entry.angle is not None:
        address = re.sub(rb"\s+", b"", bytes(entry.angle)).removeprefix(b"mailto:")
        if address.startswith(b"@") and b":" in address:
            address = address.rpartition(b":")[2]  # RFC 5322 §4.4: an obsolete source route
        return [Mailbox(words, _text(address))] if address or words else []
    if not words:
        return []
    name, _, last = words.rpartition(b" ")
    if b"@" in last:
        return [Mailbox(name.strip() or bytes(entry.comment).strip(), _text(last.strip(b"[]'")))]
    if b"@" in words:
        return [Mailbox(bytes(entry.comment).strip(), _text(re.sub(rb"\s+", b"", words)))]
    if b" " not in words and not re.match(rb"=\?", words):
        return [Mailbox(bytes(entry.comment).strip(), _text(words))]
    return [Mailbox(words, "")]


def _text(address: bytes) -> str:
    try:
        return address.decode("utf-8")
    except UnicodeDecodeError:
        return address.decode("latin-1")
