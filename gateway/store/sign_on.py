"""Rows of who is who at the single sign-on: (issuer, subject) is the person, nothing else is."""

from datetime import datetime

from sqlalchemy import func, insert, or_, select, update

from gateway.store import tables as t
from gateway.store.accounts import AGENT, AgentRow, agent_of
from gateway.store.database import Tx

_o, _a = t.oidc_identity.c, t.agent.c


def find_linked(tx: Tx, issuer: str, subject: str) -> AgentRow | None:
    """Return whose this identity is, unless they are disabled."""
    row = tx.execute(
        select(*AGENT)
        .join(t.oidc_identity, _o.agent_id == _a.id)
        .where(_o.issuer == issuer, _o.subject == subject, _a.disabled_at.is_(None))
    ).first()
    return None if row is None else agent_of(row)


def find_to_link(tx: Tx, issuer: str, subject: str, mail: str) -> AgentRow | None:
    """Return the one person of the house with this address whom nobody was linked with yet.

    None where the identity is linked to anybody (a disabled person too), or two persons have the address.
    """
    if not mail or tx.execute(select(_o.agent_id).where(_o.issuer == issuer, _o.subject == subject)).first():
        return None
    address = mail.casefold()
    theirs = or_(func.lower(_a.mail) == address, _a.mail.is_(None) & (_a.login == address))
    rows = tx.execute(select(*AGENT).where(theirs, _a.disabled_at.is_(None)).limit(2)).all()
    if len(rows) != 1:
        return None
    agent = agent_of(rows[0])
    is_linked = tx.execute(select(_o.agent_id).where(_o.agent_id == agent.id)).first() is not None
    return None if is_linked else agent


def link(tx: Tx, issuer: str, subject: str, agent_id: int, now: datetime) -> None:
    """Say for good who this identity is."""
    values = {"issuer": issuer, "subject": subject, "agent_id": agent_id, "linked_at": now, "used_at": now}
    tx.execute(insert(t.oidc_identity).values(values))


def note_use(tx: Tx, issuer: str, subject: str, now: datetime) -> None:
    """They came in by it."""
    used = update(t.oidc_identity).where(_o.issuer == issuer, _o.subject == subject)
    tx.execute(used.values(used_at=now))


def is_linked(tx: Tx, agent_id: int) -> bool:
    """Return whether somebody comes in by the single sign-on."""
    return tx.execute(select(_o.agent_id).where(_o.agent_id == agent_id)).first() is not None
