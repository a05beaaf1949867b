"""Decide after the fact, from the database and the journal alone: was anything lost, doubled, or out of order? PURE."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from gateway.domain.covering import cover
from tests.chaos import check_inside, check_outbox
from tests.chaos.journal import Journal, Sent
from tests.chaos.rows import Row, Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The figures of a run, and every broken promise in words."""

    sent: int
    acks: int
    lost: int
    doubled: int
    extra_copies: int
    worst_kill: int
    """The most extra copies that one kill left behind: several sends are on their way side by side."""
    held: int
    """Replies that were handed to a person because their fate was unknown twice."""
    slowest_answers: dict[str, float]
    """By channel, the longest time in seconds between a message's row and the row of its automatic answer."""
    broken: list[str] = field(default_factory=list)


def check(rows: Rows, journal: Journal, *, now: int) -> Verdict:
    """Hold a drained database to everything that was promised; ``now`` in microseconds since 1970."""
    stored: dict[tuple[str, str], list[Row]] = {}
    for row in rows.messages:
        if row["author"] == "customer":
            stored.setdefault((row["channel"], row["public_id"]), []).append(row)
    lost = [sent for sent in journal.acked() if (sent.channel, sent.id) not in stored]
    doubled = {key: len(found) for key, found in stored.items() if len(found) > 1}
    doubled_inbox = {
        key: count
        for key, count in Counter((row["channel"], row["external_id"]) for row in rows.inbox).items()
        if count > 1
    }
    copies = check_outbox.copies(rows, journal)
    broken = [
        *journal.contradictions,
        *(f"lost: {sent.channel} {sent.id} was acknowledged and is not there" for sent in lost),
        *(f"doubled: {channel} {name} is there {count} times" for (channel, name), count in doubled.items()),
        *(
            f"doubled: inbox has {channel} {name} {count} times"
            for (channel, name), count in doubled_inbox.items()
        ),
        *_as_sent(stored, journal),
        *_order(stored, journal),
        *_answers(rows, stored, journal),
        *_shown(rows, journal),
        *check_inside.broken(rows),
        *check_outbox.broken(rows, journal, copies, now=now),
    ]
    return Verdict(
        sent=len(journal.sent),
        acks=sum(1 for _ in journal.acked()),
        lost=len(lost),
        doubled=len(doubled) + len(doubled_inbox),
        extra_copies=copies.extra,
        worst_kill=copies.worst_kill,
        held=sum(row["state"] == "held" for row in rows.outbox),
        slowest_answers=_slowest_answers(rows),
        broken=broken,
    )


def _as_sent(stored: dict[tuple[str, str], list[Row]], journal: Journal) -> Iterator[str]:
    """What is stored is what was sent, under the number that was promised; nothing is there that nobody sent."""
    for key, found in stored.items():
        sent = journal.sent.get(key)
        if sent is None:
            yield f"invented: {key[0]} {key[1]} was never sent"
        elif found[0]["text"].strip() not in (sent.text, cover(sent.text)):
            yield f"changed: {key[0]} {key[1]} reads {found[0]['text']!r}, not {sent.text!r}"
        elif sent.seq is not None and found[0]["seq"] != sent.seq:
            yield f"renumbered: {key[0]} {key[1]} was acknowledged as {sent.seq} and is {found[0]['seq']}"


def _order(stored: dict[tuple[str, str], list[Row]], journal: Journal) -> Iterator[str]:
    """Messages written one after the other on a thread carry rising numbers."""
    last: dict[tuple[str, str], int] = {}
    for sent in journal.sent.values():
        found = stored.get((sent.channel, sent.id))
        if not found or not sent.ordered:
            continue
        line = (sent.channel, sent.thread)
        if found[0]["seq"] <= last.get(line, 0):
            yield f"order: {sent.channel} {sent.id} is {found[0]['seq']}, written after {last[line]}"
        last[line] = found[0]["seq"]


def _answers(rows: Rows, stored: dict[tuple[str, str], list[Row]], journal: Journal) -> Iterator[str]:
    """Each message had exactly one turn; one that calls for an answer got exactly one."""
    said = check_inside.said_by_turn(rows)
    authors = {row["id"]: row["author"] for row in rows.messages}
    for key, found in stored.items():
        turns = said.get(found[0]["id"], [])
        if len(turns) != 1:
            yield f"turns: {key[0]} {key[1]} had {len(turns)} turns, not one"
            continue
        automatic = [one for one in turns[0] if authors.get(one) in ("bot", "system")]
        sent = journal.sent.get(key)
        if sent is not None and _wrong_count(sent, len(automatic)):
            yield f"answers: {key[0]} {key[1]} got {len(automatic)} automatic answers, not one"
    calls: Counter[tuple[str, str]] = Counter()
    quiet: set[tuple[str, str]] = set()
    for key, found in stored.items():
        line = (found[0]["channel"], found[0]["thread"])
        calls[line] += 1
        sent = journal.sent.get(key)
        if sent is None or not sent.answered:
            quiet.add(line)
    replies = Counter((row["channel"], row["thread"]) for row in rows.messages if row["author"] == "bot")
    for line, count in calls.items():
        if line not in quiet and replies[line] != count:
            yield f"answers: thread {line} has {count} messages and {replies[line]} answers"


def _wrong_count(sent: Sent, automatic: int) -> bool:
    return automatic != 1 if sent.answered else automatic > 1


def _shown(rows: Rows, journal: Journal) -> Iterator[str]:
    """What any client was ever shown is stored, and the last transcript is the stored one: no extra, no gap."""
    web: dict[str, dict[int, Row]] = {}
    for row in rows.messages:
        if row["thread"] in journal.transcripts:
            web.setdefault(row["thread"], {})[row["seq"]] = row
    for (thread, seq), seen in journal.seen.items():
        kept = web.get(thread, {}).get(seq)
        if kept is None:
            yield f"shown: {thread} was shown number {seq}, which is not stored"
        elif kept["text"] != seen.text or (seen.author != "customer" and kept["public_id"] != seen.id):
            yield f"shown: {thread} was shown another number {seq} than the stored one"
    for thread, transcript in journal.transcripts.items():
        ids = Counter(seen.id for seen in transcript)
        yield from (
            f"widget: {thread} is shown {name} {count} times" for name, count in ids.items() if count > 1
        )
        if [seen.seq for seen in transcript] != sorted(web.get(thread, {})):
            yield f"widget: the transcript of {thread} is not what is stored"


def _slowest_answers(rows: Rows) -> dict[str, float]:
    at = {row["id"]: row["at"] for row in rows.messages}
    channels = {row["id"]: row["channel"] for row in rows.messages}
    slowest: dict[str, float] = {}
    for message, turns in check_inside.said_by_turn(rows).items():
        for answers in turns:
            if answers and answers[0] in at and message in at:
                waited = round((at[answers[0]] - at[message]) / 1_000_000, 3)
                slowest[channels[message]] = max(slowest.get(channels[message], 0), waited)
    return slowest
