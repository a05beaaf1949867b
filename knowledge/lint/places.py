"""On which line a phrase stands; a file is read again only when there is something to say about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from knowledge.entry import Wording
from knowledge.fields import canonical
from knowledge.frontmatter import decode, split_page
from knowledge.page import Field, Page
from knowledge.problem import FileRefused


class Places:
    """Lines in the files of one folder, as they are now."""

    def __init__(self) -> None:
        self._pages: dict[Path, tuple[Page, list[str]] | None] = {}

    def of_field(self, wording: Wording, name: str, value: str = "") -> int:
        """Return the line of a field by its English name, or of one ``value`` in it; 1 if it is not there."""
        page = self._page(wording)
        if page is None:
            return 1
        lines = [line for text, line in _texts(page[0].fields, name) if not value or text == value]
        return lines[0] if lines else 1

    def of_answer(self, wording: Wording, part: str = "") -> int:
        """Return the first line of the answer that has ``part`` in it, else its first line."""
        page = self._page(wording)
        if page is None:
            return 1
        begin = page[0].body_line
        found = (
            n for n, line in enumerate(page[1][begin - 1 :], start=begin) if line.strip() and part in line
        )
        return next(found, begin)

    def _page(self, wording: Wording) -> tuple[Page, list[str]] | None:
        file = wording.source
        if file is None:
            return None
        if file not in self._pages:
            try:
                text = decode(file.read_bytes(), file)
                self._pages[file] = (split_page(text, file), text.split("\n"))
            except (OSError, FileRefused):  # changed since it was loaded
                self._pages[file] = None
        return self._pages[file]


def _texts(fields: dict[str, Field], name: str) -> Iterator[tuple[str, int]]:
    """Yield every text below the field ``name``, wherever it stands."""
    for written, field in fields.items():
        if isinstance(field.value, dict):
            yield from _texts(field.value, name)
        if canonical(written) != name:
            continue
        if isinstance(field.value, str):
            yield field.value, field.line
            yield from ((part.strip(), field.line) for part in field.value.replace("；", ";").split(";"))
        elif isinstance(field.value, tuple):
            yield from field.value
