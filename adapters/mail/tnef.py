"""Outlook's ``winmail.dat`` (MS-OXTNEF): the text and the files within, cut from hostile bytes within limits. Pure.

Own code because the one library for it (tnefparse) has had no release since January 2021.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from adapters.mail import charsets, rtf

SIGNATURE = b"\x78\x9f\x3e\x22"
TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")
MAX_FILES = 200
MAX_PROPERTIES = 5000

_BODY, _DATA, _TITLE, _RENDERING, _MESSAGE, _ATTACHMENT, _CODEPAGE = (
    0x800C, 0x800F, 0x8010, 0x9002, 0x9003, 0x9005, 0x9007,
)  # fmt: skip
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_VARIABLE = (0x0D, 0x1E, 0x1F, 0x102)
_PR_BODY, _PR_RTF, _PR_HTML = 0x1000, 0x1009, 0x1013
_PR_NAME, _PR_SHORT_NAME, _PR_LONG_NAME, _PR_MIME, _PR_ID, _PR_OBJECT = (
    0x3001, 0x3704, 0x3707, 0x370E, 0x3712, 0x3701,
)  # fmt: skip


@dataclass(slots=True)
class Enclosed:
    """One file in a ``winmail.dat``, as its sender named it."""

    name: str = ""
    media_type: str = ""
    content: bytes = b""
    content_id: str | None = None


@dataclass(slots=True)
class Winmail:
    """What a ``winmail.dat`` holds; ``whole`` is False where it ends in the middle."""

    text: str = ""
    html: str | None = None
    files: list[Enclosed] = field(default_factory=list)
    whole: bool = True


class NotTnef(ValueError):
    """The bytes are no ``winmail.dat``."""


def opened(data: bytes) -> Winmail:
    """Return what is in a ``winmail.dat``; of a broken one, what comes before the break.

    Raises:
        NotTnef: it is none.
    """
    if not data.startswith(SIGNATURE):
        raise NotTnef("it does not begin like one")
    found, codepage, body = Winmail(), "cp1252", b""
    try:
        for name, value in _attributes(data):
            if name == _CODEPAGE and len(value) >= 4:
                codepage = f"cp{struct.unpack_from('<I', value)[0]}"
            elif name == _RENDERING:
                if len(found.files) >= MAX_FILES:
                    found.whole = False
                    break
                found.files.append(Enclosed())
            elif name == _BODY:
                body = value
            elif name == _MESSAGE:
                _take_message(value, found, codepage)
            elif found.files:
                _take_file(name, value, found.files[-1], codepage)
    except (struct.error, IndexError):
        found.whole = False
    if not found.text and body:
        found.text = _string8(body, codepage)
    found.files = [one for one in found.files if one.content]
    return found


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    while at + 9 <= len(data):
        _, name, length = struct.unpack_from("<BII", data, at)
        at += 9
        if at + length > len(data):
            raise IndexError("an attribute goes on beyond the end")
        yield name & 0xFFFF, data[at : at + length]
        at += length + 2  # a checksum, which even Outlook gets wrong


def _take_message(value: bytes, found: Winmail, codepage: str) -> None:
    packed = b""
    for name, kind, content in _properties(value):
        if name == _PR_BODY and not found.text:
            found.text = _text(kind, content, codepage)
        elif name == _PR_HTML and content:
            found.html = _text(kind, content, codepage)
        elif name == _PR_RTF:
            packed = content
    if packed and not found.text and not found.html:
        found.text = rtf.to_text(rtf.unpacked(packed))


def _take_file(name: int, value: bytes, file: Enclosed, codepage: str) -> None:
    if name == _DATA:
        file.content = value
    elif name == _TITLE:
        file.name = file.name or _string8(value, codepage)
    elif name == _ATTACHMENT:
        names: dict[int, str] = {}
        for prop, kind, content in _properties(value):
            if prop in (_PR_NAME, _PR_SHORT_NAME, _PR_LONG_NAME):
                names[prop] = _text(kind, content, codepage)
            elif prop == _PR_MIME:
                file.media_type = _text(kind, content, codepage).lower()
            elif prop == _PR_ID:
                file.content_id = _text(kind, content, codepage).strip("<>") or None
            elif prop == _PR_OBJECT and not file.content and len(content) > 16:
                file.content = content[16:]  # behind the id of the interface it is for
        file.name = (
            names.get(_PR_LONG_NAME) or file.name or names.get(_PR_SHORT_NAME) or names.get(_PR_NAME, "")
        )


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Give id, type and value of each MAPI property; the first value where there are several."""
    (count,) = struct.unpack_from("<I", data)
    at = 4
    for _ in range(min(count, MAX_PROPERTIES)):
        kind, name = struct.unpack_from("<HH", data, at)
        at += 4
        if name >= 0x8000:
            at = _after_name(data, at)
        is_many, kind = bool(kind & 0x1000), kind & 0x0FFF
        values = 1
        if is_many or kind in _VARIABLE:
            (values,) = struct.unpack_from("<I", data, at)
            at += 4
        if values > MAX_PROPERTIES:
            raise IndexError("too many values")
        for number in range(values):
            if kind in _VARIABLE:
                (length,) = struct.unpack_from("<I", data, at)
                at += 4
            elif kind in _FIXED:
                length = _FIXED[kind]
            else:
                raise IndexError("a type of value that nobody knows")
            if at + length > len(data):
                raise IndexError("a value goes on beyond the end")
            if number == 0:
                yield name, kind, data[at : at + length]
            at += length + -length % 4


def _after_name(data: bytes, at: int) -> int:
    (is_word,) = struct.unpack_from("<I", data, at + 16)
    at += 20
    if not is_word:
        return at + 4
    length: int = struct.unpack_from("<I", data, at)[0]
    return at + 4 + length + -length % 4


def _text(kind: int, content: bytes, codepage: str) -> str:
    if kind == 0x1F:
        return content.decode("utf-16-le", "replace").partition("\0")[0]
    return _string8(content, codepage)


def _string8(content: bytes, codepage: str) -> str:
    content = content.partition(b"\0")[0]
    if content.isascii() or codepage == "cp65001":
        return content.decode("utf-8", "replace")
    return charsets.decode(content, "gb18030" if codepage == "cp936" else codepage)[0]
