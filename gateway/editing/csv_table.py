"""Tables as CSV: written for Excel and WPS, read in whatever encoding and with whatever separator they are kept."""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from gateway.editing.columns import column_of
from gateway.editing.table import (
    MOST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    NoTable,
    Row,
    Table,
    check_cell,
    too_many_rows,
)

ENCODINGS = {
    "utf-8": "utf-8-sig",
    "utf-8-sig": "utf-8-sig",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "utf-16": "utf-16",
}
"""What may be asked for, and what is written then: Excel knows UTF-8 by its mark only."""
_SEPARATORS = (",", "\t", ";", "，", "；", "|")
_NAMES = {"\t": "tab"}
_HINT = re.compile(r'\s*"?sep=.?"?\r?\n', re.IGNORECASE)
_HAN = re.compile("[\u3400-\u9fff]")


def write_csv(rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> bytes:
    """Return the rows, the headings first, as a spreadsheet opens them by a double click."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(ENCODINGS[encoding])


def read_csv(raw: bytes, encoding: str | None = None) -> Table:
    """Read a CSV file; encoding and separator are found out unless ``encoding`` is given.

    Raises:
        NoTable: it is no text, or no table, or too large a one.
    """
    for name in (encoding,) if encoding else _likely(raw):
        try:
            text = raw.decode(ENCODINGS.get(name, name)).removeprefix("\ufeff")
        except (UnicodeError, LookupError):
            continue
        if hint := _HINT.match(text):
            text = text[hint.end() :]
        separator = _separator(text)
        rows = list(_rows(text, separator))
        headings = rows[0].cells if rows else ()
        if name == "gb18030" and encoding is None and not _reads_as_chinese(headings):
            continue
        said = f"CSV, {name.upper()}, {_NAMES.get(separator, f'“{separator}”')}"
        return Table(headings=headings, rows=tuple(rows[1:]), form=said)
    raise NoTable(
        "文件不是 UTF-8、UTF-16 或 GB18030 文本：请另存为“CSV UTF-8”，或用 --encoding 指定编码。",
        'The file is no text in UTF-8, UTF-16 or GB18030: save it as "CSV UTF-8", or name its --encoding.',
    )


def _likely(raw: bytes) -> tuple[str, ...]:
    return ("utf-16",) if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8", "gb18030")


def _reads_as_chinese(headings: Sequence[str]) -> bool:
    """Tell GB18030 from damaged UTF-8, which decodes too: headings we know, or at least none of them rubbish."""
    known = [heading for heading in headings if column_of(heading)]
    return any(_HAN.search(heading) for heading in known) or (
        bool(known) and all(h.isascii() for h in headings)
    )


def _separator(text: str) -> str:
    """Return the sign that cuts the first line into most headings we know."""

    def known(separator: str) -> tuple[int, int]:
        first = next(iter(_rows(text[:20_000].partition("\n")[0], separator, strict=False)), None)
        cells = first.cells if first else ()
        return sum(column_of(cell) is not None for cell in cells), len(cells)

    return max(_SEPARATORS, key=known)


def _rows(text: str, separator: str, *, strict: bool = True) -> Iterator[Row]:
    csv.field_size_limit(max(MOST_CELL + 1, csv.field_size_limit()))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if number > MOST_ROWS + 1:
                raise too_many_rows()
            if any(map(str.strip, cells)):
                yield Row(
                    number=number, cells=tuple(check_cell(cell, number) for cell in cells[:MOST_COLUMNS])
                )
    except csv.Error as error:
        raise NoTable(
            f"第 {number + 1} 行读不出来（{error}）：请检查引号是否成对。",
            f"Row {number + 1} cannot be read ({error}): check that its quotation marks are in pairs.",
        ) from error
