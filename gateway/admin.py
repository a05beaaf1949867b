"""What an administrator does from the command line, the same whether a gateway runs or not."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from gateway.clock import SystemClock
from gateway.control import Verb
from gateway.desk.accounts_staff import make_token, reset_factors
from gateway.desk.invitations import address_of
from gateway.desk.passwords import Passwords, check_password
from gateway.errors import NotFound
from gateway.store import accounts, api_tokens, audit, links, staff
from gateway.store.accounts import AgentRow
from gateway.store.api_tokens import TokenRow
from gateway.store.database import Database, Tx
from gateway.store.roster import save_profile

CONSOLE = "console"
"""In the audit: whoever may use the data folder, by the command line."""


async def _nobody_to_shut_out() -> None:
    """No gateway runs: nobody is connected."""


def admin_verbs(
    database: Database, clock: SystemClock, shut_out: Callable[[], Awaitable[None]] = _nobody_to_shut_out
) -> Mapping[str, Verb]:
    """Return the commands by name; each takes and returns plain JSON values.

    ``shut_out`` cuts the live connections of everybody who may no longer be here.
    """
    return {
        "agent.add": partial(_add_agent, database, clock),
        "agent.list": partial(_list_agents, database),
        "agent.disable": partial(_disable_agent, database, clock, shut_out),
        "agent.set": partial(_set_agent, database, clock),
        "agent.invite": partial(_link, database, clock, shut_out, links.INVITE),
        "agent.reset": partial(_link, database, clock, shut_out, links.RESET),
        "agent.roles": partial(_set_roles, database, clock, shut_out),
        "token.create": partial(_create_token, database, clock),
        "token.list": partial(_list_tokens, database),
        "token.revoke": partial(_revoke_token, database, clock, shut_out),
    }


async def _add_agent(database: Database, clock: SystemClock, values: Mapping[str, Any]) -> Any:
    password_hash = None
    if not values.get("invite"):
        check_password(values["password"], values["login"], values["name"])
        passwords = Passwords()
        password_hash = await passwords.hash(values["password"])
        passwords.close()
    now = clock.now()

    def add(tx: Tx) -> AgentRow:
        login, number, name, roles = (values[key] for key in ("login", "number", "name", "roles"))
        added = accounts.add_agent(
            tx, login, number, name, roles[0], password_hash, now, more_roles=roles, mail=values.get("mail")
        )
        about = f"agent:{added.number}"
        audit.write(tx, actor=CONSOLE, act="account.add", about=about, now=now, roles=list(added.roles))
        return added

    added = await database.write(add)
    return {"login": added.login, "number": added.number, "roles": list(added.roles)}


async def _list_agents(database: Database, values: Mapping[str, Any]) -> Any:
    rows = await database.read(accounts.list_agents)
    return [
        {
            "login": row.login,
            "number": row.number,
            "name": row.name,
            "role": row.role,
            "roles": list(row.roles),
            "state": "disabled" if row.disabled_at else row.state,
        }
        for row in rows
    ]


async def _disable_agent(
    database: Database,
    clock: SystemClock,
    shut_out: Callable[[], Awaitable[None]],
    values: Mapping[str, Any],
) -> Any:
    now = clock.now()

    def disable(tx: Tx) -> AgentRow:
        gone = accounts.disable_agent(tx, values["login"], now)
        audit.write(tx, actor=CONSOLE, act="account.disable", about=f"agent:{gone.number}", now=now)
        return gone

    row = await database.write(disable)
    await shut_out()
    return {"login": row.login, "number": row.number}


async def _set_agent(database: Database, clock: SystemClock, values: Mapping[str, Any]) -> Any:
    number, now = values["number"], clock.now()
    await database.write(lambda tx: save_profile(tx, number, values["changes"], now, CONSOLE))
    return {"number": number, "changed": sorted(values["changes"])}


async def _create_token(database: Database, clock: SystemClock, values: Mapping[str, Any]) -> Any:
    token, now = "gw_" + clock.chance(32).hex(), clock.now()
    made = await database.write(
        lambda tx: make_token(
            tx, token, CONSOLE, name=values["name"], role=values["role"], actions=values.get("actions"),
            days=values.get("days"), now=now,
        )
    )  # fmt: skip
    return {"token": token, **_token_face(made)}


async def _list_tokens(database: Database, values: Mapping[str, Any]) -> Any:
    return [_token_face(row) for row in await database.read(api_tokens.list_tokens)]


async def _revoke_token(
    database: Database,
    clock: SystemClock,
    shut_out: Callable[[], Awaitable[None]],
    values: Mapping[str, Any],
) -> Any:
    handle, now = values["id"], clock.now()

    def revoke(tx: Tx) -> TokenRow:
        ended = api_tokens.revoke_token(tx, handle, now)
        if ended is None:
            raise NotFound(f"no token {handle}: see `gateway token list`")
        audit.write(tx, actor=CONSOLE, act="token.revoke", about=f"token:{handle}", now=now)
        return ended

    row = await database.write(revoke)
    await shut_out()
    return {"id": row.handle, "name": row.name}


async def _link(
    database: Database,
    clock: SystemClock,
    shut_out: Callable[[], Awaitable[None]],
    purpose: str,
    values: Mapping[str, Any],
) -> Any:
    """Make a link for somebody; a reset may take their second factors away as well."""
    token, now = clock.chance(32).hex(), clock.now()

    def make(tx: Tx) -> AgentRow:
        agent = accounts.find_agent(tx, values["login"])
        if agent is None or agent.disabled_at is not None:
            raise NotFound(f"nobody with login {values['login']} may come in: see `gateway agent list`")
        links.make_link(tx, accounts.hashed(token), purpose, agent.id, now)
        about = f"agent:{agent.number}"
        audit.write(tx, actor=CONSOLE, act=f"link.{purpose}", about=about, now=now)
        if values.get("factors"):
            reset_factors(tx, agent, CONSOLE, now)
        return agent

    agent = await database.write(make)
    await shut_out()
    minutes = links.HOLDS[purpose].total_seconds() // 60
    return {"login": agent.login, "path": address_of("", purpose, token), "minutes": int(minutes)}


async def _set_roles(
    database: Database,
    clock: SystemClock,
    shut_out: Callable[[], Awaitable[None]],
    values: Mapping[str, Any],
) -> Any:
    now = clock.now()

    def change(tx: Tx) -> tuple[str, ...]:
        agent = accounts.find_agent(tx, values["login"])
        if agent is None:
            raise NotFound(f"no agent with login {values['login']}: see `gateway agent list`")
        given = staff.set_roles(tx, agent, values["roles"])
        about, before = f"agent:{agent.number}", list(agent.roles)
        audit.write(
            tx, actor=CONSOLE, act="account.roles", about=about, now=now, roles=list(given), before=before
        )
        return given

    roles = await database.write(change)
    await shut_out()
    return {"login": values["login"], "roles": list(roles)}


def _token_face(row: TokenRow) -> dict[str, Any]:
    when = {"created_at": row.created_at, "expires_at": row.expires_at, "used_at": row.used_at}
    when["revoked_at"] = row.revoked_at
    shown = {name: at.isoformat() if at else None for name, at in when.items()}
    actions = None if row.actions is None else list(row.actions)
    return {"id": row.handle, "name": row.name, "role": row.role, "actions": actions, **shown}
