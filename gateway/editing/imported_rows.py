"""One row of a table becomes a wording and the fields all languages share, by the rules of knowledge files."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.editing.cells import parted, parted_names, unguarded
from gateway.editing.columns import LISTS, NEEDED, OF_A_LANGUAGE, column_of, heading
from gateway.editing.table import NoTable, Row, Table
from gateway.errors import Said
from knowledge.entry import KnowledgeEntry, Wording
from knowledge.fields import SHARED_KEYS
from knowledge.page import Field, Page
from knowledge.read_entry import PageReader
from knowledge.write_page import shared_texts


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """Why a row cannot be taken, and what would do."""

    row: int
    said: Said
    remedy: Said

    def in_(self, lang: str) -> str:
        """Return the sentence for people, with its row."""
        return f"{Said(f'第 {self.row} 行：', f'row {self.row}: ').in_(lang)}{self.said.in_(lang)} {self.remedy.in_(lang)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A table whose headings are understood."""

    columns: Mapping[str, int]
    ignored: tuple[str, ...]
    rows: tuple[Row, ...]
    first_language: str

    @classmethod
    def of(cls, table: Table, first_language: str) -> "Reading":
        """Find out which column is which; of two that mean the same, the first counts."""
        columns: dict[str, int] = {}
        ignored = []
        for place, written in enumerate(table.headings):
            name = column_of(written)
            if name is not None and name not in columns:
                columns[name] = place
            elif written.strip():
                ignored.append(written.strip())
        for name in NEEDED:
            if name not in columns:
                zh, en = heading(name, chinese=True), heading(name, chinese=False)
                found = "、".join(table.headings[:12])
                raise NoTable(
                    f"表格第一行没有“{zh}”一列（现有：{found}）：请给该列加上标题“{zh}”。",
                    f"The first row names no column {en!r} (it has: {found}): write {en!r} above that column.",
                )
        return cls(columns=columns, ignored=tuple(ignored), rows=table.rows, first_language=first_language)

    def cell(self, row: Row, name: str) -> str:
        """Return a cell's text, stripped; empty where the row or the table ends before it."""
        place = self.columns.get(name, len(row.cells))
        return unguarded(row.cells[place]).strip() if place < len(row.cells) else ""


def read_row(
    row: Row,
    lang: str,
    reading: Reading,
    before: Wording | None,
    shared: KnowledgeEntry | None,
    problems: list[RowProblem],
) -> tuple[Wording, dict[str, Any] | None] | None:
    """Return the wording, and for an entry's first language the shared values; None where a problem was added."""
    count = len(problems)
    is_first = lang == reading.first_language
    fields = _fields(row, reading, problems)
    if not is_first:
        _check_shared(row, reading, shared, problems)
        fields = {name: field for name, field in fields.items() if name not in SHARED_KEYS}
    page = Page(fields=fields, body=reading.cell(row, "answer"), body_line=row.number)
    reader = PageReader(file=Path(), lang=lang, is_first=is_first)
    wording, values = reader.read(page)
    for problem in reader.problems:
        said, remedy = Said(problem.zh, problem.en), Said(problem.remedy_zh, problem.remedy_en)
        problems.append(RowProblem(row=row.number, said=said, remedy=remedy))
    for name in reading.columns:
        if not _can_be_kept(reading.cell(row, name)):
            problems.append(
                RowProblem(
                    row=row.number,
                    said=Said(f"“{heading(name, chinese=True)}”里有不能保存的字符。", f"{name!r} holds a sign that no file can keep."),
                    remedy=Said("请删去该字符。", "Take it out."),
                )
            )  # fmt: skip
    if len(problems) > count:
        return None
    return _over(before, wording, reading), _given(values, reading) if is_first else None


def _fields(row: Row, reading: Reading, problems: list[RowProblem]) -> dict[str, Field]:
    fields: dict[str, Field] = {}
    cases: dict[str, Field] = {}
    for name in reading.columns:
        cell = reading.cell(row, name)
        if name in ("id", "lang", "answer") or not cell:
            continue
        if name == "channel_answers":
            try:
                named = parted_names(cell)
            except ValueError as error:
                problems.append(
                    RowProblem(
                        row=row.number,
                        said=Said(f"渠道答案“{error}”没有写渠道。", f"The channel answer {str(error)!r} names no channel."),
                        remedy=Said("请每行写成“渠道: 答案”。", 'Write "channel: answer", one a line.'),
                    )
                )  # fmt: skip
                continue
            texts = {key: Field(line=row.number, value=value) for key, value in named.items()}
            fields[name] = Field(line=row.number, value=texts)
        elif name in ("must", "must_not"):
            cases[name] = _listed(cell, row)
        elif name in LISTS:
            fields[name] = _listed(cell, row)
        else:
            fields[name] = Field(line=row.number, value="\n".join(parted(cell)))
    return fields | ({"tests": Field(line=row.number, value=cases)} if cases else {})


def _listed(cell: str, row: Row) -> Field:
    return Field(line=row.number, value=tuple((text, row.number) for text in parted(cell)))


def _check_shared(
    row: Row, reading: Reading, shared: KnowledgeEntry | None, problems: list[RowProblem]
) -> None:
    """A translation's row may repeat what all languages share, and may not say otherwise."""
    held = [shared_texts(shared, chinese=chinese) for chinese in (True, False)] if shared else []
    for name in reading.columns:
        cell = parted(reading.cell(row, name))
        if name in OF_A_LANGUAGE or name == "id" or not cell:
            continue
        if all(
            cell != (one.get(name) if isinstance(one.get(name), tuple) else (one.get(name),)) for one in held
        ):
            said = heading(name, chinese=True)
            problems.append(
                RowProblem(
                    row=row.number,
                    said=Said(f"“{said}”由各语言共用，与主语言一行不同。", f"{name!r} is shared by all languages and differs from the first one's row."),
                    remedy=Said("请只在主语言一行填写。", "Fill it in only in the row of the first language."),
                )
            )  # fmt: skip


def _over(before: Wording | None, wording: Wording, reading: Reading) -> Wording:
    """Keep of the wording before what the table has no column for."""
    if before is None:
        return wording
    names = ("phrasings", "not_for", "must", "must_not", "channel_answers")
    kept = {name: getattr(before, name) for name in names if name not in reading.columns}
    return Wording(
        lang=wording.lang,
        question=wording.question,
        answer=wording.answer,
        source=before.source,
        **{name: kept.get(name, getattr(wording, name)) for name in names},
    )


_EMPTY = KnowledgeEntry(id="", wordings={})


def _given(values: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
    """Return a value for every shared column the table has: an empty cell is the default."""
    names = {name: "kind" if name == "class" else name for name in SHARED_KEYS if name in reading.columns}
    return {field: values.get(field, getattr(_EMPTY, field)) for field in names.values()}


def _can_be_kept(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)
