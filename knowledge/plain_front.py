"""Front matter as nearly every file has it, read twenty times sooner than by a reader of all YAML.

Only what cannot mean anything else is read here: names with one-line values, lists of them, and named values
under a name. For everything else ``read_plain`` says None, and the real reader decides.
"""

from __future__ import annotations

import re

from knowledge.page import Field

DEEPEST = 3

# Signs that YAML may refuse, or take for a line's end.
_UNUSUAL = re.compile(
    "[^\n\x20-\x7e\u00a1-\u1fff\u2010-\u2027\u2030-\ud7ff\uf900-\ufefe\uff00-\uffef\U00010000-\U0010ffff]"
)
_NAMED = re.compile(r"( *)([A-Za-z_\u3400-\u9fff][\w]{0,40}(?: [\w]{1,20})?):(?: +(.*))?$")
_ITEM = re.compile(r"( *)- +(\S.*)$")
_QUOTED = re.compile(r"""(?:"([^"\\]*)"|'([^']*)') *$""")
_ROW = re.compile(r"""\[ *([^-?:,\[\]{}#&*!|>'"%@`\s][^?:\[\]{}#&*!|>'"%@`]*) *\] *$""")
_NOT_PLAIN = re.compile(r"""[-?:,\[\]{}#&*!|>'"%@`]|.*(?::(?: |$)| #)""")

Line = tuple[int, int, str, str | tuple[str, ...]]
"""Its number, its indent, its name ("" for a list's item), its value (or values, in brackets)."""


class _NotPlain(Exception):
    """This needs the real reader."""


def read_plain(head: str, first_line: int) -> dict[str, Field] | None:
    """Return the fields of plain front matter whose first line has the number ``first_line``, else None."""
    if _UNUSUAL.search(head):
        return None
    try:
        lines = [_line(text, first_line + n) for n, text in enumerate(head.split("\n")) if text.strip(" ")]
        fields, end = _mapping(lines, 0, 0)
    except _NotPlain:
        return None
    return fields if lines and end == len(lines) else None


def _line(text: str, number: int) -> Line:
    if found := _NAMED.match(text):
        value = found[3] or ""
        return number, len(found[1]), found[2], _row(value) if value[:1] == "[" else _scalar(value)
    if found := _ITEM.match(text):
        return number, len(found[1]), "", _scalar(found[2])
    raise _NotPlain


def _row(text: str) -> tuple[str, ...]:
    """Read ``[one, two]``."""
    found = _ROW.match(text)
    items = tuple(item.strip() for item in found[1].split(",")) if found else ()
    if not items or any(not item or item[0] == "-" for item in items):
        raise _NotPlain
    return items


def _scalar(text: str) -> str:
    if found := _QUOTED.match(text):
        return (found[1] or found[2] or " ").strip() or " "
    if _NOT_PLAIN.match(text):
        raise _NotPlain
    return text.strip()


def _mapping(lines: list[Line], at: int, depth: int) -> tuple[dict[str, Field], int]:
    """Read the names at the indent of line ``at``; return them and where the next thing begins."""
    fields: dict[str, Field] = {}
    indent = lines[at][1] if at < len(lines) else 0
    if depth > DEEPEST or (depth == 0 and indent):
        raise _NotPlain
    while at < len(lines) and lines[at][1] == indent and lines[at][2]:
        number, _, name, value = lines[at]
        if name in fields:
            raise _NotPlain
        at += 1
        if isinstance(value, tuple):
            fields[name] = Field(line=number, value=tuple((item, number) for item in value))
        elif not value and at < len(lines) and _belongs(lines[at], indent):
            if lines[at][2]:
                inner, at = _mapping(lines, at, depth + 1)
                fields[name] = Field(line=number, value=inner)
            else:
                items, at = _items(lines, at)
                fields[name] = Field(line=number, value=items)
        else:
            fields[name] = Field(line=number, value=value.strip())
    return fields, at


def _belongs(line: Line, indent: int) -> bool:
    """Say whether a line stands under a name at ``indent``: further in, or an item right below it."""
    return line[1] > indent or (line[1] == indent and not line[2])


def _items(lines: list[Line], at: int) -> tuple[tuple[tuple[str, int], ...], int]:
    indent, items = lines[at][1], list[tuple[str, int]]()
    while at < len(lines) and lines[at][1] == indent and not lines[at][2]:
        number, _, _, text = lines[at]
        if isinstance(text, str) and text.strip():
            items.append((text.strip(), number))
        at += 1
    return tuple(items), at
