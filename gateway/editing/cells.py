"""What stands in a cell: several values in one, and nothing that a spreadsheet would take for a formula.

Both ways are exact: what went into a cell comes out of it.
"""

import re
from collections.abc import Iterable, Mapping

_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
"""Begins like a formula for one spreadsheet or another, also after apostrophes put there before."""
_GUARDED = re.compile(r"'+[=+\-@\t\r＝＋－＠]")
_BREAK = "⏎"
"""Stands for a line end inside one of several values; doubled, for itself."""
_ESCAPE = re.compile(f"{_BREAK}(.)", re.DOTALL)
_NAMED = re.compile(f"((?:{_BREAK}.|[^{_BREAK}:：])*)[:：](.*)", re.DOTALL)


def guarded(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would calculate (OWASP: CSV injection)."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """Take that apostrophe away again."""
    return cell[1:] if _GUARDED.match(cell) else cell


def joined(values: Iterable[str]) -> str:
    """Return several values, one a line."""
    return "\n".join(map(_in_one_line, values))


def parted(cell: str) -> tuple[str, ...]:
    """Return the values of a cell, without empty lines."""
    return tuple(text for line in cell.split("\n") if (text := _as_it_was(line).strip()))


def joined_names(values: Mapping[str, str]) -> str:
    """Return named values, ``name: value`` a line."""
    return "\n".join(
        f"{_in_one_line(name).replace(':', _BREAK + ':').replace('：', _BREAK + '：')}: {_in_one_line(value)}"
        for name, value in values.items()
    )


def parted_names(cell: str) -> dict[str, str]:
    """Return the named values of a cell.

    Raises:
        ValueError: a line has no name; it is the error's text.
    """
    found = {}
    for line in filter(str.strip, cell.split("\n")):
        named = _NAMED.fullmatch(line)
        if named is None or not named[1].strip():
            raise ValueError(line)
        found[_as_it_was(named[1]).strip()] = _as_it_was(named[2]).strip()
    return found


def _in_one_line(text: str) -> str:
    return text.replace(_BREAK, _BREAK * 2).replace("\n", f"{_BREAK} ")


def _as_it_was(line: str) -> str:
    return _ESCAPE.sub(lambda found: "\n" if found[1] == " " else found[1], line)
