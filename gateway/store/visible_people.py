"""Who has to do with a ticket besides the agent who has it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from gateway.store import tables as t
from gateway.store.database import Tx

ROLES = {"suggested": "suggested_agent_id", "supervisor": "supervisor_id", "first_agent": "first_agent_id"}
_a = t.agent.c


def people_of(tx: Tx, rows: Sequence[Any]) -> dict[int, dict[str, Any]]:
    """Return by ticket who was asked to take it, who watches it, and who was the first in charge."""
    wanted = {getattr(row, column) for row in rows for column in ROLES.values()} - {None, 0}
    found: dict[int, dict[str, str]] = {}
    if wanted:
        query = select(_a.id, _a.number, _a.name).where(_a.id.in_(wanted))
        found = {row.id: {"number": row.number, "name": row.name} for row in tx.execute(query)}
    return {
        row.id: {
            **{role: found.get(getattr(row, column) or 0) for role, column in ROLES.items()},
            "line": row.line,
        }
        for row in rows
    }
