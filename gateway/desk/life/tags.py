"""The verb about tags given and taken by hand. Pure."""

from typing import Literal

from gateway.desk.actions import Case
from gateway.desk.rights import Action, authorize
from gateway.pipeline.effects_life import ChangeTags
from gateway.pipeline.plan import Plan


def change_tags(
    case: Case, *, on: Literal["contact", "ticket"], add: tuple[str, ...], remove: tuple[str, ...]
) -> Plan:
    """Give and take tags of the ticket or of its customer."""
    authorize(case.who, Action.TAG, case.ticket)
    because = f"{case.by} changed the tags"
    changed = ChangeTags(on=on, add=add, remove=remove, because=because)
    return Plan(lang=case.lang).then(*((changed,) if add or remove else ()))
