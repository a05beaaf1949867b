"""``kb``: what editors ask of the knowledge files, a module a command; no server, no database."""

import typer

from gateway.commands.kb import calibrate, diff, gaps, lint, reload, stats, tables, test

kb = typer.Typer(help="The knowledge files: check, test, tune, count.", no_args_is_help=True)
for each in (lint, test, calibrate, reload, stats, gaps, diff, tables):
    each.register(kb)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(kb, name="kb")
