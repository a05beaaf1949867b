"""The tree of a mail's parts, cut from raw bytes within limits. Pure, linear in time, and never raises."""

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from adapters.mail.headers import Fields, lenient_base64, parameters, split_fields

MAX_HEADER_BLOCK = 64 * 1024
MAX_HEADER = 8 * 1024
MAX_PARTS = 200
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part: its header fields, its body as it came, and the parts within."""

    fields: Fields
    body: bytes
    type: str
    params: dict[str, str]
    disposition: str
    disposition_params: dict[str, str]
    children: "tuple[Part, ...]" = ()

    def all(self, name: str) -> list[bytes]:
        """Return every value of a field, in order."""
        return [value for key, value in self.fields if key == name]

    def first(self, name: str) -> bytes:
        """Return the first value of a field, or nothing."""
        return next((value for key, value in self.fields if key == name), b"")

    def walk(self) -> "Iterator[Part]":
        """Give this part and all within it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def content(self) -> bytes:
        """Return the body with its transfer encoding undone, as far as it can be."""
        return decoded(self.body, self.first("content-transfer-encoding"))


@dataclass(slots=True)
class Budget:
    """What is left of the limits while a mail is taken apart, and what was found wrong."""

    parts: int = MAX_PARTS
    defects: list[str] = field(default_factory=list)

    def note(self, defect: str) -> None:
        """Remember a defect once."""
        if defect not in self.defects:
            self.defects.append(defect)


def take_apart(raw: bytes, budget: Budget, depth: int = 0, default_type: str = "text/plain") -> Part:
    """Return the tree of ``raw``; beyond the limits a part stays whole, and ``budget`` says so."""
    budget.parts -= 1
    fields, body = _fields_and_body(raw, budget)
    part = _leaf(fields, body, default_type)
    is_nest = part.type.startswith("multipart/") or part.type in ("message/rfc822", "message/global")
    if not is_nest:
        return part
    if depth >= MAX_DEPTH:
        budget.note(f"parts nested deeper than {MAX_DEPTH} were left as they came")
        return _as_file(part)
    if not part.type.startswith("multipart/"):
        inner = take_apart(part.content(), budget, depth + 1)
        return replace(part, children=(inner,))
    return _multipart(part, budget, depth)


def _multipart(part: Part, budget: Budget, depth: int) -> Part:
    pieces = _pieces(part, budget)
    if pieces is None:
        return replace(part, type="text/html" if _looks_like_html(part.body) else "text/plain")
    inner_type = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
    children: list[Part] = []
    for index, piece in enumerate(pieces):
        if budget.parts <= 0:
            budget.note(f"parts beyond {MAX_PARTS} were left as one")
            rest = b"\r\n".join(pieces[index:])
            children.append(_as_file(_leaf((), rest, "application/octet-stream")))
            break
        children.append(take_apart(piece, budget, depth + 1, inner_type))
    return replace(part, children=tuple(children))


def _fields_and_body(raw: bytes, budget: Budget) -> tuple[Fields, bytes]:
    head, body = _head_and_body(raw)
    if len(head) > MAX_HEADER_BLOCK:
        budget.note(f"header of {len(head)} bytes was cut at {MAX_HEADER_BLOCK}")
        head = head[:MAX_HEADER_BLOCK]
    if b"\r" in head and b"\n" not in head:
        head = head.replace(b"\r", b"\n")
    fields, early = split_fields(head)
    if early:
        budget.note("a line among the header fields is none")
        body = early + b"\n\n" + body
    if any(len(value) > MAX_HEADER for _, value in fields):
        budget.note(f"a header field was cut at {MAX_HEADER} bytes")
        fields = tuple((name, value[:MAX_HEADER]) for name, value in fields)
    return fields, body


def _head_and_body(raw: bytes) -> tuple[bytes, bytes]:
    if raw[:1] == b"\n" or raw[:2] == b"\r\n":
        return b"", raw.removeprefix(b"\r").removeprefix(b"\n")
    ends = [
        (at, len(mark))
        for mark in (b"\r\n\r\n", b"\n\n", b"\n\r\n", b"\r\r\n\r\r\n")
        if (at := raw.find(mark)) >= 0
    ]
    if not ends and b"\n" not in raw and (at := raw.find(b"\r\r")) >= 0:
        ends.append((at, 2))
    if not ends:
        return raw, b""
    at, length = min(ends)
    return raw[:at], raw[at + length :]


def _leaf(fields: Fields, body: bytes, default_type: str) -> Part:
    first = dict(reversed(fields))
    type_, params = parameters(first.get("content-type", b""))
    if not re.fullmatch(r"[\w.+-]+/[\w.+-]+", type_):
        type_ = "text/plain" if type_ in ("text", "") and default_type == "text/plain" else default_type
    disposition, disposition_params = parameters(first.get("content-disposition", b""))
    return Part(
        fields=fields,
        body=body,
        type=type_,
        params=params,
        disposition=disposition,
        disposition_params=disposition_params,
    )


def _as_file(part: Part) -> Part:
    return replace(part, type="application/octet-stream", disposition="attachment")


def _pieces(part: Part, budget: Budget) -> list[bytes] | None:
    """Return the bodies between the boundaries; None where there is no boundary to be found."""
    boundary = part.params.get("boundary", "").encode("utf-8", "replace").rstrip()
    if not boundary or not _boundary_line(boundary).search(part.body):
        budget.note("a multipart body has no boundary")
        guessed = re.search(rb"(?:\A|\n)--([^\s\-][^\r\n]{0,70}?)(?:--)?[ \t]*\r?\n", part.body)
        if not guessed or b"content-" not in part.body.lower():
            return None
        boundary = guessed.group(1)
    pieces: list[bytes] = []
    start: int | None = None
    for match in _boundary_line(boundary).finditer(part.body):
        if start is not None:
            pieces.append(part.body[start : match.start()])
        start = match.end()
        if match.group(1):
            return pieces
    budget.note("a multipart body has no end")
    if start is not None:
        pieces.append(part.body[start:])
    return pieces


def _boundary_line(boundary: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"(?:\A|\r?\n|(?<=\n))--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r?\n|\Z|(?=\r\r))")


def _looks_like_html(body: bytes) -> bool:
    return bool(re.search(rb"<(html|body|div|p|table|br)\b", body[:2000], re.IGNORECASE))


def decoded(body: bytes, encoding: bytes) -> bytes:
    """Return ``body`` with the named transfer encoding undone; of a wrong name, as it came."""
    name = encoding.strip().strip(b"\"'").lower()
    if name == b"base64":
        return lenient_base64(body)
    if name in (b"quoted-printable", b"qp"):
        return quopri.decodestring(body)
    if name in (b"x-uuencode", b"uuencode", b"x-uue", b"uue"):
        return _uudecoded(body)
    return body


_UU = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,255})\r?\n(.*?)\r?\n(?:`?\r?\n)?(?:end|====)[ \t]*\r?$",
                 re.DOTALL | re.MULTILINE)  # fmt: skip


def _uudecoded(body: bytes) -> bytes:
    match = _UU.search(body)
    return uu_content(match.group(2)) if match else body


def uu_content(lines: bytes) -> bytes:
    """Return what uuencoded ``lines`` hold, skipping those that are broken."""
    out = bytearray()
    for line in lines.splitlines():
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            length = ((line[0] - 32) & 63) * 4 // 3 + 2 if line else 0
            try:
                out += binascii.a2b_uu(line[:length])
            except binascii.Error:
                continue
    return bytes(out)


def uu_files(text: bytes) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """Return ``text`` without the uuencoded files within it, and those files as (name, content)."""
    if b"\nend" not in text or b"begin " not in text:
        return text, []
    files = [(match.group(1), uu_content(match.group(2))) for match in _UU.finditer(text)]
    return _UU.sub(b"", text), files
