"""``backup``, ``restore``, ``fsck``, ``doctor``, ``replay``: what an operator does when it matters."""

import asyncio
import json
from collections.abc import Coroutine, Iterable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from gateway.clock import SystemClock
from gateway.commands.common import DEFAULT, AsJson, Config, Lang, fail, settings_of, speaking
from gateway.errors import ConfigError, GatewayError
from gateway.safety.trouble import NotDone

T = TypeVar("T")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(backup)
    app.command()(restore)
    app.command()(fsck)
    app.command()(doctor)
    app.command()(replay)


def backup(
    target: Annotated[Path, typer.Argument(help="A new folder, or a new file whose name ends in .tar.")],
    as_json: AsJson = False,
    lang: Lang = "",
    config: Config = DEFAULT,
) -> None:
    """Copy database and files while the gateway runs, and check the copy; secret.key is kept apart."""
    from gateway.safety import told
    from gateway.safety.backup import backup as make

    made = finish_in(make(settings_of(config), target, SystemClock()), lang)
    _print(told.made(made, speaking(lang)), told.made_json(made), as_json)
    if made.manifest.damaged:
        raise typer.Exit(1)


def restore(
    source: Annotated[Path, typer.Argument(help="What gateway backup made.")],
    verify: Annotated[bool, typer.Option("--verify", help="Only prove that it can be restored.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the data that are here.")] = False,
    despite_damage: Annotated[
        bool,
        typer.Option("--despite-damage", help="Go on without files that the backup does not hold whole."),
    ] = False,
    keyring: Annotated[
        Path | None,
        typer.Option(help="The newest gateway-keyring.json; by default the one beside the backup."),
    ] = None,
    as_json: AsJson = False,
    lang: Lang = "",
    config: Config = DEFAULT,
) -> None:
    """Put a backup back; refuses while a gateway runs, and where there are data already."""
    from gateway.safety import told
    from gateway.safety.restore import restore as put_back
    from gateway.safety.verify import verify as prove

    if verify:
        proof = finish_in(prove(source), lang)
        _print(told.proved(proof, speaking(lang)), told.proved_json(proof), as_json)
        if proof.lost:
            raise typer.Exit(1)
        return
    settings = settings_of(config)
    restored = finish_in(
        put_back(
            source, settings, SystemClock(), force=force, despite_damage=despite_damage, keyring=keyring
        ),
        lang,
    )
    _print(told.restored(restored, settings, speaking(lang)), told.restored_json(restored), as_json)


def fsck(
    quick: Annotated[
        bool, typer.Option("--quick", help="Do not read the stored files, only look for them.")
    ] = False,
    as_json: AsJson = False,
    lang: Lang = "",
    config: Config = DEFAULT,
) -> None:
    """Compare database and stored files with what must hold; one JSON line a finding, exit code 1 if any."""
    from gateway.safety import told
    from gateway.safety.fsck import fsck as look

    findings = finish_in(look(settings_of(config), quick=quick), lang)
    for finding in findings:
        print(json.dumps(finding.as_json(speaking(lang)), ensure_ascii=False))
    if findings:
        raise typer.Exit(1)
    if not as_json:
        print(told.WHOLE.in_(speaking(lang)))


def doctor(
    as_json: AsJson = False,
    lang: Lang = "",
    config: Config = DEFAULT,
) -> None:
    """Try everything the configuration names, and say what to do; exit code 1 if something will not work."""
    from gateway.safety.doctor import doctor as examine

    findings = finish_in(examine(config, SystemClock()), lang)
    for finding in findings:
        told = finding.as_json(speaking(lang))
        print(json.dumps(told, ensure_ascii=False) if as_json else finding.as_text(speaking(lang)))
    if any(finding.level == "bad" for finding in findings):
        raise typer.Exit(1)


def replay(
    names: Annotated[
        list[str] | None, typer.Argument(help="Message id, inbox number or ticket number.", metavar="ID…")
    ] = None,
    since: Annotated[
        str, typer.Option("--since", help="Compare every enquiry of this span (7d, 12h), or since a date.")
    ] = "",
    as_json: AsJson = False,
    lang: Lang = "",
    config: Config = DEFAULT,
) -> None:
    """Say what the present rules would do with stored messages as things stand now, and why; do nothing."""
    from gateway.safety.replay import replay as walk

    if since:
        _compare(since, as_json, lang, config)
        return
    if not names:
        fail("name a message, an inbox row or a ticket, or give --since 7d", code=2)
    for replayed in finish_in(walk(settings_of(config), names, SystemClock()), lang):
        _print(replayed.as_text(speaking(lang)), replayed.as_json(), as_json)


def _compare(since: str, as_json: bool, lang: str, config: Path) -> None:
    from gateway.safety import told_changes
    from gateway.safety.replay_since import replay_since

    clock = SystemClock()
    settings = settings_of(config)
    try:
        start = told_changes.start_of(since, clock.now(), settings.policy().hours.zone)
    except ValueError as error:
        fail(str(error), code=2)
    found = finish_in(replay_since(settings, start, clock), lang)
    _print(told_changes.lines(found, speaking(lang)), found.as_json(), as_json)


def finish_in(work: Coroutine[Any, Any, T], lang: str) -> T:
    """Run ``work``; what it was refused for is told in the operator's language."""
    try:
        return asyncio.run(work)
    except ConfigError as error:
        fail(str(error), code=error.exit_code)
    except NotDone as error:
        fail(error.public.in_(speaking(lang)))
    except GatewayError as error:
        fail(str(error))


def _print(lines: Iterable[str], value: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(value, ensure_ascii=False))
        return
    for line in lines:
        print(line)
