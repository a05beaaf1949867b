"""What is posted to the app's webhook, and what the app reads back. Pure."""

import base64
from collections.abc import Sequence
from typing import Any

import orjson

from adapters.contract import Outbound, Shown


def body_of(outbound: Outbound, files: Sequence[bytes]) -> bytes:
    """Return the JSON of one message; ``files`` are the contents of its attachments, in order."""
    data: dict[str, Any] = {
        "id": outbound.key,
        "channel": outbound.channel,
        "thread": outbound.thread,
        "to": outbound.address,
        "author": outbound.author,
        "agent": agent(outbound.agent_name, outbound.agent_number),
        "automatic": outbound.automatic,
        "lang": outbound.lang,
        "text": outbound.text,
        "choices": [{"id": it.id, "label": it.label} for it in outbound.choices],
        "attachments": [
            {
                "name": it.name,
                "media_type": it.media_type,
                "size": len(content),
                "content": base64.b64encode(content).decode(),
            }
            for it, content in zip(outbound.attachments, files, strict=True)
        ],
        "replies_to": outbound.replies_to,
        "edits": outbound.edits,
        "ticket": outbound.ticket,
    }
    at = outbound.created_at.isoformat() if outbound.created_at else None
    return orjson.dumps({"type": "message.created", "timestamp": at, "data": data})


def shown(message: Shown) -> dict[str, Any]:
    """Return one message of a thread's history as the app sees it."""
    return {
        "seq": message.seq,
        "id": message.id,
        "author": message.author,
        "agent": agent(message.agent_name, message.agent_number),
        "text": message.text,
        "choices": [{"id": it.id, "label": it.label} for it in message.choices],
        "attachments": [
            {"id": it.id, "name": it.name, "media_type": it.media_type, "size": it.size}
            for it in message.attachments
        ],
        "at": message.at.isoformat(),
    }


def agent(name: str | None, number: str | None) -> dict[str, str | None] | None:
    """Return who of the house writes, or None."""
    return {"name": name, "number": number} if name or number else None
