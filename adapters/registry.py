"""Find adapters by entry point, importing only the kind that is asked for."""

from importlib.metadata import EntryPoint, entry_points

from adapters.contract import AdapterError, AdapterSpec

GROUP = "gateway.adapters"


class UnknownKind(AdapterError):
    """No installed package offers this kind of channel, or what it offers cannot be used."""


def kinds() -> tuple[str, ...]:
    """Return the kinds that can be configured, in alphabetical order, importing none of them."""
    return tuple(sorted(found()))


def spec(kind: str) -> AdapterSpec:
    """Return the specification of ``kind``; only its own module is imported.

    Raises:
        UnknownKind: the message names the kinds there are, or what is wrong with the one found.
    """
    entry = found().get(kind)
    if entry is None:
        raise UnknownKind(f"there is no channel kind {kind!r}: use one of {', '.join(kinds())}")
    return loaded(entry)


def found() -> dict[str, EntryPoint]:
    """Return the entry points of the group by kind; the first of two with one name wins."""
    entries: dict[str, EntryPoint] = {}
    for entry in entry_points(group=GROUP):
        entries.setdefault(entry.name, entry)
    return entries


def loaded(entry: EntryPoint) -> AdapterSpec:
    """Import what ``entry`` names and check that it is a specification of that kind."""
    try:
        it = entry.load()
    except (ImportError, AttributeError) as error:
        raise UnknownKind(
            f"channel kind {entry.name!r} ({entry.value}) cannot be imported: {error}; "
            "install what it needs, or remove the channels of this kind from the configuration"
        ) from error
    if not isinstance(it, AdapterSpec):
        raise UnknownKind(
            f"{entry.value} must be an AdapterSpec, but is {type(it).__name__}: tell its author"
        )
    if it.kind != entry.name:
        raise UnknownKind(
            f"{entry.value} says its kind is {it.kind!r}, its entry point {entry.name!r}: tell its author"
        )
    return it
