"""Bytes to text: trust a label as far as it deserves, then look at the bytes themselves. Pure."""

import codecs
import re

# What is labelled so is in truth written in the superset (WHATWG Encoding, and twenty years of Chinese mail).
_SUPERSETS = {
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030", "euc-cn": "gb18030",
    "gb_2312-80": "gb18030", "gb2312-80": "gb18030", "csgb2312": "gb18030", "chinese": "gb18030",
    "gb18030-2000": "gb18030", "gb18030": "gb18030", "x-gb2312": "gb18030", "hz-gb-2312": "hz",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "x-x-big5": "big5hkscs", "cn-big5": "big5hkscs",
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "euc-kr": "cp949", "ksc5601": "cp949",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext", "iso-8859-1": "cp1252", "latin1": "cp1252", "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252", "windows-1252": "cp1252", "iso-8859-9": "cp1254", "iso-8859-11": "cp874",
    "tis-620": "cp874", "iso-8859-8-i": "iso-8859-8", "unicode-1-1-utf-7": "utf-7", "utf8": "utf-8",
    "unicode": "utf-8", "utf-8mb4": "utf-8", "x-unknown": "", "unknown-8bit": "", "unknown": "",
    "default": "", "us-ascii": "", "ascii": "", "ansi_x3.4-1968": "", "7bit": "", "8bit": "", "binary": "",
}  # fmt: skip
_TEXT_CODECS = re.compile(
    r"utf|ascii|cp\d|iso|koi|big5|gb|hz|euc|shift|mac|tis|ptcp|johab|windows|latin|kz1048|viscii|hp-roman"
)
_LATIN = {"cp1252", "cp1250", "cp1254", "iso8859-1", "iso8859-2", "iso8859-9", "iso8859-15"}
"""Charsets in which any bytes are text of some sort: as a hint they say little."""
_ISO_2022 = re.compile(rb"\x1b(\$[@AB]|\$\([CDGH]|\([BJ])")
_SURROGATE = re.compile("[\ud800-\udfff]")
_HZ = re.compile(rb"~\{([!-}][!-~])+~\}")


def codec(label: str | None) -> str | None:
    """Return Python's codec for a charset label, or None when it says nothing we can use."""
    name = (label or "").strip().strip("\"'").lower()
    name = _SUPERSETS.get(name, name)
    if not name:
        return None
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return found if _TEXT_CODECS.match(found) else None  # never base64, rot13, idna and the like


def decode(data: bytes, label: str | None = None, hint: str | None = None) -> tuple[str, str | None]:
    """Return ``data`` as text, and what was wrong with its label (None if nothing).

    ``hint`` is a charset used elsewhere in the same mail. Nothing is ever left out: where no charset
    fits, the bytes that do not fit become U+FFFD.
    """
    if label and "," not in label and codec(label) is None and label.strip().lower() not in _SUPERSETS:
        text = guess(data, hint)
        return text, f"unknown charset {label[:40]!r}"
    name = codec(label)
    if name is None:
        return guess(data, hint), None
    if name.startswith(("utf-16", "utf-32")) and not _has_nul(data):
        return guess(data, hint), f"charset {label!r} does not fit"
    try:
        text = _SURROGATE.sub("\ufffd", data.decode(name))
    except (UnicodeDecodeError, ValueError):
        return _mended(data, name, hint), f"charset {label!r} does not fit"
    if name in ("cp1252", "iso8859-15") and _is_utf8(data):
        return data.decode("utf-8"), f"charset {label!r} was utf-8"
    return text, None


def guess(data: bytes, hint: str | None = None) -> str:
    """Return the likeliest reading of bytes that came without a charset."""
    if data.isascii():
        return _seven_bit(data)
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(name, "replace")
    if _is_utf8(data):
        return data.decode("utf-8")
    # A fixed "gb18030 second" garbles German names, a fixed latin-1 garbles Chinese: both were measured.
    hinted = codec(hint)
    by_hint = _strict(data, hinted) if hinted is not None else None
    if by_hint is not None and hinted not in _LATIN:
        return by_hint
    gb2312 = _strict(data, "gb2312")
    if gb2312 is not None and _han(gb2312) >= 2:
        return gb2312
    if by_hint is not None:
        return by_hint
    for name in ("gb18030", "big5hkscs"):
        text_or_none = _strict(data, name)
        if text_or_none is not None and _han(text_or_none) >= 2 and _mostly_han(text_or_none):
            return text_or_none
    return _mended(data, "utf-8", None) if _nearly_utf8(data) else _western(data)


def _seven_bit(data: bytes) -> str:
    if _ISO_2022.search(data):
        for name in ("iso2022_jp_ext", "iso2022_kr"):
            if (text := _strict(data, name)) is not None:
                return text
    if _HZ.search(data) and (text := _strict(data, "hz")) is not None:
        return text
    return data.decode("ascii")


def _mended(data: bytes, name: str, hint: str | None) -> str:
    """Return text of a charset that fits nearly; of another one if that fits wholly."""
    if name == "utf-8" and not _nearly_utf8(data):
        return guess(data, hint)
    if name != "utf-8" and _is_utf8(data):
        return data.decode("utf-8")
    return _SURROGATE.sub("\ufffd", data.decode(name, "replace"))


def _western(data: bytes) -> str:
    return data.decode("cp1252", "replace") if 0x81 not in data else data.decode("latin-1")


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeDecodeError, ValueError):
        return None


def _is_utf8(data: bytes) -> bool:
    return not data.isascii() and _strict(data, "utf-8") is not None


def _nearly_utf8(data: bytes) -> bool:
    """Say whether most of the eight-bit bytes do form UTF-8: a cut or a stray byte, not another charset."""
    text = data.decode("utf-8", "replace")
    right = sum(1 for ch in text if ch > "\x7f" and ch != "\ufffd")
    return right > 4 * text.count("\ufffd")


def _has_nul(data: bytes) -> bool:
    return b"\0" in data or data[:2] in (b"\xff\xfe", b"\xfe\xff")


def _han(text: str) -> int:
    return sum(1 for ch in text if "\u4e00" <= ch <= "\u9fff" or "\u3400" <= ch <= "\u4dbf")


def _mostly_han(text: str) -> bool:
    """Say whether what is not ASCII is East Asian, in runs: a German umlaut between letters is not."""
    other = [ch for ch in text if ch > "\x7f"]
    east = sum(
        1 for ch in other if "\u2e80" <= ch <= "\u9fff" or "\uff00" <= ch <= "\uffef" or ch in "“”‘’·…—"
    )
    return east >= 0.9 * len(other) and bool(re.search(r"[\u4e00-\u9fff]{2}", text))
