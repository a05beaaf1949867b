"""What the bot made of a message, in the few words the audit trail keeps: what gaps in the knowledge are found by."""

from typing import Any

from gateway.domain.ticket import Classification
from gateway.pipeline.classify import CHOSEN
from gateway.pipeline.plan import Owe, Plan


def heard(plan: Plan) -> dict[str, Any]:
    """Return outcome, entry and reason for a person, as far as there are any; nothing for an agent's plan.

    ``outcome`` is the knowledge base's verdict (answer, choices, none), ``entry`` the entry it is about,
    ``score`` how sure; ``chosen`` says that the contact picked an offered choice, ``small_talk`` its kind; ``missed``
    are those of several questions to which nothing was known. ``about`` is the classification, ``owed`` what is
    promised by when, ``rules`` the version of the rules: what a changed rule would do is compared with these.
    """
    found: dict[str, Any] = {"hand_off": plan.hand_off} if plan.hand_off else {}
    if plan.rules:
        found["rules"] = plan.rules
    if plan.classification is not None:
        found["about"] = about(plan.classification)
    if owed := {f"{one.promise.kind}": one.promise.due_at for one in plan.effects if isinstance(one, Owe)}:
        found["owed"] = owed
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


def about(classified: Classification) -> dict[str, str]:
    """Return a classification in the words of the tables."""
    return {
        "type": classified.type.value,
        "urgency": classified.urgency.value,
        "anomaly": classified.anomaly.value,
        "department": classified.department,
    }
