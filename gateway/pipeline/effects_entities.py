"""The effect that keeps what a message names."""

from dataclasses import dataclass

from gateway.domain.entities import Entity


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteEntities:
    """The conversation remembers what the contact named, so that nobody asks for it again (rulebook I8)."""

    entities: tuple[Entity, ...]
    because: str
