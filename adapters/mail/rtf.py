"""Outlook's compressed RTF as plain text: enough to read what somebody wrote, nothing of how it looked. Pure."""

import re
import struct

from adapters.mail import charsets

MAX_CHARS = 1_000_000
_START = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArial"
    rb"Times New RomanCourier{\colortbl\red0\green0\blue0"
    + b"\r\n"
    + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
"""What every dictionary begins with (MS-OXRTFCP §2.1.2.1)."""
_WINDOW = 4096


def unpacked(data: bytes) -> bytes:
    """Return RTF from its compressed form; nothing where it is none, its beginning where it breaks off."""
    if len(data) < 16:
        return b""
    _, size, magic, _ = struct.unpack_from("<IIII", data)
    if magic == 0x414C454D:
        return data[16 : 16 + min(size, MAX_CHARS)]
    if magic != 0x75465A4C:
        return b""
    window = bytearray(_START.ljust(_WINDOW, b"\0"))
    write, at, out = len(_START), 16, bytearray()
    size = min(size, MAX_CHARS)
    while at < len(data) and len(out) < size:
        control, at = data[at], at + 1
        for bit in range(8):
            if at >= len(data) or len(out) >= size:
                break
            if not control >> bit & 1:
                piece, at = data[at : at + 1], at + 1
            else:
                if at + 2 > len(data):
                    return bytes(out)
                word, at = data[at] << 8 | data[at + 1], at + 2
                start, length = word >> 4, (word & 15) + 2
                if start == write:
                    return bytes(out)
                piece = b""
                for step in range(length):  # a reference may reach into what it is just writing
                    byte = window[(start + step) % _WINDOW]
                    window[(write + step) % _WINDOW] = byte
                    piece += bytes((byte,))
            for step, byte in enumerate(piece):
                window[(write + step) % _WINDOW] = byte
            write = (write + len(piece)) % _WINDOW
            out += piece
    return bytes(out[:size])


_TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\([a-z]{1,32})(-?\d{1,10})? ?|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_SKIPPED = {
    b"fonttbl",
    b"colortbl",
    b"stylesheet",
    b"info",
    b"pict",
    b"object",
    b"header",
    b"footer",
    b"generator",
}
_BREAKS = {b"par": "\n", b"line": "\n", b"tab": "\t", b"row": "\n", b"cell": "\t", b"lquote": "‘", b"rquote": "’",
           b"ldblquote": "“", b"rdblquote": "”", b"emdash": "—", b"endash": "–", b"bullet": "•"}  # fmt: skip


def to_text(source: bytes) -> str:
    """Return the words of RTF."""
    out: list[str] = []
    eight_bit = bytearray()
    codepage, skipping, skip_after_u = "cp1252", 0, 1
    depth, pending = 0, 0
    hidden_html = False

    def flush() -> None:
        if eight_bit:
            out.append(charsets.decode(bytes(eight_bit), codepage)[0])
            eight_bit.clear()

    for match in _TOKEN.finditer(source[: 2 * MAX_CHARS]):
        hexed, word, number, symbol, brace, words = match.groups()
        if brace:
            depth += 1 if brace == b"{" else -1
            if skipping and depth < skipping:
                skipping = 0
        elif word in _SKIPPED or symbol == b"*":
            skipping = skipping or depth
        elif skipping:
            continue
        elif word == b"htmlrtf":
            hidden_html = number != b"0"
        elif word == b"ansicpg" and number:
            codepage = {"936": "gb18030", "65001": "utf-8"}.get(number.decode(), f"cp{number.decode()}")
        elif word == b"uc" and number:
            skip_after_u = max(0, min(int(number), 8))
        elif word == b"u" and number:
            flush()
            code = int(number) % 0x10000
            out.append(chr(code))
            pending = skip_after_u
        elif word in _BREAKS:
            flush()
            out.append(_BREAKS[word])
        elif hidden_html and (hexed or words):
            continue
        elif hexed:
            if pending:
                pending -= 1
            else:
                eight_bit += bytes.fromhex(hexed.decode())
        elif words:
            kept = words[pending:] if pending else words
            pending = 0
            eight_bit += kept
        elif symbol in (b"\\", b"{", b"}", b"~"):
            eight_bit += b" " if symbol == b"~" else symbol
    flush()
    text = "".join(out).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text[:MAX_CHARS].replace("\0", "").strip()
