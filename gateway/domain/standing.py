"""Who has to do with a ticket: all that decides who may see it, and how far somebody sees. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A ticket, as far as rights go: whose it is, which department's, and who else has to do with it.

    Something that hangs on a ticket (a customer's card, a task, a file) stands where its ticket does.
    """

    number: str
    department: str
    agent_id: int | None = None
    people: frozenset[int] = frozenset()
    """Whoever is asked to take it, watches it, or was offered it by a colleague."""
    asked: frozenset[str] = frozenset()
    """Departments that an open task of it waits for."""
    into: "Standing | None" = None
    """The ticket it was merged into: whoever sees that one sees what is in it."""
    of: "Standing | None" = None
    """The ticket that a task hangs on: whoever sees that sees the task, working on it takes its own department."""


def is_within(standing: Standing, agent_id: int | None, departments: frozenset[str] | None) -> bool:
    """Return whether a ticket is one's own, one's departments', or asks something of one.

    ``departments`` None means every department. The twin of ``Sight.covers``, which says the same in SQL.
    """
    if departments is None or standing.department in departments or departments & standing.asked:
        return True
    if agent_id is not None and (agent_id == standing.agent_id or agent_id in standing.people):
        return True
    return standing.into is not None and is_within(standing.into, agent_id, departments)
