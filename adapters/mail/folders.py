"""Names of mailbox folders: modified UTF-7 (RFC 3501 §5.1.3), roles (RFC 6154), and which ones are never read."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass

_SENT = ("sent", "sent items", "sent messages", "sent mail", "已发送", "已发送邮件", "已发邮件", "寄件备份", "寄件備份", "gesendet", "[gmail]/sent mail", "[gmail]/已发邮件")  # fmt: skip
_DRAFTS = ("drafts", "draft", "草稿", "草稿箱", "草稿夹", "entwürfe")
_TRASH = ("trash", "deleted messages", "deleted items", "已删除", "已删除邮件", "垃圾桶", "papierkorb")
_JUNK = ("junk", "spam", "junk email", "垃圾邮件", "垃圾郵件")
_USUAL = {"\\sent": _SENT, "\\drafts": _DRAFTS, "\\trash": _TRASH, "\\junk": _JUNK}
ROLES = ("\\all", "\\archive", "\\drafts", "\\flagged", "\\important", "\\junk", "\\sent", "\\trash")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A folder as the server lists it: the name for people, and what it is for (lower case, as ``\\sent``)."""

    name: str
    wire: str
    roles: tuple[str, ...] = ()
    selectable: bool = True

    @property
    def role(self) -> str | None:
        """What the folder is for: as the server says it, else as its name tells."""
        return next((role for role in self.roles if role in ROLES), None) or _role_of(self.name)


def encoded(name: str) -> str:
    """Return a name as it goes over the wire."""
    out: list[str] = []
    for run in re.findall(r"[ -~]+|[^ -~]+", name):
        if " " <= run[0] <= "~":
            out.append(run.replace("&", "&-"))
        else:
            coded = base64.b64encode(run.encode("utf-16-be")).decode("ascii").rstrip("=").replace("/", ",")
            out.append(f"&{coded}-")
    return "".join(out)


def decoded(wire: str) -> str:
    """Return a name as people write it; one that is not rightly encoded stays as it is."""

    def plain(match: re.Match[str]) -> str:
        coded = match.group(1)
        if not coded:
            return "&"
        padded = coded.replace(",", "/") + "=" * (-len(coded) % 4)
        return base64.b64decode(padded, validate=True).decode("utf-16-be")

    try:
        return re.sub(r"&([A-Za-z0-9+,]*)-", plain, wire)
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return wire


def read_list(lines: Sequence[bytes | bytearray]) -> list[Named]:
    """Return the folders of an answer to LIST; a name may be an atom, a quoted string or a literal."""
    found: list[Named] = []
    flags: tuple[str, ...] | None = None
    for line in lines:
        if isinstance(line, bytearray) and flags is not None:  # the literal that the line before announced
            found.append(_named(bytes(line).decode("utf-8", "replace"), flags))
            flags = None
            continue
        match = re.match(rb'(?:X?LIST )?\(([^)]*)\) (?:"[^"]*"|NIL|\\\\) (.+)$', bytes(line))
        if match is None:
            continue
        flags = tuple(match.group(1).decode("ascii", "replace").lower().split())
        told = match.group(2).decode("utf-8", "replace").strip()
        if re.fullmatch(r"\{\d+\}", told):
            continue
        if told.startswith('"') and told.endswith('"'):
            told = re.sub(r"\\(.)", r"\1", told[1:-1])
        found.append(_named(told, flags))
        flags = None
    return found


def _named(wire: str, flags: tuple[str, ...]) -> Named:
    is_there = not {"\\noselect", "\\nonexistent"} & set(flags)
    return Named(name=decoded(wire), wire=wire, roles=flags, selectable=is_there)


def _role_of(name: str) -> str | None:
    leaf = name.casefold()
    for role, names in _USUAL.items():
        if leaf in names or re.split(r"[/.]", leaf)[-1] in names:
            return role
    return None


def chosen(wanted: str, there: Sequence[Named]) -> str | None:
    """Return the wire name of the folder that a setting means: a role, else a name; None if there is none."""
    if wanted.casefold() == "inbox":
        return "INBOX"
    if wanted.casefold() in ROLES:
        return next((one.wire for one in there if one.role == wanted.casefold() and one.selectable), None)
    return next((one.wire for one in there if wanted in (one.name, one.wire) and one.selectable), None)


def is_ours(wire: str, there: Sequence[Named]) -> str | None:
    """Return the role of a folder that holds what we wrote ourselves, which must not be read; else None."""
    role = next((one.role for one in there if one.wire == wire), None)
    return role if role in ("\\sent", "\\drafts", "\\trash", "\\all") else None
