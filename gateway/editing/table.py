"""A table as files of either kind hold it, and what may be wrong with such a file."""

from dataclasses import dataclass

from gateway.errors import GatewayError, Said

MOST_BYTES = 20_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_CELL = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row; ``number`` is the one the spreadsheet shows, the heading being 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Headings, rows, and how the file was written (``CSV, UTF-8, ;``)."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    form: str = ""


class NoTable(GatewayError):
    """The file is none that entries can be read from, or holds too much; ``public`` says what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en, public=Said(zh, en))


def too_many_rows() -> NoTable:
    """Return the refusal of a table that is too long."""
    return NoTable(
        f"表格超过 {MOST_ROWS} 行：请分成几个文件导入。",
        f"The table has more than {MOST_ROWS} rows: import it in several files.",
    )


def check_cell(text: str, row: int) -> str:
    """Return a cell's text with line ends as ``\\n``.

    Raises:
        NoTable: nobody would read a text this long.
    """
    if len(text) > MOST_CELL:
        raise NoTable(
            f"第 {row} 行有一格超过 {MOST_CELL} 字：请缩短。",
            f"Row {row} has a cell of more than {MOST_CELL} characters: shorten it.",
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")
