"""``triage-train``: learn anew from the shipped cases and from what the house's people corrected."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated

import typer

from gateway.commands.common import DEFAULT, Config, Lang, fail, finish, settings_of, speaking
from gateway.errors import Said
from gateway.safety.reading import reading
from gateway.settings import Settings
from gateway.settings.rules_triage import model_file
from gateway.store.triaging import FirstWords, corrected_cases
from gateway.triage.build import packed_from
from gateway.triage.corpus import Case, shipped_cases
from gateway.triage.evidence import Message
from gateway.triage.fields import FIELDS
from gateway.triage.figures import Figures, figures
from gateway.triage.model import unpacked
from gateway.triage.train import How, Seen, see
from gateway.triage.validate import cross_validated

COUNTS = 3.0
"""A corrected ticket counts like so many shipped cases: it is about this house."""
FOLDS = 4


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("triage-train")(triage_train)


def triage_train(
    since: Annotated[
        str, typer.Option(help="Only corrections made since this day, such as 2026-11-01.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it would bring; write nothing.")
    ] = False,
    config: Config = DEFAULT,
    lang: Lang = "",
) -> None:
    """Train triage from corrected tickets, say what it brings, and keep the model beside the others; it is not switched on."""
    settings, tongue = settings_of(config), speaking(lang)
    try:
        begin = datetime.combine(date.fromisoformat(since), time(), UTC) if since else None
    except ValueError:
        fail(f"--since {since}: not a day such as 2026-11-01", code=2)
    own = house_cases(finish(_corrected(settings, begin)), channel_kinds(settings))
    if not own:
        print(_NOTHING.in_(tongue))
        return
    triager = settings.triager()
    shipped, house = see(shipped_cases(), triager.lexicon), see(own, triager.lexicon)
    before = figures(own, [triager.triage(case.message) for case in own])
    after = cross_validated(house, How(), also=shipped, folds=min(FOLDS, len(house)), weight=COUNTS)
    print(_table(before, after, tongue))
    if dry_run:
        return
    print(keep(settings, shipped, house).in_(tongue))


def house_cases(corrected: Sequence[FirstWords], kinds: Mapping[str, str]) -> list[Case]:
    """Return corrected tickets as cases; one whose department triage does not know is left out."""
    found = []
    for one in corrected:
        labels = {field: (one.holds[field],) for field in FIELDS}
        if all(labels[field][0] in values for field, values in FIELDS.items()):
            message = Message(text=one.text, channel=kinds.get(one.channel, ""))
            subtype = one.holds["subtype"] or None
            found.append(Case(message=message, labels=labels, subtype=subtype, source=one.ticket))
    return found


def channel_kinds(settings: Settings) -> dict[str, str]:
    """Return what cases call each configured channel."""
    kinds = {}
    for channel in settings.channels.values():
        can = channel.spec.capabilities
        kinds[channel.name] = "email" if can.subject else "web_chat" if can.served else "social"
    return kinds


async def _corrected(settings: Settings, since: datetime | None) -> list[FirstWords]:
    async with reading(settings.database_url) as database:
        return await database.read(lambda tx: corrected_cases(tx, since))


def keep(settings: Settings, shipped: Sequence[Seen], house: Sequence[Seen]) -> Said:
    """Train with both, write the model into the data folder, and return how to switch it on."""
    about = {"house cases": str(len(house))}
    counts = [1.0] * len(shipped) + [COUNTS] * len(house)
    content = packed_from([*shipped, *house], settings.triager().lexicon, about, counts)
    version = unpacked(content).version
    file = model_file(settings.data.dir, version)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return Said(
        f'已写入 {_shown(file)}。要启用它，请在 config.toml 的 [triage] 中设置 model = "{version}" 并重启。',
        f'Written to {_shown(file)}. To switch it on, set model = "{version}" in [triage] of config.toml and restart.',
    )


def _shown(file: Path) -> str:
    return str(file.relative_to(Path.cwd())) if file.is_relative_to(Path.cwd()) else str(file)


def _table(before: Figures, after: Figures, lang: str) -> str:
    rows = [_HEAD.in_(lang).format(count=before.cases)]
    for field in FIELDS:
        rows.append(f"  {field:16s} {before.strict[field]:6.1%} → {after.strict[field]:6.1%}")
    return "\n".join(rows)


_HEAD = Said(
    "人工改过的 {count} 条工单：现在判对的比例 → 训练后（交叉验证，每条都由没见过它的模型判断）：",
    "{count} tickets that people corrected: right now → after training (cross-validated: each judged by a model that had not seen it):",
)
_NOTHING = Said(
    "没有人工更正过的工单，没有可学的内容；随附的模型照常使用。",
    "No ticket was corrected, so there is nothing to learn; the model that ships stays in use.",
)
