"""Looking at pydantic models from outside: which tables and which secrets a configuration can hold."""

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, SecretStr


def parts_of(annotation: Any) -> Iterator[Any]:
    """Yield an annotation and everything inside it, through unions, ``Annotated`` and containers."""
    yield annotation
    for inner in get_args(annotation):
        yield from parts_of(inner)


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """Return the tables that a field may hold."""
    return [part for part in parts_of(annotation) if is_table(part)]


def holds_secret(annotation: Any) -> bool:
    """Return whether the value itself is a secret (and not a table that has one)."""
    return any(part is SecretStr for part in parts_of(annotation))


def is_table(annotation: Any) -> bool:
    """Return whether a field holds one table and nothing else."""
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def table_at(model: type[BaseModel], path: tuple[str, ...]) -> type[BaseModel] | None:
    """Return the model of the table that lies at ``path``, if there is one.

    Names of the operator's choice (``departments.<name>``) are passed over: they are no fields.
    """
    here = model
    for name in path:
        if name in here.model_fields:
            tables = models_in(here.model_fields[name].annotation)
            if not tables:
                return None
            here = tables[0]
    return here


def is_secret(model: type[BaseModel], path: tuple[str, ...]) -> bool:
    """Return whether the value at ``path`` must never be shown."""
    table = table_at(model, path[:-1])
    field = table.model_fields.get(path[-1]) if table and path else None
    return field is not None and holds_secret(field.annotation)
