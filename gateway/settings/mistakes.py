"""What is wrong with a configuration, in words that say what to write instead."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from gateway.settings.shape import is_secret, table_at

Key = tuple[str, ...]

_LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One wrong key: as ``gateway.errors.Problem``, but not yet knowing whether file or environment set it."""

    key: Key
    found: str
    wanted: str
    remedy: str = ""
    from_environment: bool = False
    """Known to have been set there; otherwise it is looked up."""


def written(value: object) -> str:
    """Return a value as a log may show it: short."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a table"
    text = repr(value) if not isinstance(value, str) else f'"{value}"'
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def mistakes_of(
    error: ValidationError, model: type[BaseModel], *, at: Key = (), known: Iterable[Mistake] = ()
) -> list[Mistake]:
    """Return one Mistake for each of pydantic's errors, but for keys that ``known`` ones explain."""
    told = [mistake.key for mistake in known]
    found = [_mistake(detail, model, at) for detail in error.errors(include_url=False)]
    return [mistake for mistake in found if not any(mistake.key[: len(key)] == key for key in told)]


def _mistake(detail: ErrorDetails, model: type[BaseModel], at: Key) -> Mistake:
    loc = tuple(str(part) for part in detail["loc"])
    key = (*at, *(part for part in loc if part != "[key]"))
    kind, value = detail["type"], detail["input"]
    if kind == "extra_forbidden":
        return _unknown(key, loc, model)
    if kind == "missing":
        return Mistake(key=key, found="nothing", wanted="a value", remedy=f"add {loc[-1]} to the table")
    if kind == "value_error":
        wanted = str(detail["ctx"]["error"]) if "ctx" in detail else detail["msg"]
    else:
        wanted = detail["msg"].removeprefix("Input should be ").removeprefix("a valid ")
    if is_secret(model, loc):
        return Mistake(key=key, found="a secret", wanted=wanted.replace(str(value), "…"))
    return Mistake(key=key, found=written(value), wanted=wanted)


def _unknown(key: Key, loc: Key, model: type[BaseModel]) -> Mistake:
    table = table_at(model, loc[:-1])
    names = sorted(table.model_fields) if table else []
    close = difflib.get_close_matches(loc[-1], names, n=1)
    remedy = f"did you mean {close[0]}?" if close else "remove it"
    return Mistake(key=key, found="an unknown key", wanted=f"one of {', '.join(names)}", remedy=remedy)
