"""``agent add|list|set|roles|invite|reset|disable`` and ``token create|list|revoke``."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.commands.common import DEFAULT, Config, administer, fail, settings_of
from gateway.domain.people import checked_attributes
from gateway.errors import GatewayError
from gateway.settings.people import parse_capacity, parse_week

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
    role: Annotated[
        list[str] | None, typer.Option(help="One of " + ", ".join(ROLES) + "; may be given several times.")
    ] = None,
    password: Annotated[
        str | None, typer.Option(envvar="GATEWAY_PASSWORD", help="Asked for if not given.")
    ] = None,
    mail: Annotated[
        str | None, typer.Option(help="Where links and notices go, if the login is no mail address.")
    ] = None,
    is_invited: Annotated[
        bool, typer.Option("--invite", help="No password: print a link by which they choose one.")
    ] = False,
    config: Config = DEFAULT,
) -> None:
    """Add a person; works while the gateway runs."""
    roles = role or ["agent"]
    for one in roles:
        _known(one)
    values: dict[str, Any] = {"login": login, "number": number, "name": name, "roles": roles, "mail": mail}
    if not is_invited and password is None:
        password = typer.prompt("Password", hide_input=True)
    values |= {"invite": is_invited, "password": password}
    added = administer(settings_of(config), "agent.add", values)
    print(f"added {added['login']} (number {added['number']}, {', '.join(added['roles'])})")
    if is_invited:
        _print_link("agent.invite", {"login": login}, config)


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


@agents.command("set")
def set_(
    number: str,
    skills: Annotated[
        str | None, typer.Option(help="Comma-separated sub-types and words; '' for none.")
    ] = None,
    languages: Annotated[str | None, typer.Option(help="Such as zh-CN,en; '' for all.")] = None,
    departments: Annotated[str | None, typer.Option(help="Ids from [departments]; '' for all.")] = None,
    capacity: Annotated[
        str | None, typer.Option(help="Chats at once (5), or chat=5,social=20,mail=20; '' for the house's.")
    ] = None,
    hours: Annotated[
        str | None,
        typer.Option(
            help="Their own week, days by ; from Monday: '09:00-18:00;09:00-18:00;;;;;'. '': the house's."
        ),
    ] = None,
    line: Annotated[int | None, typer.Option(min=1, max=2, help="First or second line.")] = None,
    supervises: Annotated[str | None, typer.Option(help="Departments they supervise; '' for all.")] = None,
    config: Config = DEFAULT,
) -> None:
    """Say what an agent can do, when they work, and how much they take at once; works while the gateway runs."""
    settings = settings_of(config)
    words = {"skills": skills, "languages": languages, "departments": departments, "supervises": supervises}
    given: dict[str, Any] = {name: value.split(",") for name, value in words.items() if value is not None}
    given |= {"line": line} if line is not None else {}
    try:
        given |= {"capacity": parse_capacity(capacity)} if capacity is not None else {}
        given |= {"hours": parse_week(hours)} if hours is not None else {}
        changes = checked_attributes(given, tuple(settings.departments))
    except (ValueError, GatewayError) as error:
        fail(str(error), code=2)
    if not changes:
        fail("nothing to change: name at least one option", code=2)
    row = administer(settings, "agent.set", {"number": number, "changes": changes})
    print(f"changed {', '.join(row['changed'])} of {row['number']}")


@agents.command("roles")
def roles_(
    login: str,
    role: Annotated[list[str], typer.Option(help="All roles they are to hold; may be given several times.")],
    config: Config = DEFAULT,
) -> None:
    """Give somebody these roles and no others; their sessions end at once."""
    for one in role:
        _known(one)
    row = administer(settings_of(config), "agent.roles", {"login": login, "roles": role})
    print(f"{row['login']} is {', '.join(row['roles'])} now")


@agents.command("invite")
def invite(login: str, config: Config = DEFAULT) -> None:
    """Print a link by which somebody chooses their first password; it works once, for a day."""
    _print_link("agent.invite", {"login": login}, config)


@agents.command("reset")
def reset(
    login: str,
    factors: Annotated[
        bool, typer.Option("--factors", help="Forget their second factors too; new ones are set up.")
    ] = False,
    config: Config = DEFAULT,
) -> None:
    """Print a link by which somebody chooses a new password; it works once, for a quarter of an hour."""
    _print_link("agent.reset", {"login": login, "factors": factors}, config)


@tokens.command("create")
def create(
    role: Role,
    name: Annotated[str, typer.Option(help="What it is for.")] = "unnamed",
    days: Annotated[int, typer.Option(help="How long it holds; 0 for ever.")] = 90,
    action: Annotated[
        list[str] | None,
        typer.Option(help="An act it may be used for (tickets.see); several times for several. None: all."),
    ] = None,
    config: Config = DEFAULT,
) -> None:
    """Print a new API token; it is shown once."""
    _known(role)
    values = {"name": name, "role": role, "days": days, "actions": action or None}
    print(administer(settings_of(config), "token.create", values)["token"])


@tokens.command("list")
def list_tokens(config: Config = DEFAULT) -> None:
    """List every token, one JSON line each, without what opens the door."""
    for row in administer(settings_of(config), "token.list", {}):
        print(json.dumps(row, ensure_ascii=False))


@tokens.command("revoke")
def revoke(id: Annotated[str, typer.Argument(help="From the list.")], config: Config = DEFAULT) -> None:
    """End a token at once."""
    row = administer(settings_of(config), "token.revoke", {"id": id})
    print(f"revoked {row['id']} ({row['name']})")


def _print_link(verb: str, values: dict[str, Any], config: Path) -> None:
    settings = settings_of(config)
    made = administer(settings, verb, values)
    server = settings.server
    base = server.public_url or f"http://127.0.0.1:{server.port}"
    print(f"for {made['login']} (once, within {_span(made['minutes'])}): {base}{made['path']}")


def _span(minutes: int) -> str:
    """Say a time in the largest unit that leaves no rest."""
    hours, rest = divmod(minutes, 60)
    count, unit = (minutes, "minute") if rest else (hours, "hour")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _known(role: str) -> None:
    if role not in ROLES:
        fail(f"there is no role {role!r}: use one of {', '.join(ROLES)}", code=2)
