"""Rows of agents, their sessions, API tokens and one-time links. Secrets come in hashed and never go out."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from gateway.errors import Conflict, NotFound, Refusal, Said
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.feed import Happened


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRow:
    """One person at the desk, without anything secret."""

    id: int
    login: str
    number: str
    name: str
    role: str
    state: str
    lang: str
    disabled_at: datetime | None
    password_at: datetime | None = None
    """When the password was chosen; None where there is none."""
    roles: tuple[str, ...] = ()
    """All roles, the one that ``role`` names first."""
    mail: str | None = None
    """Where links and notices go; a login that is a mail address where nothing else is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """A signed-in browser and whose it is."""

    agent: AgentRow
    csrf: str
    seen_at: datetime
    expires_at: datetime
    stage: str
    proved_at: datetime | None = None
    handle: str = ""
    factor: str | None = None
    departments: frozenset[str] = frozenset()
    """Whose tickets they see; none by name means every department's."""
    supervises: frozenset[str] = frozenset()


_a, _s = t.agent.c, t.session.c
_p = t.agent_profile.c
AGENT = (
    _a.id, _a.login, _a.number, _a.name, _a.role, _a.roles, _a.mail, _a.state, _a.lang, _a.disabled_at,
    _a.password_at,
)  # fmt: skip
RANKS = ("admin", "supervisor", "agent", "editor", "auditor")
"""Roles by what lists show of somebody who holds several: the first that they hold."""


def hashed(token: str) -> str:
    """Return what is stored of a random token: enough to know it again, not enough to use it.

    Raises:
        ValueError: it is empty, which must never match anything.
    """
    if not token:
        raise ValueError("an empty token")
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def folded(login: str) -> str:
    """Return a login as it is stored and compared: case and outer space do not matter."""
    return login.strip().casefold()


def in_order(roles: Iterable[str]) -> tuple[str, ...]:
    """Return roles without doubles, the highest first."""
    held = set(roles)
    return tuple(role for role in RANKS if role in held)


def add_agent(
    tx: Tx,
    login: str,
    number: str,
    name: str,
    role: str,
    password_hash: str | None,
    now: datetime,
    *,
    more_roles: Iterable[str] = (),
    mail: str | None = None,
) -> AgentRow:
    """Add a person; without a password's hash they can come in only by an invitation or a single sign-on.

    Raises:
        Conflict: the login (``login_taken``) or the number (``number_taken``) is somebody's already.
    """
    login, number, name = folded(login), number.strip(), name.strip()
    if tx.execute(select(_a.id).where(_a.login == login)).first():
        said = Said("该登录名已被使用。", "This login is taken.")
        raise Conflict(f"login {login} is taken: choose another", public=said, code="login_taken")
    if tx.execute(select(_a.id).where(_a.number == number)).first():
        said = Said("该工号已被使用。", "This number is taken.")
        raise Conflict(f"number {number} is taken: choose another", public=said, code="number_taken")
    roles = in_order((role, *more_roles))
    values = {"login": login, "number": number, "name": name, "role": roles[0], "password": password_hash}
    more = {"roles": list(roles), "mail": mail, "password_at": now if password_hash else None}
    tx.execute(insert(t.agent).values(values | more | {"created_at": now, "state": "offline"}))
    found = find_agent(tx, login)
    assert found is not None
    return found


def list_agents(tx: Tx) -> list[AgentRow]:
    """Return everybody, the disabled too, by number."""
    return [agent_of(row) for row in tx.execute(select(*AGENT).order_by(_a.number))]


def find_agent(tx: Tx, login: str) -> AgentRow | None:
    """Return the agent with this login."""
    row = tx.execute(select(*AGENT).where(_a.login == folded(login))).first()
    return None if row is None else agent_of(row)


def find_number(tx: Tx, number: str) -> AgentRow | None:
    """Return the agent with this number, unless disabled."""
    row = tx.execute(select(*AGENT).where(_a.number == number, _a.disabled_at.is_(None))).first()
    return None if row is None else agent_of(row)


def credentials(tx: Tx, login: str) -> tuple[AgentRow, str | None] | None:
    """Return an agent who may sign in, and their password's hash."""
    found = select(*AGENT, _a.password).where(_a.login == folded(login), _a.disabled_at.is_(None))
    row = tx.execute(found).first()
    return None if row is None else (agent_of(row), row.password)


def find_id(tx: Tx, agent_id: int) -> AgentRow | None:
    """Return the agent with this id, unless disabled."""
    row = tx.execute(select(*AGENT).where(_a.id == agent_id, _a.disabled_at.is_(None))).first()
    return None if row is None else agent_of(row)


def set_password(tx: Tx, agent_id: int, password_hash: str, now: datetime | None = None) -> None:
    """Replace a password's hash; without ``now`` it is the same password hashed anew."""
    changes: dict[str, Any] = {"password": password_hash} | ({"password_at": now} if now else {})
    tx.execute(update(t.agent).where(_a.id == agent_id).values(changes))


def drop_password(tx: Tx, agent_id: int) -> None:
    """Let no password open this account any more."""
    tx.execute(update(t.agent).where(_a.id == agent_id).values(password=None, password_at=None))


def disable_agent(tx: Tx, login: str, now: datetime) -> AgentRow:
    """Shut somebody out: no new session, the present ones are gone.

    Raises:
        NotFound: nobody has this login.
        Refusal: it is the last administrator.
    """
    agent = find_agent(tx, login)
    if agent is None:
        raise NotFound(f"no agent with login {login}: see `gateway agent list`")
    if "admin" in agent.roles and agent.disabled_at is None and count_admins(tx) == 1:
        said = Said("不能停用最后一位管理员。", "The last administrator cannot be disabled.")
        raise Refusal(f"{login} is the last administrator: add another first", public=said, code="last_admin")
    tx.execute(update(t.agent).where(_a.id == agent.id).values(disabled_at=now))
    tx.execute(delete(t.session).where(_s.agent_id == agent.id))
    tx.execute(delete(t.one_time_link).where(t.one_time_link.c.agent_id == agent.id))
    if agent.state != "offline":
        set_state(tx, agent, "offline", now, "disabled")
    found = find_agent(tx, login)
    assert found is not None
    return found


def count_admins(tx: Tx) -> int:
    """Return how many administrators can sign in."""
    # ``role`` is the highest of all roles, and admin is the highest there is.
    able = select(func.count()).where(_a.role == "admin", _a.disabled_at.is_(None))
    return int(tx.execute(able).scalar_one())


def set_state(
    tx: Tx, agent: AgentRow, state: str, now: datetime, because: str, back_at: datetime | None = None
) -> Happened:
    """Set somebody online, away or offline; the returned line is for the feed, after the commit."""
    changes: dict[str, Any] = {"state": state, "back_at": back_at}
    if state != agent.state:
        changes["state_at"] = now
    tx.execute(update(t.agent).where(_a.id == agent.id).values(changes))
    data = {"number": agent.number, "state": state}
    values = {"at": now, "kind": "agent", "actor": f"agent:{agent.number}", "because": because, "data": data}
    row = tx.execute(insert(t.event).values(values).returning(t.event.c.id)).scalar_one()
    return Happened(id=row, at=now, kind="agent", data=data)


def present_agents(tx: Tx) -> list[AgentRow]:
    """Return who is not offline."""
    return [agent_of(row) for row in tx.execute(select(*AGENT).where(_a.state != "offline"))]


def open_session(
    tx: Tx,
    agent_id: int,
    token_hash: str,
    csrf: str,
    address: str,
    now: datetime,
    expires_at: datetime,
    *,
    stage: str = "in",
    factor: str | None = None,
    browser: str = "",
) -> None:
    """Remember a signed-in browser, and forget those whose time is over; ``now`` is when they proved themselves.

    ``address`` is for its owner to recognise, and masked already: nothing here needs the whole of it.
    """
    tx.execute(delete(t.session).where(_s.expires_at <= now))
    values = {"token_hash": token_hash, "agent_id": agent_id, "csrf": csrf, "address": address}
    # The handle names a session in lists: it opens nothing, and nothing that does can be had from it.
    state = {
        "handle": hashed(f"handle {token_hash}")[:16],
        "stage": stage,
        "factor": factor,
        "browser": browser,
    }
    when = {"created_at": now, "seen_at": now, "expires_at": expires_at, "proved_at": now}
    tx.execute(insert(t.session).values(values | state | when))


def find_session(tx: Tx, token_hash: str, now: datetime, idle: timedelta) -> SessionRow | None:
    """Return a session that is neither over, nor idle for too long, nor a disabled person's."""
    row = tx.execute(
        select(
            *AGENT,
            _s.csrf,
            _s.seen_at,
            _s.expires_at,
            _s.stage,
            _s.proved_at,
            _s.handle,
            _s.factor,
            _a.departments,
            _p.supervises,
        )
        .join(t.session, _s.agent_id == _a.id)
        .outerjoin(t.agent_profile, _p.agent_id == _a.id)
        .where(_s.token_hash == token_hash, live_session(now, idle))
    ).first()
    if row is None:
        return None
    return SessionRow(
        agent=agent_of(row),
        csrf=row.csrf,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
        stage=row.stage,
        proved_at=row.proved_at,
        handle=row.handle or "",
        factor=row.factor,
        departments=frozenset(row.departments or ()),
        supervises=frozenset(row.supervises or ()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What of a person decides how far they see."""

    roles: tuple[str, ...]
    departments: frozenset[str]
    supervises: frozenset[str]


def reaches_of(tx: Tx, agent_ids: Collection[int]) -> dict[int, Reach]:
    """Return how far these people reach now; those who may not come in any more are left out."""
    rows = tx.execute(
        select(_a.id, _a.role, _a.roles, _a.departments, _p.supervises)
        .outerjoin(t.agent_profile, _p.agent_id == _a.id)
        .where(_a.id.in_(agent_ids), _a.disabled_at.is_(None))
    )
    return {
        row.id: Reach(
            roles=tuple(row.roles or (row.role,)),
            departments=frozenset(row.departments or ()),
            supervises=frozenset(row.supervises or ()),
        )
        for row in rows
    }


def touch_session(tx: Tx, token_hash: str, now: datetime) -> None:
    """The person did something."""
    tx.execute(update(t.session).where(_s.token_hash == token_hash).values(seen_at=now))


def close_session(tx: Tx, token_hash: str) -> None:
    """Sign out."""
    tx.execute(delete(t.session).where(_s.token_hash == token_hash))


def live_session(now: datetime, idle: timedelta) -> Any:
    """Return the condition under which a session holds: neither over, nor idle, nor a disabled person's."""
    return (_s.expires_at > now) & (_s.seen_at > now - idle) & _a.disabled_at.is_(None)


def agent_of(row: Any) -> AgentRow:
    """Return a row of ``AGENT`` as a value."""
    return AgentRow(
        id=row.id,
        login=row.login,
        number=row.number,
        name=row.name,
        role=row.role,
        state=row.state,
        lang=row.lang,
        disabled_at=row.disabled_at,
        password_at=row.password_at,
        roles=tuple(row.roles or (row.role,)),
        mail=row.mail or (row.login if "@" in row.login else None),
    )


def is_colleague(tx: Tx, address: str) -> bool:
    """Say whether an agent who may sign in has this mail address as their login."""
    a = t.agent.c
    mine = select(a.id).where(func.lower(a.login) == address.lower(), a.disabled_at.is_(None))
    return "@" in address and tx.execute(mine.limit(1)).first() is not None
