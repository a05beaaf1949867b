"""Which of the recorded messages were questions that cost somebody's time, and what they were, anonymously."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Literal

from gateway.domain.masking import strike
from gateway.pipeline.answer import CRITICAL, UPSET
from gateway.pipeline.ask_for_person import ASKED, asks_for_person, only_asks
from gateway.store.questions import Question

LONGEST = 300
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A question worth looking at: ``replied`` ones only count when agents keep saying the same to them."""

    text: str
    kind: Literal["unanswered", "handed_over", "replied"]
    conversation_id: int
    at: datetime
    channel: str
    lang: str
    entry: str | None
    reply: str | None


def items_of(questions: Sequence[Question]) -> list[Item]:
    """Return what is worth looking at, oldest first, with personal data struck out.

    Left out are greetings, bare wishes for a person, and what went to a person whatever the bot knew:
    complaints and emergencies.
    """
    by_conversation = sorted(questions, key=lambda one: (one.conversation_id, one.message_id))
    found = [
        item
        for _, those in groupby(by_conversation, key=attrgetter("conversation_id"))
        for item in _of_conversation(list(those))
    ]
    return sorted(found, key=lambda item: item.at)


def _of_conversation(asked: Sequence[Question]) -> Iterator[Item]:
    was_answered: Question | None = None
    """The last question the bot answered: what somebody who now asks for a person was not content with."""
    open_question: Question | None = None
    for place, one in enumerate(asked):
        if one.hand_off == ASKED and was_answered is not None:
            yield _item(was_answered, "handed_over", reply=was_answered.reply or one.reply)
            was_answered = None
        if one.is_choice:
            if open_question is not None and one.outcome == "answer" and not one.hand_off:
                was_answered = open_question
            continue
        if not _is_question(one):
            continue
        open_question = one
        for words in one.missed:
            yield _item(replace(one, text=words, entry=None), "unanswered")
        after = asked[place + 1] if place + 1 < len(asked) else None
        if one.outcome == "none" or (one.outcome == "choices" and not (after and after.is_choice)):
            yield _item(one, "unanswered")
        elif one.outcome == "answer" and not one.hand_off:
            was_answered = one
        elif one.reply and not one.outcome:
            yield _item(one, "replied")


def _is_question(one: Question) -> bool:
    if one.small_talk or one.hand_off in (UPSET, CRITICAL) or len(_LETTERS.findall(one.text)) < 2:
        return False
    return not (asks_for_person(one.text) and only_asks(one.text))


def _item(
    one: Question, kind: Literal["unanswered", "handed_over", "replied"], *, reply: str | None = None
) -> Item:
    return Item(
        text=" ".join(strike(one.text).split())[:LONGEST],
        kind=kind,
        conversation_id=one.conversation_id,
        at=one.at,
        channel=one.channel,
        lang=one.lang,
        entry=one.entry,
        reply=strike(reply or one.reply or "").strip() or None,
    )
