"""Faces of the store as JSON bytes."""

from typing import Any

import orjson

from adapters.text import to_html


def encode(value: Any) -> bytes:
    """Return compact JSON; instants are RFC 3339 in UTC with a ``Z``."""
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


def with_html(message: dict[str, Any]) -> dict[str, Any]:
    """Return a message with what the house said also as safe HTML; a contact's words are never Markdown."""
    return message if message["author"] == "customer" else message | {"html": to_html(message["text"])}
