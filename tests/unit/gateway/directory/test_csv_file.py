"""A file of orders is read whole, in the encodings that shops write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.directory.contract import Trouble
from gateway.directory.csv_file import Orders, read_orders
from gateway.domain.claims import OrderForm

FIELDS = {"order": "订单号", "name": "收货人", "phone": "手机"}
TEXT = '备注,手机,订单号,收货人\r\n不读,13800135678,CG2026112001,王小明\r\n\r\nx, 138 , cg-2026112002 ,"张\n三"\r\n'


def read(content: bytes, *, encoding: str = "auto", delimiter: str = ",", last: int = 0) -> Orders:
    return read_orders(
        content,
        fields=FIELDS,
        form=OrderForm(),
        key=b"k" * 32,
        encoding=encoding,
        delimiter=delimiter,
        last=last,
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_encoding_is_seen_and_only_named_columns_are_kept(encoding: str) -> None:
    orders = read(TEXT.encode(encoding))
    assert len(orders) == 2
    assert orders.get("CG2026112001") == {"order": "CG2026112001", "name": "王小明", "phone": "13800135678"}
    assert orders.get("CG2026112002") == {"order": "cg-2026112002", "name": "张\n三", "phone": "138"}
    assert orders.get("CG2026112003") is None
    assert not any("不读".encode() in row for row in orders.rows.values())


def test_lines_of_nothing_but_commas_are_no_orders() -> None:
    assert len(read((TEXT + ",,,\r\n , , ,\r\n\r\n").encode())) == 2


def test_order_numbers_are_not_in_the_index_themselves() -> None:
    orders = read(TEXT.encode())
    assert all(len(name) == 16 and b"CG2026" not in name for name in orders.rows)
    assert "CG2026112001" not in repr(orders)


def test_an_encoding_that_is_named_is_held_to() -> None:
    with pytest.raises(Trouble, match="not utf-8"):
        read(TEXT.encode("gb18030"), encoding="utf-8")


def test_another_delimiter_will_do() -> None:
    assert len(read("订单号;手机;收货人\nCG2026112001;1;2".encode(), delimiter=";")) == 1


def test_less_than_half_of_the_last_version_is_refused_and_half_is_not() -> None:
    assert len(read(TEXT.encode(), last=4)) == 2
    with pytest.raises(Trouble, match="2 orders, and the last version had 5") as raised:
        read(TEXT.encode(), last=5)
    assert raised.value.reason == "too_few"


def test_a_mistake_is_told_by_its_line_and_without_its_words() -> None:
    with pytest.raises(Trouble) as raised:
        read((TEXT + "x,13900001111,CG2026112001,赵钱孙\r\n").encode())
    assert str(raised.value) == "lines 2 and 6 are the same order"


cells = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=20)


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=20))
def test_whatever_a_spreadsheet_writes_comes_back(rows: list[tuple[str, str]]) -> None:
    import csv
    import io

    out = io.StringIO(newline="")
    csv.writer(out).writerows(
        [("订单号", "收货人", "手机"), *((f"CG{n:08}", *row) for n, row in enumerate(rows))]
    )
    orders = read(out.getvalue().encode("gb18030"), encoding="gb18030")
    for n, (name, phone) in enumerate(rows):
        assert orders.get(f"CG{n:08}") == {"order": f"CG{n:08}", "name": name.strip(), "phone": phone.strip()}
