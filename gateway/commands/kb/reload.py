"""``kb reload``: have the running gateway read its knowledge files now, if need be whatever they lost."""

from typing import Annotated, Any

import typer

from gateway import control
from gateway.commands.common import DEFAULT, AsJson, Config, Lang, fail, finish, settings_of, speaking
from gateway.commands.kb.common import show
from gateway.errors import Said
from gateway.knowledge_gauges import RELOAD

Force = Annotated[
    bool, typer.Option("--force", help="Take this version even if mistakes or lost entries speak against it.")
]

OUTCOMES = {
    "swapped": Said("已启用新版本：{entries} 个条目。", "The new version is in use: {entries} entries."),
    "unchanged": Said("没有变化：{entries} 个条目。", "Nothing has changed: {entries} entries."),
    "refused": Said(
        "新版本未被采用，仍使用原来的 {entries} 个条目。改正后会自动生效；确实要这样，请加 --force。",
        "The new version was refused; the {entries} entries from before serve on. Mend the files, or add --force.",
    ),
}
NOBODY = Said(
    "没有正在运行的网关：下次启动时会读取这些文件。",
    "No gateway is running here: it reads the files when it starts.",
)


def register(kb: typer.Typer) -> None:
    """Add the command."""
    kb.command("reload")(reload)


def reload(force: Force = False, as_json: AsJson = False, lang: Lang = "", config: Config = DEFAULT) -> None:
    """Read the knowledge files now; exit code 1 if the version is refused."""
    speaks = speaking(lang)
    asked = control.ask(settings_of(config).data.dir, RELOAD, {"force": force, "lang": speaks})
    told: dict[str, Any] | None = finish(asked)
    if told is None:
        fail(NOBODY.in_(speaks))
    lines = [OUTCOMES[told["outcome"]].in_(speaks).format(entries=told["entries"]), *told["problems"]]
    show(lines, told, as_json)
    if told["outcome"] == "refused":
        raise typer.Exit(1)
