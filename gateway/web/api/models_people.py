"""What goes in and out about people at work."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from gateway.settings.fields import disjoint, parse_slot
from gateway.web.api.models import Model, Presence

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Words = Annotated[list[Word], Field(max_length=100)]
Tag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


def a_day(slots: list[str]) -> list[str]:
    """Return the slots of one day, checked."""
    disjoint(tuple(parse_slot(slot) for slot in slots))
    return slots


Day = Annotated[list[str], Field(max_length=8), AfterValidator(a_day)]
Week = Annotated[list[Day], Field(min_length=7, max_length=7)]


class PersonBody(Model):
    """Attributes to change; what is left out stays, what is null or empty is as the house has it."""

    departments: Words | None = None
    skills: Words | None = None
    languages: Annotated[list[Tag], Field(max_length=20)] | None = None
    capacity: dict[str, Annotated[int, Field(ge=0, le=1000)]] | None = None
    hours: Week | None = None
    """Seven lists of slots such as ``09:00-18:00``, Monday first."""
    line: Annotated[int, Field(ge=1, le=2)] = 1
    supervises: Words | None = None


class PersonFace(Model):
    """One person at work."""

    number: str
    name: str
    role: str
    state: Presence
    back_at: datetime | None
    departments: list[str]
    skills: list[str]
    languages: list[str]
    capacity: dict[str, int]
    hours: list[list[str]] | None
    line: int
    supervises: list[str]
    in_hand: dict[str, int]
    load: float
    """1 is full."""
    at_work: bool
    """Whether their own hours say that they work now; without hours of their own, whether they are online."""
    notes: list[str]
    """What limits them: ``no_skills``, ``no_capacity``, ``unknown_department``."""


class People(Model):
    """Everybody who handles tickets, and which departments have nobody."""

    people: list[PersonFace]
    departments_without_people: list[str]
    capacity: dict[str, int]
    """The house's."""


class VipBody(Model):
    """Whether a customer is a VIP, and whose."""

    vip: bool
    agent: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{1,20}$")] | None = None


class VipFace(Model):
    """The same, as it is now."""

    contact: str
    vip: bool
    agent: str | None
