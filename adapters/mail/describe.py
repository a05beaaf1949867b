"""A mail, as ``gateway mail parse`` prints it, so that an operator finds out why it was read as it was."""

from pathlib import Path
from typing import Any

from adapters.contract import AutomaticKind, Meeting, Unreadable
from adapters.mail.letter import Mail
from adapters.mail.mime import read
from adapters.mail.reply import reply_of

__all__ = ["describe", "parse_file", "reply_of"]


def describe(raw: bytes) -> dict[str, Any]:
    """Return what is read from a mail, as plain JSON values; a mail that cannot be read says so in ``defects``."""
    try:
        mail = read(raw)
    except Unreadable as error:
        mail = Mail(message_id="", defects=(f"unreadable: {error}",))
    except Exception as error:  # as in the parser's process: whatever it is, the operator gets to see it
        mail = Mail(message_id="", defects=(f"unreadable: {type(error).__name__}: {error}",))
    return {
        "kind": _kind(mail),
        "may_autorespond": mail.may_autorespond,
        "because": mail.because,
        "subject": mail.subject,
        "from": {"address": mail.from_address, "name": mail.from_name},
        "text": mail.text,
        "html": mail.html,
        "reply": mail.reply,
        "attachments": [
            {"name": file.name, "type": file.media_type, "size": len(file.content)} for file in mail.files
        ],
        "bounce": _bounce(mail),
        "message_id": mail.message_id,
        "refs": list(mail.refs),
        "labels": list(mail.labels),
        "meetings": [_meeting(it) for it in mail.meetings],
        "defects": list(mail.defects),
    }


def parse_file(path: Path) -> dict[str, Any]:
    """Return ``describe`` of a file, with its name in ``file``."""
    return {"file": str(path), **describe(path.read_bytes())}


def _meeting(it: Meeting) -> dict[str, Any]:
    times = {
        name: at.isoformat() if at else None
        for name, at in (("starts_at", it.starts_at), ("ends_at", it.ends_at))
    }
    return {"method": it.method, "summary": it.summary, "where": it.where, "answer": it.answer} | times


def _kind(mail: Mail) -> str:
    return "message" if mail.automatic in (None, AutomaticKind.OWN) else str(mail.automatic)


def _bounce(mail: Mail) -> dict[str, Any] | None:
    if mail.automatic is not AutomaticKind.BOUNCE:
        return None
    return {
        "recipients": [
            {"address": it.address, "status": it.status, "hard": it.hard, "detail": it.detail}
            for it in mail.bounced
        ]
    }
