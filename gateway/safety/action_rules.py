"""Actions of the bot that nothing leads to, that want what triage never says, or that no records could answer."""

from collections.abc import Iterator

from gateway.errors import Said
from gateway.safety.finding import Finding
from gateway.settings import Settings
from knowledge.load import load_folder

CHECK = "actions"


def action_rules(settings: Settings) -> Iterator[Finding]:
    """Yield a note for each doubt; a good finding where there is none."""
    found = [*_unknown_subtypes(settings), *_unreached(settings), *_without_records(settings)]
    if not found:
        names = ", ".join(settings.actions)
        said = Said(f"机器人可办理：{names}。", f"The bot may do: {names}.")
        found = [Finding(check=CHECK, level="ok", found=said)]
    yield from found


def _unknown_subtypes(settings: Settings) -> Iterator[Finding]:
    known = settings.triager().lexicon.topics
    for name, rule in settings.actions.items():
        for subtype in rule.subtypes:
            if subtype not in known:
                yield Finding(
                    check=CHECK,
                    level="note",
                    found=Said(
                        f"动作 {name} 的子类型“{subtype}”，分诊从不给出。",
                        f"Triage never says {subtype!r}, a sub-type of the action {name}.",
                    ),
                    remedy=Said(
                        "子类型见 docs/reference/triage.md。", "docs/reference/triage.md tells the sub-types."
                    ),
                    where={"key": f"actions.{name}.subtypes"},
                )


def _unreached(settings: Settings) -> Iterator[Finding]:
    entries = load_folder(settings.knowledge.folder, first_language=settings.house.languages[0]).entries
    run = {entry.action.value for entry in entries if entry.action and entry.action.kind == "run"}
    for name, rule in settings.actions.items():
        if name not in run and not rule.subtypes:
            yield Finding(
                check=CHECK,
                level="note",
                found=Said(
                    f"没有知识条目或子类型通向动作 {name}：客户用不到它。",
                    f"Neither an entry nor a sub-type leads to the action {name}: no customer gets it.",
                ),
                remedy=Said(
                    f"在知识条目里写“动作: 执行 {name}”。",
                    f"Write 'action: run {name}' into a knowledge entry.",
                ),
                where={"key": f"actions.{name}"},
            )


def _without_records(settings: Settings) -> Iterator[Finding]:
    used = settings.directory.fields.keys() | {"order"}
    if settings.directory.kind == "none":
        return
    for name, rule in settings.actions.items():
        missing = sorted({shown.removeprefix("full_") for shown in rule.shows} - used)
        if missing:
            names = ", ".join(missing)
            yield Finding(
                check=CHECK,
                level="note",
                found=Said(
                    f"动作 {name} 要显示 {names}，而 directory.fields 里没有：相应的行不会出现。",
                    f"The action {name} shows {names}, which directory.fields does not read: those lines never appear.",
                ),
                remedy=Said("在 directory.fields 里加上。", "Add it to directory.fields."),
                where={"key": f"actions.{name}.shows"},
            )
