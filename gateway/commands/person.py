"""``person export|erase|hold|release``: one customer's data, by their number."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.commands.common import DEFAULT, Config, Lang, fail, settings_of, speaking
from gateway.commands.retention import ask_or_do

people = typer.Typer(help="One customer's data, by their number (C…).", no_args_is_help=True)
Number = Annotated[str, typer.Argument(help="A customer's number, such as C20261123001.")]
Held = Annotated[str, typer.Argument(help="A customer's number (C…) or a ticket's (T…).")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(people, name="person")


@people.command("export")
def export(
    number: Number,
    target: Annotated[Path, typer.Argument(help="A new .zip, readable for its owner only.")],
    config: Config = DEFAULT,
) -> None:
    """Write everything of a customer into a zip: what they wrote and were told, their files, never internal notes."""
    told = ask_or_do(
        settings_of(config), "person.export", {"number": number, "target": str(target.absolute())}
    )
    print(f"{told['path']} ({told['size']} bytes)")


@people.command("erase")
def erase(
    number: Number,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    lang: Lang = "",
    config: Config = DEFAULT,
) -> None:
    """Erase a customer for good, in backups too; numbers, times and promises kept stay countable."""
    zh = speaking(lang).startswith("zh")
    sure = (
        f"永久删除 {number} 的全部资料，无法恢复。继续？" if zh else f"Erase all data of {number} for good?"
    )
    if not yes and not typer.confirm(sure):
        raise typer.Exit(1)
    ask_or_do(settings_of(config), "person.erase", {"number": number})
    print(f"已删除 {number}。" if zh else f"erased {number}")


@people.command("hold")
def hold(
    number: Held,
    because: Annotated[str, typer.Option(help="Why: a lawsuit, an authority's order.")],
    config: Config = DEFAULT,
) -> None:
    """Put a legal hold on a customer or a ticket: nothing of it is let go or erased until it is released."""
    ask_or_do(settings_of(config), "hold.put", _held(number) | {"because": because})
    print(f"held {number}")


@people.command("release")
def release(number: Held, config: Config = DEFAULT) -> None:
    """Lift a legal hold."""
    ask_or_do(settings_of(config), "hold.lift", _held(number))
    print(f"released {number}")


def _held(number: str) -> dict[str, str]:
    if number[:1] not in ("C", "T"):
        fail(f"{number} is neither a customer's number (C…) nor a ticket's (T…)", code=2)
    return {"kind": "contact" if number.startswith("C") else "ticket", "number": number}
