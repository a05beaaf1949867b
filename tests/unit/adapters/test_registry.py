"""Adapters are found by entry point, and only the one asked for is imported."""

import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest

from adapters import echo, registry
from adapters.registry import UnknownKind


def test_the_kinds_of_the_core_install_are_found() -> None:
    assert {"api", "echo", "mail", "telegram", "webchat"} <= set(registry.kinds())


def test_a_kind_gives_its_specification() -> None:
    assert registry.spec("echo") is echo.SPEC


def test_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(UnknownKind, match="'telegramm': use one of api, echo, mail, telegram, webchat"):
        registry.spec("telegramm")


def test_no_other_kind_is_imported() -> None:
    code = "import sys, adapters.registry as r; r.spec('echo'); print('telegram' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("adapters.nowhere:SPEC", "cannot be imported"),
        ("adapters.echo:NOTHING", "cannot be imported"),
        ("adapters.echo:EchoAdapter", "must be an AdapterSpec, but is type"),
        ("adapters.echo:SPEC", "its kind is 'echo', its entry point 'other'"),
    ],
)
def test_an_entry_point_that_cannot_be_used_is_told_why(value: str, says: str) -> None:
    with pytest.raises(UnknownKind, match=says):
        registry.loaded(EntryPoint(name="other", value=value, group=registry.GROUP))
