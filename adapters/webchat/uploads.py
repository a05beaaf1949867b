"""Which files are taken: the ending of the name and the first bytes must tell the same story. Pure."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

HEAD = 512
"""How many first bytes ``kind_of`` wants to see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of file: its media type, how its first bytes look, and whether browsers may show it in place."""

    media_type: str
    fits: Callable[[bytes], bool]
    inline: bool = False


def _starts(*signatures: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(signatures)


def _riff(form: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[:4] == b"RIFF" and head[8:12] == form


def _box(*brands: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[4:8] == b"ftyp" and (not brands or head[8:12] in brands)


def _is_text(head: bytes) -> bool:
    # Markup posing as text is refused, whatever it is served as later.
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return start != b"<" and not any(byte < 9 or (13 < byte < 32 and byte != 27) for byte in head)


def _is_mp3(head: bytes) -> bool:
    return head.startswith(b"ID3") or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0)


_JPEG = Kind(media_type="image/jpeg", fits=_starts(b"\xff\xd8\xff"), inline=True)
_OFFICE = "application/vnd.openxmlformats-officedocument."

KINDS: dict[str, Kind] = {
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "png": Kind(media_type="image/png", fits=_starts(b"\x89PNG\r\n\x1a\n"), inline=True),
    "gif": Kind(media_type="image/gif", fits=_starts(b"GIF87a", b"GIF89a"), inline=True),
    "webp": Kind(media_type="image/webp", fits=_riff(b"WEBP"), inline=True),
    "heic": Kind(media_type="image/heic", fits=_box(b"heic", b"heix", b"mif1", b"msf1")),
    "pdf": Kind(media_type="application/pdf", fits=_starts(b"%PDF-")),
    "txt": Kind(media_type="text/plain", fits=_is_text),
    "csv": Kind(media_type="text/csv", fits=_is_text),
    "docx": Kind(media_type=f"{_OFFICE}wordprocessingml.document", fits=_starts(b"PK\x03\x04")),
    "xlsx": Kind(media_type=f"{_OFFICE}spreadsheetml.sheet", fits=_starts(b"PK\x03\x04")),
    "mp3": Kind(media_type="audio/mpeg", fits=_is_mp3),
    "ogg": Kind(media_type="audio/ogg", fits=_starts(b"OggS")),
    "wav": Kind(media_type="audio/wav", fits=_riff(b"WAVE")),
    "m4a": Kind(media_type="audio/mp4", fits=_box()),
    "mp4": Kind(media_type="video/mp4", fits=_box()),
    "mov": Kind(media_type="video/quicktime", fits=_box()),
    "webm": Kind(media_type="video/webm", fits=_starts(b"\x1a\x45\xdf\xa3")),
}

INLINE = frozenset(kind.media_type for kind in KINDS.values() if kind.inline)
"""Media types a browser may show in place; all others are downloads."""

_UNSAFE = re.compile(r'[\\/:*?"<>|]+')


def kind_of(name: str, head: bytes, allowed: tuple[str, ...]) -> Kind | None:
    """Return the kind of a file from its name and first bytes; None when it is not to be taken."""
    ending = PurePosixPath(name).suffix.removeprefix(".").lower()
    kind = KINDS.get(ending) if ending in allowed else None
    return kind if kind is not None and head and kind.fits(head) else None


def safe_name(name: str) -> str:
    """Return a file name without folders, control or direction marks, at most 120 characters, ending kept."""
    base = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    shown = "".join(ch for ch in base if unicodedata.category(ch)[0] != "C")
    clean = _UNSAFE.sub("_", shown).strip(". ") or "file"
    stem, dot, ending = clean.rpartition(".")
    if len(clean) <= 120 or not dot:
        return clean[:120]
    return f"{stem[: 119 - len(ending[:20])]}.{ending[:20]}"
