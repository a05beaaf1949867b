"""What every command needs: the configuration, and errors told in a sentence instead of a trace."""

import asyncio
import os
import sys
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer

import knowledge
from gateway import control
from gateway.admin import admin_verbs
from gateway.clock import SystemClock
from gateway.errors import ConfigError, GatewayError
from gateway.keys_admin import key_verbs
from gateway.settings import Settings, load
from gateway.store.database import open_database
from gateway.store.migrate import migrate
from gateway.store.root_file import ring_of
from knowledge.read_folder import FIRST_LANGUAGE
from knowledge.semantic import Wish

T = TypeVar("T")

Config = Annotated[
    Path, typer.Option("--config", "-c", help="The configuration file.", envvar="GATEWAY_CONFIG")
]
DEFAULT = Path("config.toml")
Lang = Annotated[str, typer.Option("--lang", help="zh or en; by default what LANG says.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs: JSON.")]


def speaking(lang: str) -> str:
    """Return the language to speak: what was asked for, else what the terminal's locale says."""
    asked = lang or next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "en")
    return "zh-CN" if asked.lower().startswith("zh") else "en"


def entries_folder(config: Path) -> Path:
    """Return the configured knowledge folder; without a configuration, the entries that ship with the package."""
    if config.exists():
        return settings_of(config).knowledge.folder
    return Path(str(knowledge.__file__)).parent / "entries"


def semantic_wish(config: Path) -> Wish:
    """Return whether the configuration wishes matching by meaning; without one, wherever it is installed."""
    return settings_of(config).knowledge.semantic if config.exists() else "auto"


def first_language(config: Path) -> str:
    """Return the language of knowledge files that name none: the house's first."""
    return settings_of(config).house.languages[0] if config.exists() else FIRST_LANGUAGE


def settings_of(config: Path) -> Settings:
    """Return the settings, or end with exit code 78 and every problem on standard error."""
    try:
        return load(config)
    except ConfigError as error:
        fail(str(error), code=error.exit_code)


def fail(message: str, code: int = 1) -> NoReturn:
    """Print ``message`` on standard error and end."""
    print(message, file=sys.stderr)
    raise typer.Exit(code)


def finish(work: Coroutine[Any, Any, T]) -> T:
    """Run ``work``; an error we raise on purpose becomes its sentence and exit code 1."""
    try:
        return asyncio.run(work)
    except ConfigError as error:
        fail(str(error), code=error.exit_code)
    except GatewayError as error:
        fail(str(error))


def administer(settings: Settings, verb: str, values: Mapping[str, Any]) -> Any:
    """Carry out an admin verb: in the running gateway if there is one, else on the database itself."""
    return finish(_administer(settings, verb, values))


async def _administer(settings: Settings, verb: str, values: Mapping[str, Any]) -> Any:
    folder = settings.data.dir
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    answered = await control.ask(folder, verb, values)
    if answered is not None:
        return answered
    clock = SystemClock()
    ring = ring_of(settings, clock.now)
    database = open_database(settings.database_url, ring)
    try:
        migrate(database)
        verbs = {**admin_verbs(database, clock), **key_verbs(database, ring, clock)}
        return await verbs[verb](values)
    finally:
        await database.close()
