"""``gateway promises``: what is owed, by the configuration as it is now."""

from dataclasses import asdict
from typing import Annotated

import orjson
import typer

from gateway import control
from gateway.clock import SystemClock
from gateway.commands.common import DEFAULT, AsJson, Config, fail, finish, settings_of
from gateway.settings import Settings
from gateway.store.promises_anew import Change

app = typer.Typer(no_args_is_help=True, help="What is owed by a time.")
MANY = 1000


def register(parent: typer.Typer) -> None:
    """Add the commands."""
    parent.add_typer(app, name="promises")


@app.callback()
def promises() -> None:
    """What is owed by a time."""


@app.command()
def recompute(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be due otherwise.")
    ] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Write it; no gateway may run.")] = False,
    as_json: AsJson = False,
    config: Config = DEFAULT,
) -> None:
    """Reckon all that runs by the configuration as it is now; a gateway does the same at its start."""
    if dry_run == apply:
        fail("say either --dry-run or --apply", code=2)
    settings = settings_of(config)
    changes = finish(_apply(settings) if apply else _show(settings))
    if as_json:
        print(orjson.dumps([asdict(one) for one in changes]).decode())
        return
    for one in changes:
        print(
            f"{one.ticket}  {one.kind:15} {one.was:%Y-%m-%d %H:%M} → {one.due:%Y-%m-%d %H:%M} UTC  {one.because}"
        )
    print(f"{len(changes)} {'are' if apply else 'would be'} due at another time")


async def _show(settings: Settings) -> list[Change]:
    from gateway.safety.promises import changes_of

    return await changes_of(settings, SystemClock().now())


async def _apply(settings: Settings) -> list[Change]:
    from gateway.safety.promises import apply_changes

    if await control.ask(settings.data.dir, "agent.list", {}) is not None:
        fail("a gateway runs on this folder: restart it, it reckons anew at its start")
    return await apply_changes(settings, SystemClock().now())
