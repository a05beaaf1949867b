"""The command ``gateway``: see docs/reference/commands.md."""

from typing import Annotated

import typer

from gateway import __version__
from gateway.commands import (
    audit,
    directory,
    kb,
    keys,
    mailbox,
    people,
    person,
    promises,
    readers,
    retention,
    safety,
    serving,
    simulate,
    triage,
    triage_train,
)

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
for each in (
    serving,
    people,
    promises,
    directory,
    readers,
    mailbox,
    kb,
    safety,
    audit,
    keys,
    retention,
    person,
    triage,
    triage_train,
    simulate,
):
    each.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        print(__version__)
        raise typer.Exit


@app.callback()
def gateway(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True)] = False,
) -> None:
    """The Intake Gateway: the front door of a company's customer service."""


def main() -> None:
    """Run the command line."""
    app()
