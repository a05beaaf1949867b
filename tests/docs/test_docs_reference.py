"""The reference pages against the code: what exists is written down, and what is written down exists."""

import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel
from typer.main import get_command

import gateway
from adapters import registry
from gateway.cli import app
from gateway.errors import GatewayError
from gateway.metrics import Metrics
from gateway.pipeline.run import STEPS
from gateway.settings import Settings

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"


def page(name: str) -> str:
    return (REFERENCE / name).read_text("utf-8")


def in_code(text: str) -> set[str]:
    """Return everything that stands between backticks."""
    return set(re.findall(r"`([^`\n]+)`", text))


# --- configuration ---


def keys(model: type[BaseModel], above: str = "") -> Iterator[str]:
    """Yield the dotted name of each key, with ``<…>`` where the operator chooses a name."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        key = f"{above}{name}"
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from keys(inner, f"{key}.")
        elif get_origin(inner) is dict:
            yield from chosen(inner, key)
        else:
            yield key


def chosen(annotation: Any, above: str) -> Iterator[str]:
    inner = get_args(annotation)[1]
    is_table = isinstance(inner, type) and issubclass(inner, BaseModel)
    yield from keys(inner, f"{above}.<>.") if is_table else [f"{above}.<>"]


def test_every_setting_is_explained_and_every_explained_one_exists() -> None:
    shown = {re.sub(r"<[^>]*>", "<>", word) for word in in_code(page("config.md"))}
    real = set(keys(Settings)) - {"channels.<>"}
    tables = "|".join(Settings.model_fields)
    explained = {word for word in shown if re.fullmatch(rf"({tables})\.[a-z_.<>]+", word)} - {"channels.<>"}
    assert real - shown == set(), "not in docs/reference/config.md"
    assert explained - real == set(), "in docs/reference/config.md, but no setting"
    assert "channels.<>" in shown


@pytest.mark.parametrize("kind", registry.kinds())
def test_every_setting_of_a_channel_is_explained_on_its_page(kind: str) -> None:
    pages = [REFERENCE / "channels" / f"{kind}.md", ROOT / "docs" / "howto" / f"channel-{kind}.md"]
    text = "\n".join(page.read_text("utf-8") for page in pages if page.exists())
    missing = [key for key in keys(registry.spec(kind).settings) if key.rpartition(".")[2] not in text]
    assert missing == []


def test_every_kind_of_channel_is_listed() -> None:
    listed = set(re.findall(r"^\| `(\w+)` \|", page("channels.md"), re.MULTILINE))
    assert listed == {entry.name for entry in entry_points(group=registry.GROUP)}


# --- errors ---


def all_errors() -> set[type[GatewayError]]:
    """Return the tree of errors, with every module of the gateway imported."""
    for module in pkgutil.walk_packages(gateway.__path__, "gateway."):
        if ".migrations." not in module.name and module.name not in (
            "gateway.__main__",
            "gateway.web.hatch_build",
        ):
            importlib.import_module(module.name)
    return set(below(GatewayError))


def below(error: type[GatewayError]) -> Iterator[type[GatewayError]]:
    for child in error.__subclasses__():
        if child.__module__.startswith("gateway."):
            yield child
            yield from below(child)


def narrower_codes() -> set[str]:
    """Return the codes that errors are given where they are raised."""
    sources = (file.read_text("utf-8") for file in (ROOT / "gateway").rglob("*.py"))
    return {code for text in sources for code in re.findall(r'\bcode="([a-z_]+)"', text)}


def test_every_error_is_listed_with_its_status_and_both_languages() -> None:
    text = page("errors.md")
    rows = {
        f"| `{error.code}` | {error.status} | {error.said.zh} | {error.said.en} |"
        for error in all_errors()
        if "code" in vars(error)
    }
    missing = sorted(row for row in rows if row not in text)
    assert not missing, "add to docs/reference/errors.md:\n" + "\n".join(missing)


def test_every_narrower_code_is_listed() -> None:
    missing = narrower_codes() - in_code(page("errors.md"))
    assert not missing, f"add to docs/reference/errors.md: {sorted(missing)}"


# --- metrics, steps, commands ---


def test_every_metric_is_listed_and_every_listed_one_exists() -> None:
    registry = Metrics().registry
    names = {metric.name + ("_total" if metric.type == "counter" else "") for metric in registry.collect()}
    listed = set(re.findall(r"^\| `(gateway_\w+)` \|", page("metrics.md"), re.MULTILINE))
    assert listed == names


def test_the_steps_are_told_in_their_order() -> None:
    headings = re.findall(r"^## (\w+)$", page("steps.md"), re.MULTILINE)
    assert headings == [step.__name__ for step in STEPS]


def commands(app: Any, above: str = "gateway") -> Iterator[str]:
    """Yield the full name of each command of a click application."""
    inner: Mapping[str, Any] = getattr(app, "commands", {})
    if not inner:
        yield above
    for name, command in inner.items():
        if not command.hidden:
            yield from commands(command, f"{above} {name}")


def test_every_command_is_listed_and_every_listed_one_exists() -> None:
    real = set(commands(get_command(app)))
    assert listed_commands(page("commands.md")) == real


def listed_commands(text: str) -> set[str]:
    """Return the commands of the table's first column: `gateway agent add LOGIN`, `list` are two."""
    found: set[str] = set()
    for row in re.findall(r"^\| (`gateway [^|]*) \|", text, re.MULTILINE):
        group: list[str] = []
        for words in (words.split() for words in re.findall(r"`([^`]+)`", row)):
            plain = [word for word in words if word.islower()]
            group = plain[:-1] if plain[0] == "gateway" else group
            found.add(" ".join([*group, plain[-1]]))
    return found
