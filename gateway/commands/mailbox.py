"""``gateway mail probe``: does a mailbox work, step by step, in plain words."""

import asyncio
import json
from typing import Annotated, Any

import typer

from gateway.clock import SystemClock
from gateway.commands.common import DEFAULT, AsJson, Config, Lang, fail, settings_of, speaking
from gateway.commands.readers import mail
from gateway.settings import Channel, Settings

_SIGNS = {"ok": "✓", "warning": "!", "failed": "✗", "skipped": "·"}


def register(app: typer.Typer) -> None:
    """Add the command to those of ``gateway mail``."""
    mail.command("probe")(probe)


def probe(
    channel: Annotated[str, typer.Argument(help="A channel of kind mail; all of them if left out.")] = "",
    as_json: AsJson = False,
    lang: Lang = "",
    config: Config = DEFAULT,
) -> None:
    """Try a mailbox: host, certificate, login, folders, SMTP, SPF, DKIM, DMARC; exit code 1 if something failed."""
    settings = settings_of(config)
    chosen = [one for one in settings.channels.values() if one.kind == "mail" and channel in ("", one.name)]
    if not chosen:
        names = ", ".join(one.name for one in settings.channels.values() if one.kind == "mail")
        fail(f"no mail channel {channel}: there are {names or 'none'}", code=2)
    failed = False
    for one in chosen:
        lines = asyncio.run(_examined(one, settings))
        failed = failed or any(line["level"] == "failed" for line in lines)
        _print(one.name, lines, speaking(lang), as_json=as_json)
    if failed:
        raise typer.Exit(1)


async def _examined(channel: Channel, settings: Settings) -> list[dict[str, Any]]:
    from adapters.mail.probe import examine  # only who asks for it pays for it
    from adapters.mail.settings import MailSettings
    from gateway.safety.lent import LentContext

    assert isinstance(channel.settings, MailSettings)
    context = LentContext(channel.name, settings, SystemClock())
    lines = await examine(channel.settings, context)
    return [{name: getattr(line, name) for name in line.__slots__} for line in lines]


def _print(channel: str, lines: list[dict[str, Any]], lang: str, *, as_json: bool) -> None:
    tongue = "zh" if lang.startswith("zh") else "en"
    for line in lines:
        found, remedy = line[tongue], line[f"remedy_{tongue}"]
        if as_json:
            told = {"channel": channel, "check": line["check"], "level": line["level"], "found": found}
            print(json.dumps(told | ({"remedy": remedy} if remedy else {}), ensure_ascii=False))
            continue
        print(f"{_SIGNS[line['level']]} {channel} · {line['check']}: {found}")
        if remedy:
            print(f"    → {remedy}")
