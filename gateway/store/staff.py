"""What an administrator sees and changes of accounts: who may come in, how, and with which roles."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from gateway.errors import Refusal, Said
from gateway.store import tables as t
from gateway.store.accounts import AGENT, AgentRow, agent_of, count_admins, in_order, live_session
from gateway.store.database import Tx

_a, _s, _f, _o = t.agent.c, t.session.c, t.factor.c, t.oidc_identity.c


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """One account, as administrators see it."""

    agent: AgentRow
    factors: tuple[str, ...]
    has_password: bool
    is_linked: bool
    sessions: int
    seen_at: datetime | None


def list_accounts(tx: Tx, now: datetime, idle: timedelta) -> list[AccountRow]:
    """Return every account by number, the disabled ones too."""
    factors: dict[int, set[str]] = {}
    for row in tx.execute(select(_f.agent_id, _f.kind).where(_f.confirmed_at.is_not(None))):
        factors.setdefault(row.agent_id, set()).add(row.kind)
    linked = set(tx.execute(select(_o.agent_id)).scalars())
    live = (
        select(_s.agent_id, func.count().label("n"), func.max(_s.seen_at).label("seen"))
        .join(t.agent, _a.id == _s.agent_id)
        .where(live_session(now, idle))
        .group_by(_s.agent_id)
    )
    sessions = {row.agent_id: (row.n, row.seen) for row in tx.execute(live)}
    found = select(*AGENT, _a.password.is_not(None).label("has_password")).order_by(_a.number)
    return [
        AccountRow(
            agent=agent_of(row),
            factors=tuple(sorted(factors.get(row.id, ()))),
            has_password=bool(row.has_password),
            is_linked=row.id in linked,
            sessions=sessions.get(row.id, (0, None))[0],
            seen_at=sessions.get(row.id, (0, None))[1],
        )
        for row in tx.execute(found)
    ]


def find_any(tx: Tx, number: str) -> AgentRow | None:
    """Return the account with this number, a disabled one too."""
    row = tx.execute(select(*AGENT).where(_a.number == number)).first()
    return None if row is None else agent_of(row)


def set_roles(tx: Tx, agent: AgentRow, roles: Iterable[str]) -> tuple[str, ...]:
    """Give somebody these roles and no others; their sessions end.

    Raises:
        Refusal: code ``last_admin``: nobody could administer any more.
    """
    wanted = in_order(roles)
    if not wanted:
        raise Refusal("an account needs a role", code="invalid", field="roles")
    if "admin" in agent.roles and "admin" not in wanted and agent.disabled_at is None:
        keep_an_admin(tx, agent)
    tx.execute(update(t.agent).where(_a.id == agent.id).values(role=wanted[0], roles=list(wanted)))
    tx.execute(delete(t.session).where(_s.agent_id == agent.id))
    return wanted


def keep_an_admin(tx: Tx, agent: AgentRow) -> None:
    """Return if somebody else could still administer.

    Raises:
        Refusal: code ``last_admin``.
    """
    if count_admins(tx) == 1:
        said = Said("不能停用最后一位管理员。", "The last administrator cannot be disabled.")
        raise Refusal(
            f"{agent.login} is the last administrator: add another first", public=said, code="last_admin"
        )


def enable_agent(tx: Tx, agent_id: int) -> None:
    """Let somebody come in again who was disabled."""
    tx.execute(update(t.agent).where(_a.id == agent_id).values(disabled_at=None))


def set_mail(tx: Tx, agent_id: int, mail: str | None) -> None:
    """Say where somebody's links and notices go."""
    tx.execute(update(t.agent).where(_a.id == agent_id).values(mail=mail))
