"""What customers asked and what became of it, read from the record: the audit lines of turns and the messages."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import select

from gateway.store import tables as t
from gateway.store.database import Tx

MOST_TURNS = 200_000
"""The newest so many turns are looked at: some hundred megabytes of memory at the worst."""
MOST_TEXT = 2_000
_AT_ONCE = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One message of a customer, what the bot made of it, and what an agent said to it."""

    message_id: int
    conversation_id: int
    at: datetime
    channel: str
    lang: str
    text: str
    outcome: str = ""
    """``answer``, ``choices`` or ``none``; empty while the bot had nothing to say (an agent had the floor)."""
    entry: str | None = None
    """The entry the outcome is about: the one answered with, or the likeliest."""
    small_talk: str = ""
    is_choice: bool = False
    """The customer picked one of the offered choices."""
    missed: tuple[str, ...] = ()
    """Of several questions in the message, those to which the bot knew nothing, in the customer's words."""
    hand_off: str = ""
    """Why a person took over with this message."""
    reply: str | None = None
    """The longest of the messages an agent wrote next, until the customer wrote again."""


_e, _m = t.event.c, t.message.c


def read_questions(tx: Tx, since: datetime) -> tuple[Question, ...]:
    """Return every question since then in conversations that the bot alone did not settle, oldest first.

    Conversations in which every message was answered, and nobody asked for a person, are left out.
    """
    heard = _heard(tx, since)
    threads = sorted({thread for thread, data in heard.values() if _is_unsettled(data)})
    found: list[Question] = []
    for start in range(0, len(threads), _AT_ONCE):
        found += _of_threads(tx, threads[start : start + _AT_ONCE], since, heard)
    return tuple(sorted(found, key=lambda one: one.message_id))


def read_asked(tx: Tx, since: datetime, most: int) -> tuple[str, ...]:
    """Return the newest ``most`` texts customers wrote to the bot since then, none twice, oldest first."""
    asked = (
        select(_m.text)
        .where(_m.author == "customer", _m.at >= since, _m.text != "")
        .order_by(_m.id.desc())
        .limit(most)
    )
    return tuple(dict.fromkeys(reversed(tx.execute(asked).scalars().all())))


def _heard(tx: Tx, since: datetime) -> dict[int, tuple[int, Mapping[str, Any]]]:
    """Return, by message, its thread and what the bot made of it: the newest turns since then."""
    turns = (
        select(_e.thread_id, _e.data)
        .where(_e.kind == "message", _e.at >= since)
        .order_by(_e.id.desc())
        .limit(MOST_TURNS)
    )
    return {
        data["message"]: (thread, data) for thread, data in tx.execute(turns) if data and data.get("message")
    }


def _is_unsettled(data: Mapping[str, Any]) -> bool:
    return bool(data.get("hand_off") or data.get("missed")) or (
        data.get("outcome") in ("none", "choices") and not data.get("small_talk")
    )


def _of_threads(
    tx: Tx, threads: Sequence[int], since: datetime, heard: Mapping[int, tuple[int, Mapping[str, Any]]]
) -> Iterator[Question]:
    lines = (
        select(
            _m.id,
            _m.conversation_id,
            _m.author,
            _m.text,
            _m.at,
            t.conversation.c.channel,
            t.conversation.c.lang,
        )
        .join(t.conversation, t.conversation.c.id == _m.conversation_id)
        .where(_m.thread_id.in_(threads), _m.at >= since, _m.author.in_(("customer", "agent")))
        .order_by(_m.thread_id, _m.seq)
    )
    rows = ({**row._mapping} for row in tx.execute(lines))
    for _, conversation in groupby(rows, key=itemgetter("conversation_id")):
        yield from _of_conversation(list(conversation), heard)


def _of_conversation(
    lines: Sequence[Mapping[str, Any]], heard: Mapping[int, tuple[int, Mapping[str, Any]]]
) -> Iterator[Question]:
    for place, line in enumerate(lines):
        if line["author"] != "customer":
            continue
        _, data = heard.get(line["id"], (0, {}))
        yield Question(
            message_id=line["id"],
            conversation_id=line["conversation_id"],
            at=line["at"],
            channel=line["channel"],
            lang=line["lang"],
            text=line["text"][:MOST_TEXT],
            outcome=data.get("outcome", ""),
            entry=data.get("entry"),
            small_talk=data.get("small_talk", ""),
            is_choice=bool(data.get("chosen")),
            missed=tuple(data.get("missed", ())),
            hand_off=data.get("hand_off", ""),
            reply=_reply(lines[place + 1 :]),
        )


def _reply(after: Iterable[Mapping[str, Any]]) -> str | None:
    """Return the longest of what agents wrote next; greetings are shorter than answers."""
    said: list[str] = []
    for line in after:
        if line["author"] == "agent":
            said.append(line["text"][:MOST_TEXT])
        elif said:
            break
    return max(said, key=len, default=None)
