"""A file of orders becomes an index, whole or not at all. Pure but for the bytes it is given."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Protocol

from gateway.directory.contract import Trouble
from gateway.domain.claims import OrderForm

KEEP_SHARE = 0.5
"""A file with fewer rows than this share of the last one is taken for a broken one."""
MOST_BYTES = 512 * 1024 * 1024
_SEPARATOR = "\x1f"


class _Lines(Protocol):
    """What ``csv.reader`` returns, which has no public name."""

    @property
    def line_num(self) -> int: ...

    def __iter__(self) -> Iterator[list[str]]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """All orders of a file: found by a keyed hash of the number, each row one string of the configured fields."""

    key: bytes = field(repr=False)
    names: tuple[str, ...]
    rows: Mapping[bytes, bytes] = field(repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def get(self, order: str) -> dict[str, str] | None:
        """Return the fields of an order."""
        row = self.rows.get(hashed(self.key, order))
        return None if row is None else dict(zip(self.names, row.decode().split(_SEPARATOR), strict=True))


def hashed(key: bytes, order: str) -> bytes:
    """Return what an order is found by: 128 bits."""
    return blake2b(order.encode(), key=key, digest_size=16).digest()


def read_orders(
    content: bytes,
    *,
    fields: Mapping[str, str],
    form: OrderForm,
    key: bytes,
    encoding: str = "auto",
    delimiter: str = ",",
    last: int = 0,
) -> Orders:
    """Return the orders of a file. ``last`` is how many the version before had.

    Raises:
        Trouble: something is wrong with the file, named by its line and never by its values.
    """
    lines = csv.reader(io.StringIO(_text(content, encoding), newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip() for name in next(lines, [])]
        places = _places(header, fields)
        rows = dict(_rows(lines, len(header), places, form, key))
    except csv.Error as error:
        raise Trouble("bad_file", f"line {lines.line_num}: {error}") from error
    if not rows:
        raise Trouble("bad_file", "it holds no orders")
    if len(rows) < KEEP_SHARE * last:
        raise Trouble("too_few", f"it holds {len(rows)} orders, and the last version had {last}")
    return Orders(key=key, names=tuple(fields), rows=rows)


def _text(content: bytes, encoding: str) -> str:
    if b"\0" in content or _SEPARATOR.encode() in content:
        raise Trouble("bad_file", "it holds bytes that are no text")
    tries = {"auto": ("utf-8-sig", "gb18030"), "utf-8": ("utf-8-sig",)}.get(encoding, (encoding,))
    for one in tries:
        try:
            return content.decode(one)
        except UnicodeDecodeError:
            continue
    raise Trouble("bad_file", f"it is not {' or '.join(tries)}")


def _places(header: list[str], fields: Mapping[str, str]) -> list[int]:
    if twice := sorted({name for name in header if name and header.count(name) > 1}):
        raise Trouble("bad_file", f"columns stand twice: {', '.join(twice)}")
    if missing := [column for column in fields.values() if column not in header]:
        raise Trouble("bad_file", f"columns of directory.fields are missing: {', '.join(missing)}")
    return [header.index(column) for column in fields.values()]


def _rows(
    lines: _Lines, width: int, places: list[int], form: OrderForm, key: bytes
) -> Iterator[tuple[bytes, bytes]]:
    """Yield each row under its hash; the order number is the first of the fields."""
    seen: dict[bytes, int] = {}
    for cells in lines:
        at = lines.line_num
        if len(cells) != width:
            if not _holds_anything(cells):
                continue
            raise Trouble("bad_file", f"line {at}: {len(cells)} cells where the header has {width}")
        values = [cells[place].strip() for place in places]
        order = form.key(values[0])
        if order is None:
            if not _holds_anything(cells):
                continue
            raise Trouble("bad_file", f"line {at}: no order number as directory.order_number has it")
        name = hashed(key, order)
        if name in seen:
            raise Trouble("bad_file", f"lines {seen[name]} and {at} are the same order")
        seen[name] = at
        yield name, _SEPARATOR.join(values).encode()


def _holds_anything(cells: Sequence[str]) -> bool:
    """Spreadsheets end with lines of commas."""
    return any(cell.strip() for cell in cells)
