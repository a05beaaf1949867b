"""``agent add|list|disable`` and ``token create``."""

import json
from typing import Annotated

import typer

from gateway.commands.common import DEFAULT, Config, administer, fail, settings_of

ROLES = ("agent", "supervisor", "admin", "editor", "auditor")
Role = Annotated[str, typer.Option(help="One of " + ", ".join(ROLES) + ".")]

agents = typer.Typer(help="People at the desk.", no_args_is_help=True)
tokens = typer.Typer(help="Rights for programs.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(agents, name="agent")
    app.add_typer(tokens, name="token")


@agents.command("add")
def add(
    login: Annotated[str, typer.Argument(help="What they sign in with.")],
    number: Annotated[str, typer.Option(help="工号: shown to customers.")],
    name: Annotated[str, typer.Option(help="Shown to customers.")],
    role: Role = "agent",
    password: Annotated[
        str,
        typer.Option(envvar="GATEWAY_PASSWORD", help="Asked for if not given.", prompt=True, hide_input=True),
    ] = "",
    config: Config = DEFAULT,
) -> None:
    """Add a person; works while the gateway runs."""
    _known(role)
    values = {"login": login, "number": number, "name": name, "role": role, "password": password}
    added = administer(settings_of(config), "agent.add", values)
    print(f"added {added['login']} (number {added['number']}, {added['role']})")


@agents.command("list")
def list_(config: Config = DEFAULT) -> None:
    """List everybody, one JSON line each."""
    for row in administer(settings_of(config), "agent.list", {}):
        print(json.dumps(row, ensure_ascii=False))


@agents.command("disable")
def disable(login: str, config: Config = DEFAULT) -> None:
    """Shut somebody out at once; their sessions end."""
    row = administer(settings_of(config), "agent.disable", {"login": login})
    print(f"disabled {row['login']}")


@tokens.command("create")
def create(
    role: Role,
    name: Annotated[str, typer.Option(help="What it is for.")] = "unnamed",
    days: Annotated[int, typer.Option(help="How long it holds; 0 for ever.")] = 90,
    config: Config = DEFAULT,
) -> None:
    """Print a new API token; it is shown once."""
    _known(role)
    print(
        administer(settings_of(config), "token.create", {"name": name, "role": role, "days": days})["token"]
    )


def _known(role: str) -> None:
    if role not in ROLES:
        fail(f"there is no role {role!r}: use one of {', '.join(ROLES)}", code=2)
