"""Names of attached files, made safe to show. A name never becomes a path: files are stored by other keys. Pure."""

import mimetypes
import re
import unicodedata

_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_MIME_EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/pjpeg": ".jpg",
    "text/plain": ".txt",
    "text/html": ".html",
    "message/rfc822": ".eml",
    "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt",
    "message/feedback-report": ".txt",
    "text/rfc822-headers": ".txt",
    "text/calendar": ".ics",
    "application/ics": ".ics",
    "text/vcard": ".vcf",
    "text/x-vcard": ".vcf",
    "text/directory": ".vcf",
    "text/x-vcalendar": ".ics",
    "application/pkcs7-mime": ".p7m",
    "application/x-pkcs7-mime": ".p7m",
    "application/pkcs7-signature": ".p7s",
    "application/x-pkcs7-signature": ".p7s",
    "application/pgp-signature": ".asc",
    "application/pgp-encrypted": ".asc",
    "application/ms-tnef": ".dat",
}
MAX_BYTES = 200


def safe_name(name: str, media_type: str, number: int) -> str:
    """Return ``name`` cleaned once and then checked: no path, no control, no direction override, no device.

    Where nothing is left it is named for its type; ``number`` tells such files apart.
    """
    cleaned = "".join(
        ch for ch in name if unicodedata.category(ch) not in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
    )
    cleaned = cleaned.replace("\\", "/").rpartition("/")[2].strip()
    cleaned = re.sub(r'[<>"|?*]', "_", cleaned)
    cleaned = cleaned.lstrip(".") if not cleaned.strip(".") or cleaned.startswith("..") else cleaned
    if cleaned.startswith("."):
        cleaned = "_" + cleaned
    if not cleaned:
        return f"{_stem(media_type)}{number if number > 1 else ''}{extension(media_type)}"
    if _RESERVED.match(cleaned):
        cleaned = "_" + cleaned
    return _shortened(cleaned)


def _stem(media_type: str) -> str:
    kind, _, sub = media_type.partition("/")
    if kind == "message":
        return sub if sub != "rfc822" else "message"
    return {"image": "image", "audio": "audio", "video": "video", "text": "document"}.get(kind, "file")


def extension(media_type: str) -> str:
    """Return the usual ending of files of a type, with its dot."""
    return _MIME_EXTENSIONS.get(media_type) or mimetypes.guess_extension(media_type, strict=False) or ".bin"


def _shortened(name: str) -> str:
    if len(name.encode()) <= MAX_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        stem, dot, ending = name, "", ""
    room = MAX_BYTES - len((dot + ending).encode())
    return stem.encode()[:room].decode("utf-8", "ignore") + dot + ending
