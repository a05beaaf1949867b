"""``audit verify`` and ``audit show``: prove the traces, and read them."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.clock import SystemClock
from gateway.commands.common import DEFAULT, AsJson, Config, Lang, fail, settings_of, speaking
from gateway.commands.safety import finish_in

traces = typer.Typer(help="The audit: who did what to whose data.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(traces, name="audit")


@traces.command("verify")
def verify(
    checkpoints: Annotated[
        Path | None, typer.Option(help="A copy of the checkpoints that was kept elsewhere.")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = "",
    config: Config = DEFAULT,
) -> None:
    """Name every row of the audit that was changed, removed, moved or cut off; exit code 1 if there is one."""
    from gateway.safety.audit_verify import verify as prove

    proof = finish_in(prove(settings_of(config), checkpoints), lang)
    for finding in proof.findings:
        told = finding.as_json(speaking(lang))
        print(json.dumps(told, ensure_ascii=False) if as_json else finding.as_text(speaking(lang)))
    if as_json:
        print(
            json.dumps(
                {"rows": proof.rows, "checkpoints": proof.checkpoints, "findings": len(proof.findings)}
            )
        )
    else:
        print(proof.summary.in_(speaking(lang)))
    if proof.findings:
        raise typer.Exit(1)


@traces.command("show")
def show(
    actor: Annotated[str, typer.Option(help="Such as agent:1001, console, system.")] = "",
    act: Annotated[str, typer.Option(help="Such as sign_in, reveal, person.erase.")] = "",
    about: Annotated[str, typer.Option(help="Such as ticket:T…, contact:C….")] = "",
    since: Annotated[str, typer.Option(help="A span (7d, 12h) or a date.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000)] = 100,
    lang: Lang = "",
    config: Config = DEFAULT,
) -> None:
    """Print rows of the audit, the newest first, one JSON line each."""
    from gateway.safety.audit_verify import read
    from gateway.safety.told_changes import start_of
    from gateway.store.audit_reading import Wanted

    settings = settings_of(config)
    try:
        start = start_of(since, SystemClock().now(), settings.policy().hours.zone) if since else None
    except ValueError as error:
        fail(str(error), code=2)
    wanted = Wanted(
        actors=[actor] if actor else None, act=act or None, about=about or None, since=start, limit=limit
    )
    for row in finish_in(read(settings, wanted), lang):
        print(json.dumps(row, ensure_ascii=False, default=_plain))


def _plain(value: Any) -> str:
    assert isinstance(value, datetime)
    return value.isoformat()
