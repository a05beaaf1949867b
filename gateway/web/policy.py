"""What the objects in our addresses are, and who is asked about them before any handler is.

An address that names something and has no rule here cannot be mounted.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

from gateway.desk.rights import Action, Unseen, Who, authorize, sight_of
from gateway.errors import Forbidden, NotFound
from gateway.store import visible_objects as objects
from gateway.store.database import Tx

Rule = Callable[[Tx, str, Who, Action], None]
"""Returns if the asker may do it to what the part of the address names, else raises what ``authorize`` does."""
_LONGEST = 18
T = TypeVar("T")


def _ticket(tx: Tx, number: str, who: Who, action: Action) -> None:
    # A reply that was sent before has its first answer, whoever has the ticket by now: the desk asks for the rest.
    asked = Action.SEE_TICKETS if action is Action.REPLY else action
    authorize(who, asked, _there(objects.ticket(tx, number), number))


def _contact(tx: Tx, number: str, who: Who, action: Action) -> None:
    """A customer is seen by any ticket of theirs; one without tickets by whoever sees everything."""
    seen = _there(objects.of_contact(tx, sight_of(who), number), number)
    if not seen:
        raise Unseen(f"{number} is not for {who.number or who.name}", contact=number)
    refused: Forbidden | None = None
    for one in seen:
        try:
            authorize(who, action, one)
        except Forbidden as error:
            refused = refused or error
        else:
            return
    if refused is not None:
        raise refused


def _task(tx: Tx, id: str, who: Who, action: Action) -> None:
    task = _there(objects.task(tx, _id(id)), id)
    ticket = task.of
    assert ticket is not None
    authorize(who, action, task if action is Action.WORK_TASK else ticket)


def _handover(tx: Tx, id: str, who: Who, action: Action) -> None:
    """Whoever gives or is asked; the verb says which of the two."""
    authorize(who, Action.SEE_TICKETS, _there(objects.handover(tx, _id(id)), id))


def _anybody(tx: Tx, name: str, who: Who, action: Action) -> None:
    """Nothing of a customer's, or the handler asks the one condition itself and answers 404."""


ANYBODY: Rule = _anybody

RULES: Mapping[str, Rule] = {
    "/tickets/{number}": _ticket,
    "/contacts/{number}": _contact,
    "/customers/{number}": _contact,
    "/tasks/{id}": _task,
    "/handovers/{id}": _handover,
    "/quarantine/{id}": ANYBODY,  # read with the sight of whoever asks
    "/alarms/{id}": ANYBODY,  # likewise
    "/attachments/{id}": ANYBODY,  # likewise
    "/emergencies/{id}": ANYBODY,  # the house's, its tickets are listed as far as they are seen
    "/approvals/{id}": ANYBODY,  # each act names who may decide on it: desk/approvals.py
    "/people/{number}": ANYBODY,  # colleagues
    "/accounts/{number}": ANYBODY,  # colleagues, for administrators
    "/factor-resets/{id}": ANYBODY,  # not by whoever asked for it: desk/accounts_staff.py
    "/tokens/{id}": ANYBODY,  # programs
    "/me/factors/{id}": ANYBODY,  # one's own: the handler asks for it together with whose it is
    "/me/sessions/{id}": ANYBODY,  # likewise
    "/knowledge/entries/{id}": ANYBODY,  # the public answers
    "/knowledge/gaps/{id}": ANYBODY,
}
"""By the beginning of an address, up to and with the part that names something."""


def rule_of(path: str) -> tuple[str, Rule] | None:
    """Return the name of the part of the address that names something, and its rule; None where nothing is named.

    Raises:
        LookupError: something is named, and there is no rule for it.
    """
    head, brace, rest = path.partition("{")
    if not brace:
        return None
    name = rest.partition("}")[0]
    key = f"{head}{{{name}}}"
    if key not in RULES:
        raise LookupError(f"{path}: say in gateway/web/policy.py who may see {key}")
    return name, RULES[key]


def _there(found: T | None, name: str) -> T:
    if found is None:
        raise NotFound(f"nothing of the name {name[:24]}")
    return found


def _id(word: str) -> int:
    return int(word) if word.isascii() and word.isdigit() and len(word) <= _LONGEST else 0
