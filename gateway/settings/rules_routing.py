"""The settings of who gets which ticket, and of the people's capacity."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from gateway.domain.policy import ChannelKind
from gateway.domain.routing_rules import Dispatch, Lane, Mode, Oversight
from gateway.settings.fields import Span

Matter = Literal["complaint", "critical", "urgent"]
_DEFAULT = Dispatch()
_TO_SUPERVISOR: dict[Matter, Oversight] = {"complaint": "assign", "critical": "assign", "urgent": "assign"}
_CAPACITY: dict[ChannelKind, int] = {"chat": 5, "social": 20, "mail": 20}


class Strict(BaseModel):
    """A table in which an unknown key is a mistake, and which nobody changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Dispatching(Strict):
    """The part of ``[routing]`` that finds a person."""

    mode: Mode = _DEFAULT.mode
    order: tuple[Lane, ...] = _DEFAULT.order
    to_supervisor: dict[Matter, Oversight] = Field(default_factory=lambda: dict(_TO_SUPERVISOR))
    skills: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    relax_after: Span = _DEFAULT.relax_after
    remember: Span = _DEFAULT.remember
    requeue_after: Span = _DEFAULT.requeue_after
    requeue_kinds: tuple[ChannelKind, ...] = ("chat",)
    short_way_tags: tuple[str, ...] = _DEFAULT.short_way_tags


class PeopleRules(Strict):
    """How many tickets one person handles at once, by kind of channel."""

    capacity: dict[ChannelKind, Annotated[int, Field(ge=0, le=1000)]] = Field(
        default_factory=lambda: dict(_CAPACITY)
    )


def dispatch(routing: Dispatching, people: PeopleRules) -> Dispatch:
    """Return the rules as plain values; a lane left out of ``order`` gives no precedence."""
    return Dispatch(
        mode=routing.mode,
        order=routing.order,
        to_supervisor={str(matter): what for matter, what in routing.to_supervisor.items()},
        skills=routing.skills,
        relax_after=routing.relax_after,
        remember=routing.remember,
        requeue_after=routing.requeue_after,
        requeue_kinds=routing.requeue_kinds,
        short_way_tags=routing.short_way_tags,
        capacity={str(kind): people.capacity.get(kind, usual) for kind, usual in _CAPACITY.items()},
    )
