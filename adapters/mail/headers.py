"""Header fields: cut from the raw block, encoded words and parameters decoded. Pure, and never raises."""

import base64
import binascii
import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from adapters.mail import charsets

_NAME = re.compile(rb"([!-9;-~]+)[ \t]*:")
# RFC 2047 §2, read kindly: spaces inside Q words and a missing last "?=" occur.
_WORD = re.compile(rb"=\?([^?\s]{1,75})\?([bBqQ])\?([^?]*(?:\?(?!=)[^?]*){0,20}?)(?:\?=|\Z)")
_CONTROLS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]+")

Fields = tuple[tuple[str, bytes], ...]


def split_fields(block: bytes) -> tuple[Fields, bytes]:
    """Return the fields of a header block, unfolded, names in lower case; and what follows if it ends early."""
    fields: list[tuple[str, bytes]] = []
    rest = b""
    lines = block.split(b"\n")
    for index, whole in enumerate(lines):
        line = whole.rstrip(b"\r")
        if line[:1] in b" \t" and line.strip() and fields:
            name, value = fields[-1]
            fields[-1] = (name, value + b"\n" + line)
        elif match := _NAME.match(line):
            fields.append((match.group(1).decode("ascii").lower(), line[match.end() :]))
        elif line.strip() and not (index == 0 and line.startswith((b"From ", b">From "))):
            rest = b"\n".join(lines[index:])
            break
    return tuple((name, _unfolded(value)) for name, value in fields), rest


def _unfolded(value: bytes) -> bytes:
    return re.sub(rb"[ \t]*\n[ \t]*", b" ", value).strip(b" \t\r\n") if b"\n" in value else value.strip()


def decode_words(value: bytes, hint: str | None = None) -> str:
    """Return an unstructured header value as one line of text, encoded words decoded (RFC 2047)."""
    out: list[str] = []
    end = 0
    run: list[tuple[str, bytes]] = []
    for match in _WORD.finditer(value):
        between = value[end : match.start()]
        if between.strip() or not run:
            out.append(_words(run, hint))
            run = []
            out.append(charsets.guess(between, hint))
        run.append((_label(match.group(1)), _word_bytes(match.group(2), match.group(3))))
        end = match.end()
    out.append(_words(run, hint))
    out.append(charsets.guess(value[end:], hint))
    return one_line("".join(out))


def one_line(text: str) -> str:
    """Return text without line ends and other controls: a decoded word can smuggle them in."""
    return _CONTROLS.sub(" ", text).strip()


def _label(label: bytes) -> str:
    return label.decode("ascii", "replace").partition("*")[0]  # RFC 2231 §5: a language may follow


def _words(run: Iterable[tuple[str, bytes]], hint: str | None) -> str:
    """Decode neighbouring words together: one character may be split over two of them."""
    out: list[str] = []
    label, data = "", b""
    for word_label, word in run:
        if word_label.lower() != label.lower() and data:
            out.append(charsets.decode(data, label, hint)[0])
            data = b""
        label, data = word_label, data + word
    if data:
        out.append(charsets.decode(data, label, hint)[0])
    return "".join(out)


def _word_bytes(encoding: bytes, payload: bytes) -> bytes:
    if encoding in b"bB":
        return lenient_base64(payload)
    return binascii.a2b_qp(payload.replace(b" ", b"_"), header=True)


def lenient_base64(data: bytes) -> bytes:
    """Return what base64 ``data`` holds, skipping what does not belong and mending its padding."""
    kept = re.sub(rb"[^A-Za-z0-9+/=]", b"", data)
    out = bytearray()
    for piece in re.split(rb"=+", kept):
        whole = piece[: len(piece) - 1] if len(piece) % 4 == 1 else piece
        out += base64.b64decode(whole + b"=" * (-len(whole) % 4))
    return bytes(out)


_TOKEN = re.compile(rb'\s*;?\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"|"[^"]*\Z|[^;]*)', re.DOTALL)


def parameters(value: bytes, hint: str | None = None) -> tuple[str, dict[str, str]]:
    """Return a structured value's first word in lower case, and its parameters (RFC 2045, 2231, and abuses)."""
    head, _, tail = value.partition(b";")
    plain: dict[str, bytes] = {}
    pieces: dict[str, list[tuple[int, bool, bytes]]] = {}
    for match in _TOKEN.finditer(tail):
        name = match.group(1).decode("latin-1").lower()
        text = _unquoted(match.group(2))
        base, star, rest = name.partition("*")
        if not star:
            plain.setdefault(base, text)
        else:
            number = rest.rstrip("*")
            order = int(number) if number.isdigit() and len(number) < 4 else 0
            pieces.setdefault(base, []).append((order, name.endswith("*"), text))
    out = {name: decode_words(text, hint) for name, text in plain.items()}
    for name, found in pieces.items():
        out[name] = _continued(sorted(found, key=lambda it: it[0]), hint)
    return head.strip().strip(b'"').decode("latin-1").lower(), out


def _unquoted(value: bytes) -> bytes:
    value = value.strip()
    if value.startswith(b'"'):
        value = value[1:-1] if len(value) > 1 and value.endswith(b'"') else value[1:]
        return re.sub(rb'\\(["\\])', rb"\1", value)
    return value


def _continued(pieces: list[tuple[int, bool, bytes]], hint: str | None) -> str:
    label: str | None = None
    data = b""
    for place, (_, is_encoded, text) in enumerate(pieces):
        if is_encoded and place == 0 and text.count(b"'") >= 2:
            charset, _, text = text.split(b"'", 2)
            label = charset.decode("latin-1") or None
        data += unquote_to_bytes(text) if is_encoded else text
    if b"=?" in data:
        return decode_words(data, hint)
    return one_line(charsets.decode(data, label, hint)[0])
