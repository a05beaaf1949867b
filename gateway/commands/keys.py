"""``keys status|rotate|new-root|rewrap|export``: who opens what, and new keys for old while the gateway runs."""

import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.clock import SystemClock
from gateway.commands.common import DEFAULT, Config, administer, fail, settings_of
from gateway.sealing.roots import format_roots, new_root
from gateway.store.root_file import ring_of

app_ = typer.Typer(help="The keys that personal data is sealed under.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(app_, name="keys")


@app_.command("status")
def status(config: Config = DEFAULT) -> None:
    """Say as JSON how many keys there are of each kind, and which root keys wrap them."""
    print(json.dumps(administer(settings_of(config), "keys.status", {}), ensure_ascii=False, indent=1))


@app_.command("rotate")
def rotate(config: Config = DEFAULT) -> None:
    """Seal everything anew under new data keys; run it again if it was broken off."""
    settings = settings_of(config)
    begun = administer(settings, "keys.begin", {})
    print(f"{begun['replaced']} keys seal nothing new any more")
    for table in begun["tables"]:
        after: Any = None
        rewritten = 0
        while True:
            page = administer(settings, "keys.rotate", {"table": table, "after": after})
            rewritten, after = rewritten + page["rewritten"], page["after"]
            if after is None:
                break
        print(f"{table}: {rewritten} values sealed anew", flush=True)
    done = administer(settings, "keys.retire", {})
    print(f"{done['retired']} keys retired, {done['left']} still in use")
    if done["left"]:
        print(
            "another gateway may have gone on with old keys for a minute: run this once more in some minutes"
        )


@app_.command("new-root")
def new_root_(
    only_print: Annotated[bool, typer.Option("--print", help="Only make one and print it.")] = False,
    config: Config = DEFAULT,
) -> None:
    """Make a new root key and wrap every data key by it; the old one stays in the file for old backups."""
    if only_print:
        print(format_roots((new_root(),)), end="")
        return
    settings = settings_of(config)
    made = administer(settings, "keys.new_root", {})
    done = administer(settings, "keys.rewrap", {})
    print(
        f"root key {made['root']} wraps {done['rewrapped']} data keys; copy the key file to its safe place now"
    )


@app_.command("rewrap")
def rewrap(config: Config = DEFAULT) -> None:
    """Wrap every data key by the newest root key, after the configuration was given a new one."""
    done = administer(settings_of(config), "keys.rewrap", {})
    print(f"{done['rewrapped']} data keys wrapped anew")


@app_.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="A new file, on a medium that you keep apart from backups.")],
    config: Config = DEFAULT,
) -> None:
    """Write a copy of the root keys: with it and a backup everything can be read."""
    roots = ring_of(settings_of(config), SystemClock().now).roots
    if not roots:
        fail("there is no root key yet: start the gateway once")
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    except OSError as error:
        fail(f"{file} cannot be written ({error.strerror}): name a new file in a folder of yours")
    with os.fdopen(handle, "w", encoding="utf-8") as written:
        written.write(format_roots(roots))
    print(f"wrote {len(roots)} root keys to {file}")
