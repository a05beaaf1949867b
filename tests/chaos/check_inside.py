"""What must hold inside the database whatever was sent: numbers, turns, conversations, tickets. PURE."""

import json
from collections import Counter
from collections.abc import Iterator

from tests.chaos.rows import Rows

STATES = ("bot", "queued", "with_agent", "closed")
OPEN = ("open", "in_progress")


def broken(rows: Rows) -> Iterator[str]:
    """Yield every promise that the rows break by themselves."""
    if rows.integrity != "ok":
        yield f"integrity: {rows.integrity}"
    yield from _numbers(rows)
    yield from _conversations(rows)
    for row in rows.inbox:
        if row["state"] != "done":
            yield f"inbox: row {row['id']} is {row['state']} after {row['attempts']} tries: {row['error']}"


def said_by_turn(rows: Rows) -> dict[int, list[list[int]]]:
    """Return what each turn said, by the customer's message it was about."""
    said: dict[int, list[list[int]]] = {}
    for row in rows.turns:
        data = json.loads(row["data"])
        if data.get("message") is not None:
            said.setdefault(data["message"], []).append(data["said"])
    return said


def _numbers(rows: Rows) -> Iterator[str]:
    """Each thread counts 1, 2, 3 … up to its ``last_seq``."""
    given: dict[int, list[int]] = {}
    for row in rows.messages:
        given.setdefault(row["thread_id"], []).append(row["seq"])
    for thread in rows.threads:
        numbers = sorted(given.get(thread["id"], []))
        if numbers != list(range(1, thread["last_seq"] + 1)):
            yield f"seq: thread {thread['channel']} {thread['key']} has {numbers} up to {thread['last_seq']}"


def _conversations(rows: Rows) -> Iterator[str]:
    """Each message belongs to one; each has a state, and whoever waits waits on a ticket that somebody owns."""
    tickets = Counter(row["conversation_id"] for row in rows.tickets)
    numbers = Counter(row["number"] for row in rows.tickets)
    yield from (f"tickets: conversation {name} has {count}" for name, count in tickets.items() if count > 1)
    yield from (
        f"tickets: {number} was given {count} times" for number, count in numbers.items() if count > 1
    )
    known = {row["id"]: row for row in rows.conversations}
    for thread in rows.threads:
        if thread["conversation_id"] not in known:
            yield f"conversation: thread {thread['channel']} {thread['key']} has none"
    for message in rows.messages:
        if message["conversation_id"] not in known:
            yield f"conversation: message {message['id']} belongs to none"
    by_conversation = {row["conversation_id"]: row for row in rows.tickets}
    for name, conversation in known.items():
        state, ticket = conversation["state"], by_conversation.get(name)
        if state not in STATES:
            yield f"conversation: {name} has the state {state!r}"
        if state == "queued" and (ticket is None or ticket["status"] not in OPEN or not ticket["department"]):
            yield f"conversation: {name} waits for nobody"
        if state == "with_agent" and (ticket is None or ticket["agent_id"] is None):
            yield f"conversation: {name} is with an agent, but with whom?"
