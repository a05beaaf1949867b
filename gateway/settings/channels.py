"""Channels: each table ``channels.<name>`` is checked by the settings model of its adapter."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from adapters import registry
from adapters.contract import AdapterError, AdapterSpec
from gateway.settings.mistakes import Key, Mistake, mistakes_of, written
from gateway.settings.secret_values import resolved

SpecOf = Callable[[str], AdapterSpec]

_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One configured place where customers write: its name, its adapter, what that adapter was told."""

    name: str
    kind: str
    spec: AdapterSpec
    settings: BaseModel


def channels_of(
    tables: object, *, spec_of: SpecOf, environ: Mapping[str, str], context: Mapping[str, Any]
) -> tuple[dict[str, Channel], list[Mistake]]:
    """Return the channels that are right, and every mistake in those that are not."""
    if not isinstance(tables, Mapping):
        found = written(tables)
        return {}, [Mistake(key=("channels",), found=found, wanted="a table for each channel")]
    channels: dict[str, Channel] = {}
    mistakes: list[Mistake] = []
    for name, table in tables.items():
        outcome = _channel(str(name), table, spec_of=spec_of, environ=environ, context=context)
        if isinstance(outcome, Channel):
            channels[outcome.name] = outcome
        else:
            mistakes += outcome
    return channels, mistakes


def _channel(
    name: str, table: object, *, spec_of: SpecOf, environ: Mapping[str, str], context: Mapping[str, Any]
) -> Channel | list[Mistake]:
    at: Key = ("channels", name)
    if not _NAME.fullmatch(name):
        wanted = "a name of small letters, digits and _ that begins with a letter"
        return [Mistake(key=at, found=f"the name {written(name)}", wanted=wanted)]
    if not isinstance(table, Mapping):
        wanted = 'a table such as {kind = "webchat"}'
        return [Mistake(key=at, found=written(table), wanted=wanted)]
    kinds = ", ".join(registry.kinds())
    kind = table.get("kind")
    if not isinstance(kind, str):
        found = "nothing" if kind is None else written(kind)
        return [Mistake(key=(*at, "kind"), found=found, wanted=f"one of {kinds}")]
    try:
        spec = spec_of(kind)
    except AdapterError as error:
        return [Mistake(key=(*at, "kind"), found=written(kind), wanted=f"one of {kinds}", remedy=str(error))]
    rest = {key: value for key, value in table.items() if key != "kind"}
    told, mistakes = resolved(rest, spec.settings, at=at, environ=environ, base=context["base"])
    try:
        settings = spec.settings.model_validate(told, context=dict(context))
    except ValidationError as error:
        return mistakes + mistakes_of(error, spec.settings, at=at, known=mistakes)
    return mistakes or Channel(name=name, kind=kind, spec=spec, settings=settings)
