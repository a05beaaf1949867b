"""A knowledge file taken apart: its fields with their lines, and the answer below them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One front-matter value: text, a list of texts, or named values, with the line it stands on."""

    line: int
    value: str | tuple[tuple[str, int], ...] | dict[str, Field]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A file taken apart: fields by the name the editor wrote, and the answer."""

    fields: dict[str, Field]
    body: str
    body_line: int
