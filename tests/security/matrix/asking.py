"""A request for every route that is right in all but the right to make it."""

from dataclasses import dataclass
from typing import Any

from gateway.web.routes import Route
from tests.security.matrix.planting import Planted

PARTS = {
    "/tickets/{number}": "number",
    "/contacts/{number}": "contact",
    "/customers/{number}": "contact",
    "/tasks/{id}": "task",
    "/handovers/{id}": "handover",
    "/attachments/{id}": "file",
    "/alarms/{id}": "alarm",
    "/quarantine/{id}": "kept",
}
"""What the named part of an address is called on a ``Planted``; what is not here is nothing of a customer's."""


def part_of(route: Route) -> str | None:
    """Which name of a ticket the address takes; None for what is about no ticket."""
    return next((part for head, part in PARTS.items() if route.path.startswith(head)), None)


@dataclass(frozen=True, kw_only=True)
class Given:
    """What bodies are made of."""

    about: Planted
    version: int
    other: str
    """A ticket of the same customer that anybody at the desk sees."""
    colleague: str
    nonce: str
    later: str


def path_of(route: Route, given: Given) -> str:
    """Return the address with its parts filled in."""
    about, part = given.about, part_of(route)
    named = {"number": about.number, "id": "1", "seq": "1", "message": about.message, "other": given.other}
    if part is not None:
        named["id" if "{id}" in PARTS_OF[part] else "number"] = getattr(about, part)
    if "/promises/{id}" in route.path:
        named["id"] = about.promise
    path = route.path
    for name, value in named.items():
        path = path.replace(f"{{{name}}}", value)
    return path


PARTS_OF = {part: head for head, part in PARTS.items()}


def body_of(route: Route, given: Given) -> Any:
    """Return a body that fits; ``{}`` where none is known, which no door looks at before the right."""
    about, v = given.about, {"version": given.version}
    reason = {"reason": "because"}
    return {
        "/tickets/{number}/claim": v,
        "/tickets/{number}/replies": {"id": f"reply-{given.nonce}", "text": "您好", "seen_seq": 9999},
        "/tickets/{number}/notes": {"text": "看过了"},
        "/tickets/{number}/forwards": {
            "id": f"forward-{given.nonce}",
            "message": about.message,
            "to": ["x@elsewhere.example"],
        },
        "/tickets/{number}/transfer": {"department": "tech"} | reason,
        "/tickets/{number}/resolve": v | {"outcome": "已处理"},
        "/tickets/{number}/close": v,
        "/tickets/{number}/reopen": reason,
        "/tickets/{number}/spam": v,
        "/tickets/{number}/not-spam": v,
        "/tickets/{number}/merge": {"into": given.other} | reason,
        "/tickets/{number}/unmerge": reason,
        "/tickets/{number}/complaint": {"version": 0, "wanted": "退款"},
        "/tickets/{number}/promises/{id}/renegotiate": {"due_at": given.later} | reason,
        "/tickets/{number}/explanation": {"cause": "staff", "plan": "今天处理"},
        "/tickets/{number}/urgency": {"urgency": "critical"} | reason,
        "/tickets/{number}/tasks": {"department": "tech", "text": "请核对"},
        "/tickets/{number}/calls": {
            "id": f"call-{given.nonce}",
            "direction": "in",
            "text": "来电",
            "answers": False,
        },
        "/tickets/{number}/tags": {"on": "ticket", "add": ["急"], "remove": []},
        "/tickets/{number}/classification": v | {"subtype": "退款", "reason": "because"},
        "/tickets/{number}/escalate": reason,
        "/tasks/{id}/done": {"answer": "好了"},
        "/tasks/{id}/decline": reason,
        "/tasks/{id}/withdraw": reason,
        "/tasks/{id}/notes": {"text": "看过了"},
        "/handovers/{id}/decline": reason,
        "/contacts/{number}": {"preferences": []},
        "/contacts/{number}/vip": {"vip": True},
        "/typing": {"number": about.number},
        "/drafts/check": {"ticket": about.number, "text": "好"},
    }.get(route.path, {})
