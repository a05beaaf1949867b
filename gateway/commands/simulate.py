"""``simulate``: past arrivals against another roster or other rules."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from gateway.clock import SystemClock
from gateway.commands.common import DEFAULT, AsJson, Config, Lang, fail, settings_of, speaking
from gateway.errors import GatewayError
from gateway.safety.trouble import NotDone


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(simulate)


def simulate(
    since: Annotated[str, typer.Option("--since", help="A span (30d, 12h), or a date.")] = "30d",
    roster: Annotated[Path | None, typer.Option("--roster", help="Who would work: a TOML file.")] = None,
    policy: Annotated[
        Path | None, typer.Option("--policy", help="Another configuration file, for its rules.")
    ] = None,
    write_roster: Annotated[
        bool, typer.Option("--write-roster", help="Only print the present people as a roster to edit.")
    ] = False,
    as_json: AsJson = False,
    lang: Lang = "",
    config: Config = DEFAULT,
) -> None:
    """Play past arrivals through another roster or other rules, in virtual time; print waits, lateness, load."""
    from gateway.safety import simulate as sim
    from gateway.safety import told_changes, told_simulation
    from gateway.settings.roster_file import RosterError, read_roster, written

    settings, clock = settings_of(config), SystemClock()
    zone = settings.policy().hours.zone
    try:
        start = told_changes.start_of(since, clock.now(), zone)
        if write_roster:
            profiles = asyncio.run(sim.read(settings, clock.now(), clock.now())).profiles
            print(written([(one.person, one.hours) for one in profiles]), end="")
            return
        wanted = None if roster is None else read_roster(roster)
        other = None if policy is None else settings_of(policy)
        found = asyncio.run(sim.simulate(settings, start, clock.now(), wanted, other))
    except (ValueError, RosterError) as error:
        fail(str(error), code=2)
    except NotDone as error:
        fail(error.public.in_(speaking(lang)))
    except GatewayError as error:
        fail(str(error))
    if as_json:
        print(json.dumps(told_simulation.as_json(found, zone), ensure_ascii=False))
        return
    for line in told_simulation.lines(found, zone, speaking(lang)):
        print(line)
