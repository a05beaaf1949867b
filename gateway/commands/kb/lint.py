"""``kb lint``: what an editor should know of the folder before a customer does."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from adapters import registry
from gateway.commands.common import DEFAULT, AsJson, Config, Lang, fail, settings_of, speaking
from gateway.commands.kb.common import Folder, encoder_of, read, show, today
from gateway.errors import Said
from gateway.settings.rules import WordLists
from knowledge.lint.finding import Finding, name_in
from knowledge.lint.house import House
from knowledge.lint.run import NAMES
from knowledge.lint.run import lint as look
from knowledge.load import Loaded

_LEVELS = {"error": Said("错误", "error"), "warning": Said("提醒", "warning"), "note": Said("备注", "note")}
UNCONFIGURED = ("webchat", "mail", "telegram", "api")


def register(kb: typer.Typer) -> None:
    """Add the command."""
    kb.command("lint")(lint)


def lint(
    folder: Folder = None,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings count as errors.")] = False,
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", help="Leave a rule out; may be given several times.")
    ] = None,
    notes: Annotated[bool, typer.Option("--notes", help="Show notes too.")] = False,
    links: Annotated[
        bool, typer.Option("--links", help="Also ask each web address whether it answers.")
    ] = False,
    as_json: AsJson = False,
    lang: Lang = "",
    config: Config = DEFAULT,
) -> None:
    """Find what is wrong, doubtful or due in the knowledge files; exit code 1 if there is an error."""
    ignored = frozenset(ignore or ())
    if unknown := sorted(ignored - set(NAMES)):
        known = ", ".join(NAMES)
        said = Said(
            f"没有规则 {unknown[0]}：现有 {known}。", f"There is no rule {unknown[0]!r}: they are {known}."
        )
        fail(said.in_(speaking(lang)), code=2)
    chosen, loaded = read(folder, config, lang)
    house = house_of(config)
    found = look(loaded, house, ignored, chosen)
    if links and "dead-link" not in ignored:
        found += _asked(loaded, house)
    told = {"folder": str(chosen), "entries": len(loaded.entries)} | counted(found)
    told["findings"] = [dict(finding.as_json(chosen)) for finding in found]
    shown = found if notes else [finding for finding in found if finding.level != "note"]
    show(_lines(shown, found, chosen, len(loaded.entries), speaking(lang)), told, as_json)
    if told["errors"] or (strict and told["warnings"]):
        raise typer.Exit(1)


def house_of(config: Path) -> House:
    """Return the words and channels of the configuration; without one, the shipped words and every kind of channel."""
    settings = settings_of(config) if config.exists() else None
    words = settings.words if settings else WordLists()
    if settings:
        channels = {name: one.spec.capabilities.max_text for name, one in settings.channels.items()}
    else:
        channels = {kind: registry.spec(kind).capabilities.max_text for kind in UNCONFIGURED}
    return House(
        encoder=encoder_of(config),
        today=today(),
        banned=words.banned,
        vague=words.vague,
        channels=channels,
        configured=bool(settings),
        actions=frozenset(settings.actions) if settings else None,
    )


def counted(found: Sequence[Finding]) -> dict[str, Any]:
    """Return how many findings there are of each level."""
    number = Counter(finding.level for finding in found)
    return {"errors": number["error"], "warnings": number["warning"], "notes": number["note"]}


def _asked(loaded: Loaded, house: House) -> list[Finding]:
    from gateway.editing.links import dead_links  # only who asks the world pays for it

    return dead_links(loaded.entries, house)


def _lines(
    shown: Sequence[Finding], found: Sequence[Finding], folder: Path, entries: int, lang: str
) -> Iterator[str]:
    for finding in shown:
        place = f"{name_in(folder, finding.file)}:{finding.line}"
        yield f"{place}: {_LEVELS[finding.level].in_(lang)} [{finding.rule}] {finding.found_in(lang)}"
        yield f"    → {finding.remedy_in(lang)}"
    number = counted(found)
    yield Said(
        f"{entries} 个条目：错误 {number['errors']}，提醒 {number['warnings']}，备注 {number['notes']}"
        + ("" if len(shown) == len(found) else "（--notes 显示备注）")
        + "。",
        f"{entries} entries: {number['errors']} errors, {number['warnings']} warnings, {number['notes']} notes"
        + ("" if len(shown) == len(found) else " (--notes shows them)")
        + ".",
    ).in_(lang)
