"""``triage``: what the gateway would make of a first message; no server, no database."""

import json
import sys
from typing import Annotated, Any

import typer

from gateway.commands.common import DEFAULT, Config, fail, settings_of
from gateway.domain.sensitive import sensitive_tags
from gateway.triage.evidence import Message
from gateway.triage.model import shipped_model
from gateway.triage.read_rules import shipped
from gateway.triage.triage import Triager

JsonLines = Annotated[bool, typer.Option("--jsonl", help="One JSON object a line in, one out, same order.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(triage)


def triage(
    text: Annotated[str | None, typer.Argument(help="What a customer might write.")] = None,
    jsonl: JsonLines = False,
    config: Config = DEFAULT,
) -> None:
    """Say what a first message is about: type, urgency, anomaly, department and more, and why."""
    triager = settings_of(config).triager() if config.exists() else Triager(shipped(), shipped_model())
    if not jsonl:
        if text is None:
            fail("name a message: gateway triage '我的快递丢了'", code=2)
        _print(triaged(triager, {"text": text}))
        return
    for number, line in enumerate(sys.stdin, start=1):
        if not line.strip():
            continue
        try:
            answered = triaged(triager, json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            fail(f"line {number}: not a JSON object with the fields needed ({error})", code=2)
        _print(answered)


def triaged(triager: Triager, row: dict[str, Any]) -> dict[str, Any]:
    """Return what is printed for one message."""
    message = Message(
        text=str(row["text"]), subject=str(row.get("subject") or ""), channel=str(row.get("channel") or "")
    )
    found = triager.triage(message)
    return {
        "id": row.get("id"),
        "type": found.type,
        "subtype": found.subtype,
        "urgency": found.urgency,
        "anomaly": found.anomaly,
        "department": found.department,
        "needs_identity": found.needs_identity,
        "sensitive": list(sensitive_tags(message.whole)),
        "lang": found.lang,
        "confidence": {field: round(value, 3) for field, value in found.confidence.items()},
        "because": list(found.because),
        "version": found.version,
    }


def _print(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False), flush=True)
