"""A roster in a file: who would work, when, and what each could do; for simulations."""

import json
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationError

from gateway.domain.calendar import BusinessHours
from gateway.domain.people import unique
from gateway.domain.policy import ChannelKind
from gateway.domain.roster import Person
from gateway.settings.fields import disjoint, parse_slot
from gateway.settings.rules import Strict

FIRST_NEW = 1_000_000_000
"""Ids of people whom the database does not know begin here."""


class RosterError(ValueError):
    """The file cannot be used; the message says what to change."""


class Entry(Strict):
    """One person, or ``count`` people alike."""

    number: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{1,20}$")]
    count: Annotated[int, Field(ge=1, le=500)] = 1
    role: Literal["agent", "supervisor", "admin"] = "agent"
    departments: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    capacity: dict[ChannelKind, Annotated[int, Field(ge=0, le=1000)]] = Field(default_factory=dict)
    hours: tuple[str, ...] = ()
    """Seven days, Monday first: ``09:00-12:00,13:00-18:00``, or empty."""
    line: Annotated[int, Field(ge=1, le=2)] = 1
    supervises: tuple[str, ...] = ()


class RosterFile(Strict):
    """The whole file."""

    agents: Annotated[tuple[Entry, ...], Field(min_length=1)]


def read_roster(path: Path) -> RosterFile:
    """Return a roster from a file.

    Raises:
        RosterError: it is not there, no TOML, or says what cannot be.
    """
    try:
        return RosterFile.model_validate(tomllib.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        raise RosterError(f"{path}: there is no such file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RosterError(f"{path}: {error}") from None
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        raise RosterError(f"{path}: " + "; ".join(lines)) from None


def people_of(
    roster: RosterFile, known: dict[str, int], departments: tuple[str, ...], house: BusinessHours
) -> tuple[list[Person], list[str]]:
    """Return the people of a roster and the numbers that the database does not know.

    ``known`` are ids by number: who has one keeps it, and with it their customers.

    Raises:
        RosterError: a department that is not there, a slot that is none, a number twice.
    """
    people: list[Person] = []
    for entry in roster.agents:
        unknown = [one for one in (*entry.departments, *entry.supervises) if one not in departments]
        if unknown:
            wanted = ", ".join(departments)
            raise RosterError(f"agent {entry.number}: no department {unknown[0]}; use one of {wanted}")
        for each in range(entry.count):
            number = entry.number if entry.count == 1 else f"{entry.number}-{each + 1}"
            people.append(_person(entry, number, known.get(number, FIRST_NEW + len(people)), house))
    numbers = [one.number for one in people]
    twice = next((one for one in numbers if numbers.count(one) > 1), None)
    if twice is not None:
        raise RosterError(f"agent {twice} is named twice")
    return people, [one for one in numbers if one not in known]


def _person(entry: Entry, number: str, id: int, house: BusinessHours) -> Person:
    return Person(
        id=id,
        number=number,
        role=entry.role,
        departments=frozenset(unique(entry.departments)),
        skills=frozenset(unique(entry.skills)),
        languages=tuple(unique(entry.languages)),
        capacity={str(kind): count for kind, count in entry.capacity.items()},
        hours=_week(entry, house),
        line=entry.line,
        supervises=frozenset(unique(entry.supervises)),
    )


def _week(entry: Entry, house: BusinessHours) -> BusinessHours | None:
    if not entry.hours:
        return None
    if len(entry.hours) != 7:
        raise RosterError(
            f"agent {entry.number}: hours need seven days, Monday first, not {len(entry.hours)}"
        )
    try:
        week = tuple(
            disjoint(tuple(parse_slot(slot) for slot in day.split(",") if slot.strip()))
            for day in entry.hours
        )
    except ValueError as error:
        raise RosterError(f"agent {entry.number}: hours need {error}") from None
    return replace(house, weekly=week, extra_slots=next((day for day in week if day), house.extra_slots))


def written(people: Sequence[tuple[Person, Sequence[Sequence[str]] | None]]) -> str:
    """Return people (each with the week of their own, if any) as a roster file."""
    parts = []
    for one, week in people:
        said: dict[str, object] = {
            "role": one.role if one.role != "agent" else "",
            "departments": sorted(one.departments),
            "skills": sorted(one.skills),
            "languages": list(one.languages),
            "supervises": sorted(one.supervises),
            "hours": [",".join(day) for day in week or ()],
        }
        lines = [f"number = {_quoted(one.number)}"]
        lines += [f"{name} = {_quoted(value)}" for name, value in said.items() if value]
        if one.capacity:
            kinds = ", ".join(f"{kind} = {count}" for kind, count in one.capacity.items())
            lines.append(f"capacity = {{ {kinds} }}")
        if one.line != 1:
            lines.append(f"line = {one.line}")
        parts.append("[[agents]]\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


def _quoted(value: object) -> str:
    # A JSON string or list of strings is TOML, too.
    return json.dumps(value, ensure_ascii=False)
