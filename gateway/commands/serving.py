"""``init``, ``run``, ``check``, ``migrate``: from an empty folder to a serving gateway."""

import shutil
import sys
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

import typer

from gateway import logs
from gateway.clock import SystemClock
from gateway.commands.common import DEFAULT, Config, fail, finish, settings_of, speaking
from gateway.errors import ConfigError
from gateway.settings import Settings
from gateway.store.database import open_database
from gateway.store.migrate import migrate as migrate_database
from gateway.store.root_file import ring_of


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(init)
    app.command()(run)
    app.command()(check)
    app.command()(migrate)


def init(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    empty: Annotated[bool, typer.Option("--empty", help="Without sample entries and orders.")] = False,
) -> None:
    """Write a working folder: config.toml, sample entries, sample orders, and a .gitignore that keeps data out of git."""
    if folder.exists() and any(folder.iterdir()):
        fail(f"{folder} is not empty: name a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    entries = folder / "knowledge" / "entries"
    if empty:
        entries.mkdir(parents=True)
    else:
        with as_file(files("knowledge") / "entries") as samples:
            shutil.copytree(samples, entries, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    with as_file(files("gateway") / "sample") as samples:
        sample = samples / "config.toml"
        source = sample if sample.exists() else Path(__file__).parents[2] / "config.toml"
        words = source.read_text("utf-8").replace('"gateway/sample/orders.csv"', '"orders.csv"')
        if empty:
            words = words.replace('kind = "csv"', 'kind = "none"', 1)
        else:
            shutil.copyfile(samples / "orders.csv", folder / "orders.csv")
            (folder / "orders.csv").chmod(0o600)  # what takes its place will hold customers' telephones
        (folder / "config.toml").write_text(words, "utf-8")
    private = "data/\norders.csv\n"  # customers' messages and records, the secret key
    (folder / ".gitignore").write_text(private)
    print(f"Wrote {folder}/config.toml and {folder}/knowledge/entries. Next: cd {folder} && {_called()} run")


def _called() -> str:
    """Return how this program can be called again, from any folder."""
    return "gateway" if shutil.which("gateway") else f"{sys.executable} -m gateway"


def run(config: Config = DEFAULT) -> None:
    """Serve until SIGTERM or Ctrl+C."""
    from gateway import app as application  # only who serves pays for importing the server

    settings = settings_of(config)
    logs.set_up(settings.logs.level)
    try:
        import uvloop  # the extra [speed]
    except ImportError:
        finish(application.run(settings))
    else:
        uvloop.install()
        finish(application.run(settings))


def check(config: Config = DEFAULT) -> None:
    """Name every mistake in the configuration at once, and every word said that the house forbids; code 78 if there is one."""
    settings = settings_of(config)
    print(f"{config}: correct; channels: {', '.join(settings.channels) or 'none'}")
    from gateway.safety.action_rules import action_rules
    from gateway.safety.doctor_data import knowledge  # it opens databases too, which most commands do not
    from gateway.safety.promise_rules import promise_rules
    from gateway.safety.triage_rules import triage_rules
    from gateway.safety.wordings import wordings

    today = SystemClock().now().astimezone(settings.hours.zone).date()
    said = list(wordings(settings, today))
    rules = (*triage_rules(settings), *promise_rules(settings), *action_rules(settings))
    for finding in (*knowledge(settings), *said, *rules):
        print(finding.as_text(speaking("")))
    if any(one.level == "bad" for one in said):
        raise typer.Exit(ConfigError.exit_code)


def migrate(config: Config = DEFAULT) -> None:
    """Bring the database's schema up to date; gateway run does it too."""
    finish(_migrate(settings_of(config)))


async def _migrate(settings: Settings) -> None:
    database = open_database(settings.database_url, ring_of(settings, SystemClock().now))
    migrate_database(database)
    await database.close()
    print("the schema is up to date")
