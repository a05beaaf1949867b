"""Where settings come from: one TOML file and the environment, each as nested tables of raw values."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gateway.errors import ConfigError, Problem
from gateway.settings.mistakes import Key, Mistake, written
from gateway.settings.secret_values import Plain

PREFIX = "GATEWAY__"
Tables = dict[str, Any]


def from_file(path: Path) -> Tables:
    """Return what a TOML file holds.

    Raises:
        ConfigError: it is not there, not UTF-8, or not TOML.
    """
    name = path.name
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        remedy = "name one with --config FILE, or make a folder with gateway init DIR"
        problem = Problem(file=str(path), key="-", found="no such file", wanted="a TOML file", remedy=remedy)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        problem = Problem(file=name, key="-", found=f"unreadable ({reason})", wanted="a file we may read")
    except UnicodeDecodeError as error:
        found = f"a byte that is not UTF-8 at place {error.start}"
        problem = Problem(file=name, key="-", found=found, wanted="UTF-8", remedy="save it as UTF-8")
    except tomllib.TOMLDecodeError as error:
        problem = Problem(file=name, key="-", found=f"a mistake in its form: {error}", wanted="TOML")
    raise ConfigError([problem])


def from_environment(environ: Mapping[str, str]) -> tuple[Tables, list[Mistake]]:
    """Return the variables ``GATEWAY__A__B`` as tables, and those whose JSON is broken.

    A value that begins with ``{`` or ``[`` is JSON; any other is taken as it stands. Names in capitals are
    lowered, others (``zh-CN``) are kept.
    """
    tables: Tables = {}
    mistakes: list[Mistake] = []
    for name in sorted(environ):
        if not name.upper().startswith(PREFIX):
            continue
        key = tuple(part.lower() if part.isupper() else part for part in name[len(PREFIX) :].split("__"))
        if not all(key):
            wanted = "a key such as GATEWAY__SERVER__PORT"
            mistakes.append(
                Mistake(key=key, found=f"the variable {name}", wanted=wanted, from_environment=True)
            )
            continue
        try:
            put(tables, key, _value(environ[name]))
        except ValueError:
            mistakes.append(
                Mistake(
                    key=key,
                    found=written(environ[name]),
                    wanted="a table or a list written as JSON",
                    from_environment=True,
                )
            )
    return tables, mistakes


def _value(text: str) -> Any:
    return _plain(json.loads(text)) if text.lstrip().startswith(("{", "[")) else Plain(text)


def _plain(value: Any) -> Any:
    """Mark strings inside JSON too as coming from the environment."""
    match value:
        case str():
            return Plain(value)
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list():
            return [_plain(item) for item in value]
        case _:
            return value


def put(tables: Tables, key: Key, value: Any) -> None:
    """Set a value deep in ``tables``, making the tables on the way.

    Raises:
        ValueError: something on the way is no table.
    """
    for part in key[:-1]:
        inner = tables.setdefault(part, {})
        if not isinstance(inner, dict):
            raise ValueError(part)
        tables = inner
    tables[key[-1]] = merged(tables.get(key[-1]), value)


def merged(below: Any, above: Any) -> Any:
    """Return ``above`` laid over ``below``: tables are joined key by key, anything else is replaced."""
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    return {key: merged(below.get(key), above[key]) if key in above else below[key] for key in below | above}


def has(tables: Any, key: Key) -> bool:
    """Return whether something lies at ``key``, or a plain value on the way to it."""
    for part in key:
        if not isinstance(tables, dict):
            return True
        if part not in tables:
            return False
        tables = tables[part]
    return True


def is_value(tables: Any, key: Key) -> bool:
    """Return whether what lies at ``key``, or on the way to it, is a value and not a table."""
    for part in key:
        tables = tables.get(part, {}) if isinstance(tables, dict) else tables
    return not isinstance(tables, dict)
