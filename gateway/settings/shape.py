"""Looking at pydantic models from outside: which tables and which secrets a configuration can hold."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel, SecretStr


def parts_of(annotation: Any) -> Iterator[Any]:
    """Yield an annotation and everything inside it, through unions, ``Annotated`` and containers."""
    yield annotation
    for inner in get_args(annotation):
        yield from parts_of(inner)


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """Return the tables that a field may hold."""
    return [part for part in parts_of(annotation) if isinstance(part, type) and issubclass(part, BaseModel)]


def holds_secret(annotation: Any) -> bool:
    """Return whether the value itself is a secret (and not a table that has one)."""
    return any(part is SecretStr for part in parts_of(annotation))


def is_table_of_tables(annotation: Any) -> bool:
    """Return whether a field is a mapping from names of the operator's choice."""
    origin = get_origin(annotation)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def table_at(model: type[BaseModel], path: tuple[str, ...]) -> type[BaseModel] | None:
    """Return the model of the table that lies at ``path``, if there is one."""
    here: list[type[BaseModel]] = [model]
    free = False
    for name in path:
        if free:  # a name of the operator's choice, not a field
            free = False
            continue
        fields = [m.model_fields[name].annotation for m in here if name in m.model_fields]
        if fields:
            here = [inner for field in fields for inner in models_in(field)]
            free = any(is_table_of_tables(field) for field in fields)
    return here[0] if here else None
