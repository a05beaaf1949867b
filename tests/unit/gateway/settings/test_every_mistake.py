"""Every key of the configuration given a value that makes no sense, and every table a key it does not know."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import get_origin

import pytest
from pydantic import BaseModel

from gateway.errors import ConfigError, Problem
from gateway.settings import Settings, load

NONSENSE = [[{"x": 1}]]
NONSENSE_IN_TOML = "[[{x = 1}]]"


def tables(model: type[BaseModel] = Settings, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield above
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from tables(field.annotation, (*above, name))


def values(model: type[BaseModel] = Settings, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from values(field.annotation, (*above, name))
        else:
            yield (*above, name) if get_origin(field.annotation) is not dict else (*above, name, "some")


def problems(folder: Path, text: str, environ: dict[str, str]) -> tuple[Problem, ...]:
    (folder / "config.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load(folder / "config.toml", environ=environ)
    return caught.value.problems


def variable(key: tuple[str, ...]) -> str:
    return "GATEWAY__" + "__".join(key).upper()


@pytest.mark.parametrize("key", list(values()), ids=".".join)
def test_nonsense_is_refused_by_the_name_of_its_key(key: tuple[str, ...], tmp_path: Path) -> None:
    dotted = ".".join(key)
    told = problems(tmp_path, f"{dotted} = {NONSENSE_IN_TOML}", {})
    assert any(one.file == "config.toml" and one.key.startswith(dotted) for one in told)
    assert all(one.found and one.wanted for one in told)


@pytest.mark.parametrize("key", list(values()), ids=".".join)
def test_nonsense_in_the_environment_is_refused_by_the_name_of_its_variable(
    key: tuple[str, ...], tmp_path: Path
) -> None:
    told = problems(tmp_path, "", {variable(key): json.dumps(NONSENSE)})
    assert any(one.file == "environment" and one.key.startswith(variable(key)) for one in told)


@pytest.mark.parametrize("table", list(tables()), ids=lambda table: ".".join(table) or "top")
def test_a_key_that_a_table_does_not_know_is_refused(table: tuple[str, ...], tmp_path: Path) -> None:
    dotted = ".".join((*table, "colour"))
    (told,) = problems(tmp_path, f'{dotted} = "red"', {})
    assert told.key == dotted
    assert told.found == "an unknown key"
