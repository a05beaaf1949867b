"""From a table to the files it means: what is new, what changes, and which rows cannot be taken.

Nothing is written here. A column that the table does not have leaves what an entry says untouched; an empty cell
of a column it has empties it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from gateway.editing.grouped import Group, grouped
from gateway.editing.imported_rows import Reading, RowProblem, read_row
from gateway.editing.table import Table
from gateway.errors import Said
from knowledge.entry import KnowledgeEntry, Wording
from knowledge.frontmatter import MAX_BYTES
from knowledge.load import Loaded
from knowledge.write_page import write_page

State = Literal["new", "changed", "unchanged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What the table makes of one entry; ``files`` are those that would be written, with their text."""

    id: str
    state: State
    files: Mapping[Path, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What a table would do to a folder."""

    changes: tuple[Change, ...]
    problems: tuple[RowProblem, ...]
    ignored: tuple[str, ...]
    """Headings that mean none of our columns."""
    form: str


def plan_import(table: Table, folder: Path, loaded: Loaded, *, first_language: str = "zh-CN") -> Import:
    """Decide what every row means; an entry with a row that cannot be taken is left out whole.

    Raises:
        NoTable: there is no column for the question, or none for the answer.
    """
    known = {entry.id: entry for entry in loaded.entries}
    reading = Reading.of(table, first_language)
    problems: list[RowProblem] = []
    changes = []
    for group in grouped(reading, loaded, problems):
        change = _change(group, known.get(group.id), reading, folder, problems)
        if change is not None:
            changes.append(change)
    problems.sort(key=lambda one: one.row)
    return Import(changes=tuple(changes), problems=tuple(problems), ignored=reading.ignored, form=table.form)


def _change(
    group: Group, known: KnowledgeEntry | None, reading: Reading, folder: Path, problems: list[RowProblem]
) -> Change | None:
    """Read a group's rows over what is known of the entry; None if one of them cannot be taken."""
    before = len(problems)
    wordings = dict(known.wordings) if known else {}
    shared = known
    for lang, row in group.rows.items():
        read = read_row(row, lang, reading, wordings.get(lang), shared, problems)
        if read is not None:
            wordings[lang], values = read
            if values is not None:
                shared = replace(shared or KnowledgeEntry(id=group.id, wordings={}), **values)
    first = reading.first_language
    if first not in wordings and len(problems) == before:
        problems.append(
            RowProblem(
                row=next(iter(group.rows.values())).number,
                said=Said(f"条目“{group.id}”没有主语言（{first}）的一行。", f"The entry {group.id!r} has no row in {first}."),
                remedy=Said(f"请补上语言为 {first} 的一行。", f"Add a row whose language is {first}."),
            )
        )  # fmt: skip
    if len(problems) > before:
        return None
    entry = replace(shared or KnowledgeEntry(id=group.id, wordings={}), wordings=wordings)
    files = dict(_files(entry, known, group, folder, first))
    too_long = [file.name for file, text in files.items() if len(text.encode()) > MAX_BYTES]
    if too_long:
        problems.append(
            RowProblem(
                row=next(iter(group.rows.values())).number,
                said=Said(f"条目“{group.id}”的内容超过 {MAX_BYTES} 字节。", f"The entry {group.id!r} is longer than {MAX_BYTES} bytes."),
                remedy=Said("请缩短或拆成几个条目。", "Shorten it, or make several entries of it."),
            )
        )  # fmt: skip
        return None
    return Change(id=group.id, state=("changed" if files else "unchanged") if known else "new", files=files)


def _files(
    entry: KnowledgeEntry, known: KnowledgeEntry | None, group: Group, folder: Path, first: str
) -> Sequence[tuple[Path, str]]:
    home = folder
    if known is not None:
        source = known.wordings[first].source
        home = source.parent if source else folder
    found = []
    for lang in sorted(group.rows, key=lambda one: (one != first, one)):
        wording = entry.wordings[lang]
        is_first = lang == first
        old = known.wordings.get(lang) if known else None
        same = old is not None and _bare(old) == _bare(wording)
        if same and not (is_first and known is not None and _shared(known) != _shared(entry)):
            continue
        file = (
            old.source
            if old is not None and old.source
            else home / f"{entry.id}{'' if is_first else '.' + lang}.md"
        )
        text = write_page(wording, entry if is_first else None, chinese=lang.startswith("zh"))
        found.append((file, text))
    return found


def _bare(wording: Wording) -> Wording:
    return replace(wording, source=None)


def _shared(entry: KnowledgeEntry) -> KnowledgeEntry:
    return replace(entry, wordings={})
