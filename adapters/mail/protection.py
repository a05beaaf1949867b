"""Signed and encrypted mail (RFC 8551, 3156, 4880): told apart, what is signed read, what is sealed left sealed. Pure."""

import re

from adapters.mail.parts import Part

ENCRYPTED, SIGNED = "encrypted", "signed"
SIGNATURE_TYPES = (
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
)
_SMIME = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_PGP_MESSAGE = re.compile(
    r"^-----BEGIN PGP MESSAGE-----\n.*?^-----END PGP MESSAGE-----[ \t]*$", re.MULTILINE | re.DOTALL
)
_CLEAR_SIGNED = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----\n(?:\w[\w-]*: [^\n]*\n)*\n(?P<words>.*?)\n?"
    r"^-----BEGIN PGP SIGNATURE-----\n.*?(?:^-----END PGP SIGNATURE-----[ \t]*\n?|\Z)",
    re.MULTILINE | re.DOTALL,
)
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_ENVELOPED = (bytes.fromhex("2a864886f70d010703"), bytes.fromhex("2a864886f70d01091001") + b"\x17")


def is_sealed(part: Part) -> bool:
    """Say whether a part can be read by nobody without a key."""
    if part.type == "multipart/encrypted":
        return True
    return part.type in _SMIME and smime_kind(part) == ENCRYPTED


def smime_kind(part: Part) -> str:
    """Return whether an S/MIME part is ``encrypted`` or ``signed``: by what it is, failing that by what it says."""
    head = part.content()[:64]
    if _SIGNED_DATA in head:
        return SIGNED
    if any(oid in head for oid in _ENVELOPED):
        return ENCRYPTED
    stated = part.params.get("smime-type", "").lower()
    return SIGNED if stated in ("signed-data", "certs-only") else ENCRYPTED


def labels(root: Part, text: str) -> tuple[str, ...]:
    """Return what an agent is to know: ``encrypted``, ``signed``, both or neither. Nothing is verified here."""
    found = set()
    for part in root.walk():
        if part.type == "multipart/encrypted":
            found.add(ENCRYPTED)
        elif part.type in _SMIME:
            found.add(smime_kind(part))
        elif part.type == "multipart/signed" or part.type in SIGNATURE_TYPES:
            found.add(SIGNED)
    if "-----BEGIN PGP MESSAGE-----" in text:
        found.add(ENCRYPTED)
    if "-----BEGIN PGP SIGNED MESSAGE-----" in text:
        found.add(SIGNED)
    return tuple(sorted(found))


def without_armour(text: str) -> tuple[str, list[str]]:
    """Return a text without PGP's frames, and the encrypted blocks that were in it.

    Of what is signed the words stay; a sealed block is nothing to read.
    """
    if "-----BEGIN PGP " not in text:
        return text, []
    blocks = _PGP_MESSAGE.findall(text)
    text = _PGP_MESSAGE.sub("", text)
    return _CLEAR_SIGNED.sub(lambda it: re.sub(r"(?m)^- ", "", it["words"]) + "\n", text), blocks


def signed_content(data: bytes) -> bytes | None:
    """Return the mail inside an opaque S/MIME signature (CMS SignedData); None if there is none to be found."""
    try:
        outer = _children(data, 0, len(data), 1)[0]
        fields = _children(data, *outer[1:], 2)
        if data[fields[0][1] : fields[0][2]] != _SIGNED_DATA:
            return None
        signed = _children(data, *_children(data, *fields[1][1:], 1)[0][1:], 3)
        encapsulated = _children(data, *signed[2][1:], 2)
        if len(encapsulated) < 2:
            return None
        return _octets(data, *_children(data, *encapsulated[1][1:], 1)[0], 0)
    except IndexError:
        return None


_Node = tuple[int, int, int]
"""Tag, and where the content begins and ends."""


def _children(data: bytes, start: int, end: int, wanted: int) -> list[_Node]:
    """Return the first ``wanted`` values (BER, definite or not) between ``start`` and ``end``."""
    found: list[_Node] = []
    at = start
    while at < end and len(found) < wanted:
        node, at = _node(data, at, end, 0)
        found.append(node)
    return found


def _node(data: bytes, at: int, end: int, depth: int) -> tuple[_Node, int]:
    if depth > 40:
        raise IndexError("nested too deeply")
    tag, first = data[at], data[at + 1]
    at += 2
    if first == 0x80:  # the end is marked, not told
        start = at
        while data[at : at + 2] != b"\0\0":
            if at >= end:
                raise IndexError("no end")
            _, at = _node(data, at, end, depth + 1)
        return (tag, start, at), at + 2
    length = first
    if first & 0x80:
        size = first & 0x7F
        if size > 4:
            raise IndexError("too long")
        length, at = int.from_bytes(data[at : at + size]), at + size
    if at + length > end:
        raise IndexError("beyond the end")
    return (tag, at, at + length), at + length


def _octets(data: bytes, tag: int, start: int, end: int, depth: int) -> bytes:
    """Return an OCTET STRING, put together where it comes in pieces."""
    if not tag & 0x20:
        return data[start:end]
    if depth > 4:
        raise IndexError("nested too deeply")
    out, at = bytearray(), start
    while at < end:
        node, at = _node(data, at, end, 0)
        out += _octets(data, *node, depth + 1)
    return bytes(out)
