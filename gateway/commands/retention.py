"""``retention``: what would be let go now, or let it go now."""

import json
from typing import Annotated, Any

import typer

from gateway import control
from gateway.clock import SystemClock
from gateway.commands.common import DEFAULT, AsJson, Config, Lang, finish, settings_of, speaking
from gateway.settings import Settings

_WORDS = {
    "kept": ("永久保留", "kept for good"),
    "due": ("待清理", "due"),
    "days": ("天", "days"),
    "done": ("已清理", "let go"),
    "none": ("没有到期的数据。", "Nothing is due."),
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("retention")(retention)


def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what is due.")] = False,
    as_json: AsJson = False,
    lang: Lang = "",
    config: Config = DEFAULT,
) -> None:
    """Let go of what is over its time, as the running gateway does every hour; --dry-run only says what is due."""
    settings, at = settings_of(config), 0 if speaking(lang).startswith("zh") else 1
    told: dict[str, Any] = ask_or_do(settings, "retention.report" if dry_run else "retention.run", {})
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
    elif dry_run:
        for name, one in told.items():
            kept = _WORDS["kept"][at] if one["days"] is None else f"{one['days']} {_WORDS['days'][at]}"
            print(f"{name:16} {kept:>16}  {_WORDS['due'][at]} {one['due']}")
    else:
        for name, count in told.items():
            print(f"{name:16} {_WORDS['done'][at]} {count}")
        if not told:
            print(_WORDS["none"][at])


def ask_or_do(settings: Settings, verb: str, values: dict[str, Any]) -> Any:
    """Have the running gateway do it, else do it on the database itself."""
    return finish(_ask_or_do(settings, verb, values))


async def _ask_or_do(settings: Settings, verb: str, values: dict[str, Any]) -> Any:
    answered = await control.ask(settings.data.dir, verb, values) if settings.data.dir.is_dir() else None
    if answered is not None:
        return answered
    from gateway.privacy import eraser_of, privacy_verbs
    from gateway.store.database import open_database
    from gateway.store.migrate import migrate
    from gateway.store.root_file import ring_of

    clock = SystemClock()
    settings.data.dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = open_database(settings.database_url, ring_of(settings, clock.now))
    try:
        migrate(database)
        return await privacy_verbs(eraser_of(settings, database, clock), settings)[verb](values)
    finally:
        await database.close()
