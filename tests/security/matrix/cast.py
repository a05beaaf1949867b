"""Everybody who may knock: each role, several at once, programs, and nobody; made straight in the tables."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from sqlalchemy import insert, update

from gateway.desk.rights import MATRIX, PERSONAL, Action, Role, Scope
from gateway.store import accounts, api_tokens
from gateway.store import tables as t
from gateway.store.database import Tx
from tests.servers.desk import DeskRig

HERE, THERE, ASKED = "support", "finance", "logistics"
"""The department of those who belong to one, one that is not theirs, and one that every ticket asks something of."""
FOR_EVER = timedelta(days=3650)


@dataclass(frozen=True, kw_only=True)
class Principal:
    """One of the cast, and what of them decides."""

    name: str
    roles: frozenset[Role] = frozenset()
    agent_id: int | None = None
    departments: frozenset[str] = frozenset()
    supervises: frozenset[str] = frozenset()
    headers: dict[str, str] = field(default_factory=dict)

    def scopes(self, action: Action) -> frozenset[Scope]:
        """What the matrix gives them, read here once more and by other code."""
        return frozenset(MATRIX[role][action] for role in self.roles if action in MATRIX[role])

    def lacks(self, action: Action) -> bool:
        """Whether they may not do it to anything at all."""
        return not self.scopes(action) or (self.agent_id is None and action in PERSONAL)


NOBODY = Principal(name="nobody")
_PEOPLE: tuple[tuple[str, tuple[Role, ...], tuple[str, ...], tuple[str, ...]], ...] = (
    ("agent", (Role.AGENT,), (HERE,), ()),
    ("agent of all", (Role.AGENT,), (), ()),
    ("supervisor", (Role.SUPERVISOR,), (), (HERE,)),
    ("admin", (Role.ADMIN,), (), ()),
    ("editor", (Role.EDITOR,), (), ()),
    ("auditor", (Role.AUDITOR,), (), ()),
    ("agent and editor", (Role.AGENT, Role.EDITOR), (HERE,), ()),
    ("admin and agent", (Role.ADMIN, Role.AGENT), (HERE,), ()),
    ("admin and supervisor", (Role.ADMIN, Role.SUPERVISOR), (), ()),
    ("supervisor and agent", (Role.SUPERVISOR, Role.AGENT), (HERE,), (THERE,)),
)


async def make_cast(rig: DeskRig) -> list[Principal]:
    """Add them all; their sessions last longer than any test's clock."""
    found = [NOBODY]
    for place, (name, roles, departments, supervises) in enumerate(_PEOPLE):
        found.append(await _person(rig, f"{5000 + place}", name, roles, departments, supervises))
    for role in Role:
        token = f"a program for {role}"
        await rig.database.write(
            partial(api_tokens.create_token, token=token, name="p", role=role, now=rig.clock.now())
        )
        headers = {"Authorization": f"Bearer {token}"}
        found.append(Principal(name=f"token: {role}", roles=frozenset({role}), headers=headers))
    return found


async def _person(
    rig: DeskRig,
    number: str,
    name: str,
    roles: tuple[Role, ...],
    departments: tuple[str, ...],
    supervises: tuple[str, ...],
) -> Principal:
    row = await rig.agent(roles[0], number)
    token, csrf = f"token-of-{number}", f"csrf-of-{number}"
    now = rig.clock.now()

    def unit(tx: Tx) -> None:
        held = {"roles": [str(one) for one in roles], "departments": list(departments) or None}
        tx.execute(update(t.agent).where(t.agent.c.id == row.id).values(held))
        if supervises:
            tx.execute(insert(t.agent_profile).values(agent_id=row.id, supervises=list(supervises)))
        hashed = accounts.hashed(token)
        accounts.open_session(tx, row.id, hashed, csrf, "127.0.0.1", now, now + FOR_EVER)
        tx.execute(
            update(t.session)
            .where(t.session.c.token_hash == hashed)
            .values(seen_at=now + FOR_EVER, proved_at=now + FOR_EVER)
        )

    await rig.database.write(unit)
    return Principal(
        name=name,
        roles=frozenset(roles),
        agent_id=row.id,
        departments=frozenset(departments),
        supervises=frozenset(supervises),
        headers={"Cookie": f"sid={token}", "X-CSRF-Token": csrf},
    )
