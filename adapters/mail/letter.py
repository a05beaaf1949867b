"""A mail that was read, and how it travels between the parser's process and ours: JSON first, then the files' bytes."""

import json
import struct
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from adapters.contract import AutomaticKind, Bounced, Meeting

AMBIGUOUS = "more than one From address"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """An attached file; ``content_id`` is how the HTML names it."""

    name: str
    media_type: str
    content: bytes
    inline: bool = False
    content_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail, read. ``text`` is the whole body as plain text, ``reply`` only its new words."""

    message_id: str
    refs: tuple[str, ...] = ()
    subject: str = ""
    from_address: str = ""
    from_name: str = ""
    reply_to: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    delivered_to: tuple[str, ...] = ()
    date: datetime | None = None
    text: str = ""
    html: str | None = None
    reply: str = ""
    files: tuple[File, ...] = ()
    automatic: AutomaticKind | None = None
    may_autorespond: bool = False
    because: str = ""
    bounced: tuple[Bounced, ...] = ()
    returned_ids: tuple[str, ...] = ()
    auth_results: tuple[str, ...] = ()
    loop_mark: str = ""
    labels: tuple[str, ...] = ()
    """What an agent is to see at a glance: ``encrypted``, ``signed``, ``calendar``."""
    forwarded_from: tuple[str, str] | None = None
    meetings: tuple[Meeting, ...] = ()
    spam: str | None = None
    """Why the receiving server takes it for spam."""
    defects: tuple[str, ...] = ()


def pack(mail: Mail) -> bytes:
    """Return a mail as bytes that ``unpack`` understands."""
    bare = replace(mail, files=tuple(replace(file, content=b"") for file in mail.files))
    values: dict[str, Any] = asdict(bare)
    values["date"] = mail.date.isoformat() if mail.date else None
    for meeting in values["meetings"]:
        for name in ("starts_at", "ends_at"):
            meeting[name] = meeting[name].isoformat() if meeting[name] else None
    values["sizes"] = [len(file.content) for file in mail.files]
    for file in values["files"]:
        del file["content"]
    # Lone surrogates, which a hostile mail may hold, are not text: they go out as U+FFFD.
    head = json.dumps(values, ensure_ascii=False).encode("utf-8", "replace")
    return b"".join([struct.pack(">I", len(head)), head, *(file.content for file in mail.files)])


def unpack(data: bytes) -> Mail:
    """Return the mail that ``pack`` packed.

    Raises:
        ValueError: the bytes are not of that kind.
    """
    try:
        (length,) = struct.unpack_from(">I", data)
        values = json.loads(data[4 : 4 + length])
        at = 4 + length
        files: list[File] = []
        for size, file in zip(values.pop("sizes"), values.pop("files"), strict=True):
            files.append(File(**file, content=data[at : at + size]))
            at += size
        kind, date = values.pop("automatic"), values.pop("date")
        bounced = tuple(Bounced(**it) for it in values.pop("bounced"))
        meetings = tuple(_meeting(it) for it in values.pop("meetings"))
        forwarded_from = values.pop("forwarded_from")
        lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
        return Mail(
            **(values | lists),
            files=tuple(files),
            bounced=bounced,
            meetings=meetings,
            forwarded_from=(forwarded_from[0], forwarded_from[1]) if forwarded_from else None,
            automatic=AutomaticKind(kind) if kind else None,
            date=datetime.fromisoformat(date) if date else None,
        )
    except (struct.error, KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"not a packed mail: {error}") from error


def _meeting(values: dict[str, Any]) -> Meeting:
    times = {
        name: datetime.fromisoformat(values[name]) if values[name] else None
        for name in ("starts_at", "ends_at")
    }
    return Meeting(**(values | times))
