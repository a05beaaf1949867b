"""``backup``, ``restore``, ``fsck``, ``doctor``, ``replay``."""

import typer


def register(app: typer.Typer) -> None:
    """Add the commands."""
