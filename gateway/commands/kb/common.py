"""What every ``kb`` command needs: which folder, which day, and one way to print."""

import json
from collections.abc import Iterable
from datetime import UTC, date
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.clock import SystemClock
from gateway.commands.common import entries_folder, fail, speaking
from gateway.errors import Said
from knowledge.load import Loaded, load_folder

Folder = Annotated[
    Path | None,
    typer.Option("--folder", "-f", help="The knowledge files; by default the configured folder."),
]


def read(folder: Path | None, config: Path, lang: str) -> tuple[Path, Loaded]:
    """Return the folder asked for and what is in it; end with exit code 2 if there is no such folder."""
    chosen = folder or entries_folder(config)
    if not chosen.is_dir():
        fail(Said(f"没有文件夹 {chosen}。", f"There is no folder {chosen}.").in_(speaking(lang)), code=2)
    return chosen, load_folder(chosen)


def today() -> date:
    """Return the day it is, as ``gateway ask`` sees it."""
    return SystemClock().now().astimezone(UTC).date()


def show(lines: Iterable[str], value: Any, as_json: bool) -> None:
    """Print for people, or one JSON document for programs."""
    if as_json:
        print(json.dumps(value, ensure_ascii=False))
        return
    for line in lines:
        print(line)
