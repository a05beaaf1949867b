"""``gateway directory find``: ask the customer records for one order, as the gateway would."""

import json
from typing import Annotated

import typer

from adapters.outgoing import Outgoing
from gateway import logs
from gateway.clock import SystemClock
from gateway.commands.common import DEFAULT, AsJson, Config, Lang, fail, finish, settings_of, speaking
from gateway.directory.opening import open_directory
from gateway.directory.shown import shown
from gateway.domain.records import Found, Lookup, Unavailable
from gateway.errors import Said
from gateway.metrics import Metrics
from gateway.settings import Settings

directory = typer.Typer(help="Ask the customer records.", no_args_is_help=True)

_NOT_FOUND = Said("没有这个订单。", "There is no such order.")
_UNAVAILABLE = Said("客户资料无法查询：", "The customer records cannot be asked: ")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(directory, name="directory")


@directory.callback()
def _group() -> None:
    """Ask the customer records."""


@directory.command("find")
def find(
    order: Annotated[str, typer.Argument(help="The order's number, as a customer may type it.")],
    as_json: AsJson = False,
    lang: Lang = "",
    config: Config = DEFAULT,
) -> None:
    """Show what is on file about an order, personal data covered; exit code 1 if it is not found or cannot be asked."""
    settings = settings_of(config)
    logs.set_up("error")
    found = finish(_found(settings, order))
    tongue = speaking(lang)
    if isinstance(found, Unavailable):
        fail(f"{_UNAVAILABLE.in_(tongue)}{found.because}")
    if not isinstance(found, Found):
        fail(_NOT_FOUND.in_(tongue))
    fields = {"order": found.order_ref} | shown(found)
    if as_json:
        print(json.dumps(fields, ensure_ascii=False))
        return
    for name, value in fields.items():
        print(f"{name:16}{value}")


async def _found(settings: Settings, order: str) -> Lookup:
    outgoing = Outgoing(settings.outgoing.egress())
    directory = open_directory(settings.directory, SystemClock(), Metrics(), outgoing)
    try:
        return await directory.find(order)
    finally:
        await directory.close()
        await outgoing.close()
