"""Secrets: ``{env = "NAME"}`` and ``{file = "path"}`` become their values; plain ones are refused.

A configuration file is committed and copied about, so a secret is never in it. In the environment a secret
may stand by itself: that is what the environment is for.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from gateway.settings.mistakes import Key, Mistake
from gateway.settings.shape import holds_secret, models_in

WAYS = '{env = "NAME"} or {file = "/path"}'


class Plain(str):
    """A value that came from the environment, where secrets may stand by themselves."""

    __slots__ = ()


def resolved(
    table: Mapping[str, Any], model: type[BaseModel], *, at: Key, environ: Mapping[str, str], base: Path
) -> tuple[dict[str, Any], list[Mistake]]:
    """Return ``table`` with every secret that ``model`` asks for put in, and what is wrong with the others."""
    told = dict(table)
    mistakes: list[Mistake] = []
    for name, value in table.items():
        field = model.model_fields.get(name)
        if field is None:
            continue
        key = (*at, name)
        if holds_secret(field.annotation):
            outcome = _secret(value, key, environ, base)
            if isinstance(outcome, Mistake):
                mistakes.append(outcome)
            else:
                told[name] = outcome
        elif isinstance(value, Mapping):
            for inner in models_in(field.annotation)[:1]:
                told[name], more = resolved(value, inner, at=key, environ=environ, base=base)
                mistakes += more
    return told, mistakes


def _secret(value: object, key: Key, environ: Mapping[str, str], base: Path) -> str | Mistake:
    match value:
        case Plain():
            return str(value)
        case {"env": str(name), **rest} if not rest:
            return _from_environment(name, key, environ)
        case {"file": str(path), **rest} if not rest:
            return _from_file(base / Path(path).expanduser(), key)
        case str():
            remedy = f"put it into the environment or a file of its own and write {key[-1]} = {WAYS}"
            return Mistake(key=key, found="a secret in plain text", wanted=WAYS, remedy=remedy)
        case _:
            return Mistake(key=key, found="something else", wanted=WAYS)


def _from_environment(name: str, key: Key, environ: Mapping[str, str]) -> str | Mistake:
    if value := environ.get(name):
        return value
    found = (
        f"{name}, which is not set in the environment" if name not in environ else f"{name}, which is empty"
    )
    return Mistake(key=key, found=found, wanted="the secret", remedy=f"set {name} before the start")


def _from_file(path: Path, key: Key) -> str | Mistake:
    try:
        value = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        found = f"{path}, which cannot be read ({reason})"
        return Mistake(key=key, found=found, wanted="a file with the secret", remedy="check path and rights")
    if not value:
        return Mistake(key=key, found=f"{path}, which is empty", wanted="a file with the secret")
    return value
