"""Gaps in the knowledge: what customers asked and people had to answer, grouped, and dearest first."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from gateway.editing.asking import Item, items_of
from gateway.editing.replies import most_common_reply
from gateway.store.questions import Question
from knowledge.normalize import fold
from knowledge.similar import group_alike

GapKind = Literal["unanswered", "handed_over", "repeated"]

MOST_QUESTIONS = 10_000
"""The newest so many questions are grouped."""
REPEATED = 3
"""So often must agents have written a reply before it is a gap by itself."""
MOST_EXAMPLES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One of the questions, without anything that says who asked it."""

    text: str
    at: datetime
    channel: str
    conversation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Questions that mean the same and cost an agent's time, with what would close the gap."""

    id: str
    """Stable while its most typical question is the same: for links and buttons."""
    kinds: tuple[GapKind, ...]
    """``unanswered``: the bot knew nothing, or its choices were not taken; ``handed_over``: it answered, and
    the customer asked for a person all the same; ``repeated``: agents wrote the same reply again and again."""
    question: str
    """The most typical of the questions."""
    lang: str
    times: int
    """In so many conversations."""
    cost: timedelta
    """``times`` × what an agent's handling takes."""
    examples: tuple[Example, ...]
    """Different wordings, the most typical first."""
    reply: str | None
    """What agents answered most often, without personal data; None where nobody answered."""
    reply_times: int
    entries: tuple[str, ...]
    """Entries the bot answered with or offered, most often first: perhaps one of them only lacks a phrasing."""
    last_at: datetime


def find_gaps(
    questions: Sequence[Question],
    *,
    handling: timedelta,
    known: Sequence[str] = (),
    most: int = 50,
) -> tuple[Gap, ...]:
    """Return the ``most`` dearest gaps.

    ``handling`` is what one enquiry costs an agent; ``known`` are the phrasings of the entries there are:
    from them, too, it is learnt which words are common and say little.
    """
    items = items_of(questions)[-MOST_QUESTIONS:]
    groups = group_alike([item.text for item in items], background=known)
    found = [gap for group in groups for gap in _gap([items[place] for place in group], handling)]
    return tuple(sorted(found, key=lambda gap: (-gap.cost, -gap.reply_times, gap.question))[:most])


def _gap(group: Sequence[Item], handling: timedelta) -> Iterator[Gap]:
    """Yield the gap these questions are, if they are one."""
    common = most_common_reply([item.reply for item in group])
    repeated = len({group[place].conversation_id for place in common.places}) >= REPEATED
    counted = [
        item
        for place, item in enumerate(group)
        if item.kind != "replied" or (repeated and place in common.places)
    ]
    if not counted:
        return
    kinds = {item.kind for item in counted}
    times = len({item.conversation_id for item in counted})
    entries = Counter(item.entry for item in counted if item.entry)
    yield Gap(
        id=hashlib.blake2b(fold(group[0].text).encode("utf-8", "replace"), digest_size=5).hexdigest(),
        kinds=(
            *(("unanswered",) if "unanswered" in kinds else ()),
            *(("handed_over",) if "handed_over" in kinds else ()),
            *(("repeated",) if repeated else ()),
        ),
        question=group[0].text,
        lang=Counter(item.lang for item in counted).most_common(1)[0][0],
        times=times,
        cost=times * handling,
        examples=tuple(_examples(group)),
        reply=common.text,
        reply_times=len(common.places),
        entries=tuple(entry for entry, _ in entries.most_common(3)),
        last_at=max(item.at for item in counted),
    )


def _examples(group: Sequence[Item]) -> Iterator[Example]:
    """Yield the first few that differ in more than case and punctuation."""
    different = list({fold(item.text): item for item in reversed(group)}.values())
    for item in different[: -MOST_EXAMPLES - 1 : -1]:
        yield Example(text=item.text, at=item.at, channel=item.channel, conversation_id=item.conversation_id)
