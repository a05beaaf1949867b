"""A person, as far as a step needs to know them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person who writes to us; ``number`` is what people quote (``C20261121001``)."""

    id: int
    number: str
    name: str | None = None
    lang: str = "zh-CN"
    tags: tuple[str, ...] = ()
    vip: bool = False
    own_agent_id: int | None = None
    """Who looks after this very customer (rulebook T6)."""
