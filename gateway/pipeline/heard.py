"""What the bot made of a message, in the few words the audit trail keeps: what gaps in the knowledge are found by."""

from typing import Any

from gateway.pipeline.classify import CHOSEN
from gateway.pipeline.plan import Plan


def heard(plan: Plan) -> dict[str, Any]:
    """Return outcome, entry and reason for a person, as far as there are any; nothing for an agent's plan.

    ``outcome`` is the knowledge base's verdict (answer, choices, none), ``entry`` the entry it is about,
    ``score`` how sure; ``chosen`` says that the contact picked an offered choice, ``small_talk`` its kind; ``missed``
    are those of several questions to which nothing was known.
    """
    found: dict[str, Any] = {"hand_off": plan.hand_off} if plan.hand_off else {}
    outcome = plan.outcome
    if outcome is None:
        return found
    found["outcome"] = outcome.kind
    if outcome.matches:
        found |= {"entry": outcome.matches[0].id, "score": round(outcome.matches[0].score, 3)}
    if outcome.small_talk:
        found["small_talk"] = outcome.small_talk
    if missed := [part.asked for part in outcome.parts if part.kind == "none"]:
        found["missed"] = missed
    if outcome.because == CHOSEN:
        found["chosen"] = True
    return found
