"""The effects of a ticket's life, carried out inside ``apply``'s transaction."""

from typing import assert_never

from gateway.pipeline import effects_life as e
from gateway.store import closing, complaints, logged, merging, reclassifying, tags, tasks
from gateway.store.applying import Applying


def carry_out(work: Applying, effect: e.LifeEffect) -> None:
    """Carry out one of them."""
    match effect:
        case e.EditComplaint():
            complaints.edit(work, effect)
        case e.RequireRecord():
            complaints.require(work, effect.fields)
        case e.TellClosing():
            closing.tell(work, effect)
        case e.CloseForSilence():
            closing.must_be_silent(work)
        case e.Reclassify():
            reclassifying.take_graver(work, effect)
        case e.AskTask():
            tasks.ask(work, effect)
        case e.MoveTask():
            tasks.move(work, effect)
        case e.LogWords():
            logged.log_words(work, effect)
        case e.ChangeTags():
            tags.change(work, effect)
        case e.ProposePreference():
            tags.propose(work, effect)
        case e.Merge():
            merging.merge(work, effect)
        case e.Unmerge():
            merging.unmerge(work, effect)
        case _:
            assert_never(effect)
