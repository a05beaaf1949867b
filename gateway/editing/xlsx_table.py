"""Tables as XLSX, by openpyxl: the same bytes for the same entries, and no file that unpacks without end."""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from gateway.editing.table import MOST_COLUMNS, MOST_ROWS, NoTable, Row, Table, check_cell, too_many_rows

MOST_UNPACKED = 60_000_000
MOST_PARTS = 500
MOST_IN_A_CELL = 32_767
"""What Excel allows."""
_NOT_XML = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")
_WIDTH, _WIDE = 18, 50
_MADE = datetime(2020, 1, 1)  # noqa: DTZ001 # a fixed time: the same entries give the same bytes
_ZIPPED = (1980, 1, 1, 0, 0, 0)
_DAMAGED = (
    InvalidFileException, zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, TypeError,
    AttributeError, IndexError, EOFError, OSError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What openpyxl and zipfile raise for files that are not what they say."""


def write_xlsx(rows: Sequence[Sequence[str]], wide: Sequence[bool]) -> bytes:
    """Return the rows, the headings first, as a workbook of one sheet; every cell is text.

    Raises:
        NoTable: a text holds a sign, or a length, that XLSX cannot.
    """
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    book.properties.creator, book.properties.created = "", _MADE
    for number, row in enumerate(rows, start=1):
        for place, text in enumerate(row, start=1):
            if text:
                _fill(sheet.cell(number, place), text, number)
    for place, is_wide in enumerate(wide, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDE if is_wide else _WIDTH
        sheet.cell(1, place).font = Font(bold=True)
    sheet.freeze_panes = "A2"
    made = io.BytesIO()
    book.save(made)
    return _without_times(made.getvalue())


def read_xlsx(raw: bytes) -> Table:
    """Read the first sheet of a workbook; figures and dates come as an editor would write them.

    Raises:
        NoTable: it is no workbook, or unpacks into too much.
    """
    try:
        _check(raw)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions, which we do not read
            book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
            rows = list(_rows(book.worksheets[0]))
            book.close()
    except _DAMAGED as error:
        raise NoTable(
            "文件不是完好的 XLSX：请用 Excel 或 WPS 打开后另存一次，或另存为“CSV UTF-8”。",
            'The file is no sound XLSX: open it in Excel or WPS and save it again, or save it as "CSV UTF-8".',
        ) from error
    headings = rows[0].cells if rows else ()
    while headings and not headings[-1].strip():
        headings = headings[:-1]
    return Table(headings=headings, rows=tuple(rows[1:]), form="XLSX")


def _fill(cell: Cell | MergedCell, text: str, row: int) -> None:
    if len(text) > MOST_IN_A_CELL:
        raise NoTable(
            f"第 {row} 行有一格超过 Excel 允许的 {MOST_IN_A_CELL} 字：请导出为 CSV。",
            f"Row {row} has a cell longer than the {MOST_IN_A_CELL} characters Excel allows: export to CSV.",
        )
    if _NOT_XML.search(text):
        raise NoTable(
            f"第 {row} 行含有 XLSX 不能保存的控制字符：请导出为 CSV，或删去该字符。",
            f"Row {row} holds a control character that XLSX cannot: export to CSV, or take it out.",
        )
    cell.value = text
    cell.data_type = "s"
    cell.number_format = "@"
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _rows(sheet: object) -> Iterator[Row]:
    read = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS, values_only=True)  # type: ignore[attr-defined] # read-only sheets have no stub
    for number, values in enumerate(read, start=1):
        cells = tuple(check_cell(_text(value), number) for value in values)
        if any(map(str.strip, cells)):
            if number > MOST_ROWS + 1:
                raise too_many_rows()
            yield Row(number=number, cells=cells)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _check(raw: bytes) -> None:
    """Refuse what unpacks into too much, and XML that defines entities (a bomb of a few lines)."""
    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        listed = parts.infolist()
        if len(listed) > MOST_PARTS or sum(part.file_size for part in listed) > MOST_UNPACKED:
            raise NoTable(
                f"XLSX 解压后超过 {MOST_UNPACKED // 1_000_000} MB：请只保留条目表，或另存为 CSV。",
                f"The XLSX unpacks into more than {MOST_UNPACKED // 1_000_000} MB: keep only the sheet of entries, or save it as CSV.",
            )
        for part in listed:
            if part.filename.lower().endswith((".xml", ".rels")):
                content = parts.read(part)
                if any(
                    "<!DOCTYPE".encode(encoding) in content
                    for encoding in ("utf-8", "utf-16-le", "utf-16-be")
                ):
                    raise ValueError("a document type has no place in a workbook")


def _without_times(raw: bytes) -> bytes:
    """Pack a workbook again without the time of packing."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as before,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for part in before.infolist():
            content = before.read(part)
            if part.filename == "docProps/core.xml":
                content = content.replace(_modified(content), b"2020-01-01T00:00:00Z")
            after.writestr(zipfile.ZipInfo(part.filename, _ZIPPED), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _modified(core: bytes) -> bytes:
    return core.partition(b"<dcterms:modified")[2].partition(b">")[2].partition(b"<")[0]
