"""What an administrator does from the command line, the same whether a gateway runs or not."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from gateway.clock import SystemClock
from gateway.control import Verb
from gateway.desk.passwords import Passwords, check_password
from gateway.store import accounts, audit
from gateway.store.accounts import AgentRow
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
        "token.create": partial(_create_token, database, clock),
    }


async def _add_agent(database: Database, clock: SystemClock, values: Mapping[str, Any]) -> Any:
    check_password(values["password"], values["login"], values["name"])
    passwords = Passwords()
    password_hash = await passwords.hash(values["password"])
    passwords.close()
    now = clock.now()

    def add(tx: Tx) -> AgentRow:
        login, number, name, roles = (values[key] for key in ("login", "number", "name", "roles"))
        added = accounts.add_agent(tx, login, number, name, roles[0], password_hash, now, more_roles=roles)
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
    token = "gw_" + clock.chance(32).hex()
    now = clock.now()
    days = values.get("days")
    expires_at = now + timedelta(days=days) if days else None

    def create(tx: Tx) -> None:
        accounts.create_token(tx, token, values["name"], values["role"], now, expires_at)
        more = {"role": values["role"], "name": values["name"], "expires_at": expires_at}
        audit.write(tx, actor=CONSOLE, act="token.create", now=now, **more)

    await database.write(create)
    return {
        "token": token,
        "role": values["role"],
        "expires_at": expires_at.isoformat() if expires_at else None,
    }
