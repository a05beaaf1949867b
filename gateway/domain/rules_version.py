"""A short mark of all rules in force: it changes whenever one does, and is the same in every process."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from hashlib import blake2b


def rules_version(rules: object) -> str:
    """Return eight hex digits for a tree of dataclasses, mappings, sets and plain values."""
    return blake2b("\n".join(_told(rules)).encode(), digest_size=4).hexdigest()


def _told(value: object) -> Iterator[str]:
    """Yield the tree in an order of its own: sets have none that outlives the process."""
    if is_dataclass(value) and not isinstance(value, type):
        yield type(value).__name__
        for field in fields(value):
            yield field.name
            yield from _told(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key in sorted(value, key=repr):
            yield repr(key)
            yield from _told(value[key])
    elif isinstance(value, frozenset | set):
        yield from sorted(map(repr, value))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _told(each)
    else:
        yield repr(value)
