"""What clients send and what they are sent, as JSON. Pure, hand-checked and lean: this is the hot path."""

import re
from dataclasses import dataclass
from typing import Any

import orjson

from adapters.contract import LiveNotice, Shown
from adapters.text import escape, to_html
from adapters.webchat.words import Language, title

_ID = re.compile(r"[A-Za-z0-9_.\-]{1,64}")
_MESSAGE_KEYS = frozenset({"type", "id", "text", "choice", "attachments", "consent"})
_UTC_Z = orjson.OPT_UTC_Z


class BadMessage(Exception):
    """A client's message that cannot be taken; ``code`` is one of ``words.TITLES``."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(detail or code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A customer's message as their client sent it, checked; ``attachments`` are ids not yet looked up."""

    id: str
    text: str
    choice: str | None
    attachments: tuple[str, ...]
    consent: str | None = None


def read_object(body: bytes | bytearray) -> dict[str, Any]:
    """Return the JSON object in ``body``.

    Raises:
        BadMessage: not JSON, or JSON of another shape.
    """
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadMessage("bad-json") from None
    if type(data) is not dict:
        raise BadMessage("bad-json")
    return data


def read_message(data: dict[str, Any], max_text: int, max_files: int) -> Said:
    """Return a checked message.

    Raises:
        BadMessage: an unknown key, a wrong type, nothing said, or too much.
    """
    if not data.keys() <= _MESSAGE_KEYS:
        raise BadMessage("bad-message", f"unknown key: {min(data.keys() - _MESSAGE_KEYS)[:40]}")
    message_id = data.get("id")
    if type(message_id) is not str or not _ID.fullmatch(message_id):
        raise BadMessage("bad-message", "id must be 1 to 64 of A-Z a-z 0-9 . _ -")
    text = data.get("text")
    if text is None:
        text = ""
    elif type(text) is not str:
        raise BadMessage("bad-message", "text must be a string")
    if len(text) > max_text:
        raise BadMessage("too-big", f"text has more than {max_text} characters")
    if "\0" in text:
        text = text.replace("\0", "")
    choice = data.get("choice")
    if choice is not None and (type(choice) is not str or not 0 < len(choice) <= 200 or "\0" in choice):
        raise BadMessage("bad-message", "choice must be a string of 1 to 200 characters")
    files = data.get("attachments")
    if files is None:
        files = ()
    elif type(files) is not list or not all(type(it) is str and is_id(it) for it in files):
        raise BadMessage("bad-message", "attachments must be a list of ids")
    if len(files) > max_files:
        raise BadMessage("bad-message", f"more than {max_files} attachments")
    consent = data.get("consent")
    if consent is not None and (
        type(consent) is not str or not 0 < len(consent) <= 40 or not consent.isprintable()
    ):
        raise BadMessage("bad-message", "consent must be the version of the notice agreed to")
    if choice is None and not files and not text.strip():
        raise BadMessage("bad-message", "one of text, choice and attachments is needed")
    return Said(id=message_id, text=text, choice=choice, attachments=tuple(files), consent=consent)


def is_id(text: str) -> bool:
    """Say whether ``text`` may be the id of an attachment."""
    return len(text) <= 128 and text.replace("-", "").replace("_", "").isalnum() and text.isascii()


def message(shown: Shown) -> dict[str, Any]:
    """Return one message as clients see it, in history and on the socket alike."""
    is_theirs = shown.author == "customer"
    agent = None
    if shown.agent_name is not None or shown.agent_number is not None:
        agent = {"name": shown.agent_name, "number": shown.agent_number}
    return {
        "seq": shown.seq,
        # An external id is "<visitor>:<the client's id>"; the client gets its own half back.
        "id": shown.id.rpartition(":")[2] if is_theirs else shown.id,
        "author": shown.author,
        "agent": agent,
        "text": shown.text,
        "html": escape(shown.text) if is_theirs else to_html(shown.text),
        "choices": [{"id": it.id, "label": it.label} for it in shown.choices],
        "attachments": [
            {"id": it.id, "name": it.name, "media_type": it.media_type, "size": it.size}
            for it in shown.attachments
        ],
        "at": shown.at,
    }


def message_frame(shown: Shown) -> bytes:
    """Return one message as the socket sends it."""
    return orjson.dumps({"type": "message", **message(shown)}, option=_UTC_Z)


def notice_frame(notice: LiveNotice) -> bytes:
    """Return something of the moment as the socket sends it."""
    data: dict[str, Any] = {"type": notice.kind}
    if notice.kind == "queue":
        data |= {"place": notice.place, "expected_at": notice.expected_at}
    elif notice.kind == "state":
        data |= {"state": notice.state}
    if notice.agent_name is not None:
        data["agent"] = {"name": notice.agent_name}
    return orjson.dumps(data, option=_UTC_Z)


def ack_frame(id: str, seq: int | None) -> bytes:
    """Return the word that a message is stored for good."""
    return orjson.dumps({"type": "ack", "id": id, "seq": seq})


def ready_frame(last_seq: int) -> bytes:
    """Return the word that everything up to ``last_seq`` has been sent."""
    return orjson.dumps({"type": "ready", "last_seq": last_seq})


def error_frame(
    code: str, lang: Language, *, id: object = None, detail: str = "", retry_after: int | None = None
) -> bytes:
    """Return a refusal; ``id`` names the message it is about."""
    data: dict[str, Any] = {"type": "error", "code": code, "title": title(code, lang)}
    if type(id) is str and len(id) <= 64:
        data["id"] = id
    if detail:
        data["detail"] = detail
    if retry_after is not None:
        data["retry_after"] = retry_after
    return orjson.dumps(data)


PONG = b'{"type":"pong"}'
