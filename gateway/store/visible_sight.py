"""The one condition for what somebody may see: in SQL for lists and pages, in Python for what is told live."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, literal_column, or_, select, true

from gateway.domain.standing import Standing, is_within
from gateway.store import tables as t
from gateway.store.database import Tx

_k = t.ticket.c
# Names of their own, so that no query around the condition takes them for its own.
_INTO = t.ticket.alias("sight_into")
_TASK, _HAND = t.task.alias("sight_task").c, t.handover.alias("sight_hand").c
# Written out: an index over part of a table is used only where its condition stands in so many letters.
_OPEN: list[ColumnElement[str]] = [literal_column("'asked'"), literal_column("'accepted'")]
_OFFERED: ColumnElement[str] = literal_column("'offered'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """How far somebody sees: no customers' tickets, those of some departments and one's own, or all."""

    tickets: bool
    agent_id: int | None = None
    departments: frozenset[str] | None = None
    """None: every department's."""
    oversees: bool = False
    """Whether they see addresses uncovered on anybody's ticket, and not on their own only."""

    @property
    def is_limited(self) -> bool:
        """Whether there are tickets this sight does not reach."""
        return not self.tickets or self.departments is not None

    def covers(self, k: Any = _k) -> ColumnElement[bool]:
        """Return the condition that a row of ``ticket`` (or of an alias, by its columns) must meet to be seen."""
        if not self.tickets:
            return false()
        if self.departments is None:
            return true()
        into = exists().where(_INTO.c.id == k.merged_into, self._within(_INTO.c))
        return or_(self._within(k), into)

    def sees(self, standing: Standing) -> bool:
        """Return the same of a ticket that was read already."""
        return self.tickets and is_within(standing, self.agent_id, self.departments)

    def opens(self, agent_id: int | None) -> bool:
        """Return whether addresses stand uncovered on a ticket that ``agent_id`` has."""
        return self.oversees or (agent_id is not None and agent_id == self.agent_id)

    def elsewhere(self) -> Select[Any]:
        """Return the ids of what is seen in other departments: few, each found by an index."""
        departments, me = sorted(self.departments or ()), self.agent_id
        found = [select(_TASK.ticket_id).where(_TASK.department.in_(departments), _TASK.state.in_(_OPEN))]
        if me is not None:
            found.append(select(_HAND.ticket_id).where(_HAND.to_agent_id == me, _HAND.state == _OFFERED))
        mine = or_(*self._mine(_k), *(_k.id.in_(one) for one in found))
        return select(_k.id).where(mine, _k.department.not_in(departments))

    def _mine(self, k: Any) -> list[ColumnElement[bool]]:
        if self.agent_id is None:
            return []
        return [column == self.agent_id for column in (k.agent_id, k.suggested_agent_id, k.supervisor_id)]

    def _within(self, k: Any) -> ColumnElement[bool]:
        departments = sorted(self.departments or ())
        asked = exists().where(
            _TASK.ticket_id == k.id, _TASK.department.in_(departments), _TASK.state.in_(_OPEN)
        )
        ways = [k.department.in_(departments), *self._mine(k), asked]
        if self.agent_id is not None:
            offered = exists().where(
                _HAND.ticket_id == k.id, _HAND.to_agent_id == self.agent_id, _HAND.state == _OFFERED
            )
            ways.append(offered)
        return or_(*ways)


EVERYTHING = Sight(tickets=True)
"""For what was decided already: the answer to somebody's own act."""


def standing_of(tx: Tx, number: str) -> Standing | None:
    """Return how a ticket stands; None if there is none of this number."""
    return next(iter(standings(tx, _k.number == number)), None)


def standings(tx: Tx, where: ColumnElement[bool], *, limit: int | None = None) -> list[Standing]:
    """Return how these tickets stand, the newest first."""
    query = _rows().where(where).order_by(_k.id.desc())
    rows = tx.execute(query.limit(limit) if limit else query).all()
    targets = {row.merged_into for row in rows if row.merged_into is not None}
    intos = tx.execute(_rows().where(_k.id.in_(targets))).all() if targets else []
    people, asked = _people(tx, [*rows, *intos]), _asked(tx, [*rows, *intos])
    into = {row.id: _standing(row, people, asked, {}) for row in intos}
    return [_standing(row, people, asked, into) for row in rows]


def _rows() -> Select[Any]:
    return select(
        _k.id,
        _k.number,
        _k.department,
        _k.agent_id,
        _k.suggested_agent_id,
        _k.supervisor_id,
        _k.merged_into,
    )


def _people(tx: Tx, rows: Sequence[Any]) -> dict[int, set[int]]:
    found = {row.id: {row.suggested_agent_id, row.supervisor_id} - {None} for row in rows}
    query = select(_HAND.ticket_id, _HAND.to_agent_id)
    for row in tx.execute(query.where(_HAND.ticket_id.in_(found), _HAND.state == _OFFERED)) if found else ():
        found[row.ticket_id].add(row.to_agent_id)
    return found


def _asked(tx: Tx, rows: Sequence[Any]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {row.id: set() for row in rows}
    query = select(_TASK.ticket_id, _TASK.department)
    for row in tx.execute(query.where(_TASK.ticket_id.in_(found), _TASK.state.in_(_OPEN))) if found else ():
        found[row.ticket_id].add(row.department)
    return found


def _standing(
    row: Any, people: dict[int, set[int]], asked: dict[int, set[str]], into: dict[int, Standing]
) -> Standing:
    return Standing(
        number=row.number,
        department=row.department,
        agent_id=row.agent_id,
        people=frozenset(people[row.id]),
        asked=frozenset(asked[row.id]),
        into=into.get(row.merged_into),
    )
