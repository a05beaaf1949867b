"""Which rows of a table are the same entry, and what it is called."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from gateway.editing.cells import parted
from gateway.editing.draft_file import safe_stem
from gateway.editing.ids import is_safe, language
from gateway.editing.imported_rows import Reading, RowProblem
from gateway.editing.table import Row
from gateway.errors import Said
from knowledge.load import Loaded
from knowledge.normalize import fold
from knowledge.read_folder import stem_and_language


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The rows of one entry, by language."""

    id: str
    rows: dict[str, Row] = field(default_factory=dict)


def grouped(reading: Reading, loaded: Loaded, problems: list[RowProblem]) -> Iterator[Group]:
    """Yield the entries in the order of their first rows; rows that belong to none become problems.

    A row without an id is the entry whose standard question it asks; one in another language belongs to the entry
    of the row above it; else its question makes a file name.
    """
    names = _Names(reading, loaded)
    groups: dict[str, Group] = {}
    spoilt = set[str]()
    above = ""
    for row in reading.rows:
        lang = language(reading.cell(row, "lang")) if reading.cell(row, "lang") else reading.first_language
        above = names.id_of(row, lang or "", above)
        group = groups.setdefault(above, Group(id=above))
        problem = _unknown_language(reading, row) if lang is None else names.problem(above, row)
        if problem is None and lang in group.rows:
            problem = _twice(row, group.rows[lang or ""], above)
        if problem is not None:
            problems.append(problem)
            spoilt.add(above)
        else:
            group.rows[lang or ""] = row
    for group in groups.values():
        if group.id not in spoilt:
            first = reading.first_language
            order = sorted(group.rows, key=lambda lang: lang != first)
            yield Group(id=group.id, rows={lang: group.rows[lang] for lang in order})


class _Names:
    """The ids that are in use, in the folder and in the table so far."""

    def __init__(self, reading: Reading, loaded: Loaded) -> None:
        self._reading = reading
        self._known = {entry.id for entry in loaded.entries}
        self._by_question = {fold(entry.question): entry.id for entry in loaded.entries}
        first = reading.first_language
        stems = {stem_and_language(file, first)[0] for file in loaded.pages}
        self._broken = stems - self._known
        self._used = {stem.casefold(): stem for stem in stems | self._known}

    def id_of(self, row: Row, lang: str, above: str) -> str:
        """Return the id a row names, or the one that suits it."""
        if named := self._reading.cell(row, "id"):
            return unicodedata.normalize("NFC", " ".join(parted(named)))
        if lang != self._reading.first_language and above:
            return above
        question = fold(" ".join(parted(self._reading.cell(row, "question"))))
        if question not in self._by_question:
            self._by_question[question] = self._free(
                safe_stem(question and self._reading.cell(row, "question"))
            )
        return self._by_question[question]

    def problem(self, id: str, row: Row) -> RowProblem | None:
        """Return why no file may be named so; else keep the name."""
        other = self._used.setdefault(id.casefold(), id)
        if id in self._broken:
            return RowProblem(
                row=row.number,
                said=Said(f"文件“{id}.md”已存在，但读不出来。", f"There is a file {id}.md, which cannot be read."),
                remedy=Said("请先运行 gateway kb lint 修好它。", "Mend it first: gateway kb lint."),
            )  # fmt: skip
        if id in self._known:
            return None
        if not is_safe(id):
            return RowProblem(
                row=row.number,
                said=Said(f"编号“{id}”不能用作文件名。", f"The id {id!r} cannot be a file's name."),
                remedy=Said(f"请改为“{safe_stem(id)}”。", f"Call it {safe_stem(id)!r}."),
            )  # fmt: skip
        if other != id:
            return RowProblem(
                row=row.number,
                said=Said(f"编号“{id}”与“{other}”只有大小写不同。", f"The id {id!r} differs from {other!r} only in its capitals."),
                remedy=Said("请改用同一个编号，或另取一个。", "Use the same id, or another one."),
            )  # fmt: skip
        return None

    def _free(self, stem: str) -> str:
        free, number = stem, 1
        while free.casefold() in self._used or not is_safe(free):
            number += 1
            free = f"{stem}-{number}"
        return free


def _unknown_language(reading: Reading, row: Row) -> RowProblem:
    named = reading.cell(row, "lang")
    return RowProblem(
        row=row.number,
        said=Said(f"不认识语言“{named}”。", f"{named!r} is no language."),
        remedy=Said("请写 zh-CN、en 这样的代码。", "Write a code such as zh-CN or en."),
    )


def _twice(row: Row, other: Row, id: str) -> RowProblem:
    return RowProblem(
        row=row.number,
        said=Said(f"条目“{id}”的这种语言在第 {other.number} 行已有。", f"This language of {id!r} stands in row {other.number} already."),
        remedy=Said("请删去其中一行，或改编号。", "Take one of the two rows out, or change its id."),
    )  # fmt: skip
