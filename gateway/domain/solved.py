"""Whether it is solved: two choices under what tells an outcome, and what picking one of them means."""

from gateway.domain.conversation import OfferedChoice
from gateway.domain.wording import Texts

SOLVED, NOT_SOLVED = "solved", "not_solved"
"""Ids of the two choices; no knowledge entry has such a one, for theirs have a file each."""


def asked_if_solved(texts: Texts, lang: str) -> tuple[OfferedChoice, ...]:
    """Return the two choices in the contact's language."""
    return (
        OfferedChoice(id=SOLVED, label=texts.say("solved.yes", lang)),
        OfferedChoice(id=NOT_SOLVED, label=texts.say("solved.no", lang)),
    )
