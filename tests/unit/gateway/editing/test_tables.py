"""Entries become a table and come back as the same entries, whatever the file, and whatever is in them."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from gateway.editing import table as limits
from gateway.editing.cells import guarded, joined, joined_names, parted, parted_names, unguarded
from gateway.editing.csv_table import read_csv, write_csv
from gateway.editing.exported import WIDE, rows_of
from gateway.editing.imported import Import, plan_import
from gateway.editing.table import NoTable, Table
from gateway.editing.write_files import write_files
from gateway.editing.xlsx_table import MOST_UNPACKED, read_xlsx, write_xlsx
from knowledge.entry import KnowledgeEntry
from knowledge.load import Loaded, load_folder
from tests.entries_at_random import IN_XML, TEXTS, entries


def unplaced(entry: KnowledgeEntry) -> KnowledgeEntry:
    return replace(entry, wordings={lang: replace(one, source=None) for lang, one in entry.wordings.items()})


def brought_in(table: Table, folder: Path) -> Import:
    """Plan an import and carry it out."""
    planned = plan_import(table, folder, load_folder(folder))
    write_files({path: text for one in planned.changes for path, text in one.files.items()})
    return planned


def there_and_back(entry: KnowledgeEntry, made: bytes, read: Table, chinese: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        planned = brought_in(read, Path(name))
        assert planned.problems == ()
        loaded = load_folder(Path(name))
        again = plan_import(read, Path(name), loaded)
    assert [unplaced(one) for one in loaded.entries] == [entry]
    assert [one.state for one in again.changes] == ["unchanged"]
    rows = list(rows_of(loaded.entries, chinese=chinese))
    assert made in (write_csv(rows), write_csv(rows, "gb18030"), write_csv(rows, "utf-16")) or (
        made == write_xlsx(rows, WIDE)
    )


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(entry=entries(), chinese=st.booleans(), encoding=st.sampled_from(["utf-8", "gb18030", "utf-16"]))
def test_entries_survive_a_csv_and_the_next_one_is_the_same(
    entry: KnowledgeEntry, chinese: bool, encoding: str
) -> None:
    made = write_csv(list(rows_of([entry], chinese=chinese)), encoding)
    there_and_back(entry, made, read_csv(made, encoding), chinese)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(entry=entries(IN_XML))
def test_entries_survive_a_workbook_and_the_next_one_is_the_same(entry: KnowledgeEntry) -> None:
    made = write_xlsx(list(rows_of([entry])), WIDE)
    there_and_back(entry, made, read_xlsx(made), True)


@given(
    text=st.text(st.sampled_from("=+-@\t\r＝'a")), values=st.lists(TEXTS), named=st.dictionaries(TEXTS, TEXTS)
)
def test_what_goes_into_a_cell_comes_out_of_it(text: str, values: list[str], named: dict[str, str]) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
    assert parted(joined(values)) == tuple(values)
    assert parted_names(joined_names(named)) == named


def test_row_23_a_formula_is_text_in_every_cell_of_an_export() -> None:
    from tests.building import an_entry

    entry = an_entry(question='=HYPERLINK("http://x.example","y")', answer="+1\n-2")
    rows = list(rows_of([entry]))
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@" and cell]


def a_table(*rows: Sequence[str], headings: Sequence[str] = ("问题", "回答")) -> Table:
    return read_csv(write_csv([headings, *rows]))


def states(planned: Import) -> dict[str, str]:
    return {one.id: one.state for one in planned.changes}


def test_a_table_of_questions_and_answers_is_enough(tmp_path: Path) -> None:
    planned = brought_in(a_table(("怎么开发票？", "请在订单页申请。"), ("CON", "是保留名")), tmp_path)
    assert states(planned) == {"怎么开发票": "new", "CON-": "new"}
    assert load_folder(tmp_path).accepted
    assert sorted(file.name for file in tmp_path.iterdir()) == ["CON-.md", "怎么开发票.md"]


@pytest.mark.parametrize(
    ("raw", "form"),
    [
        ("标准问法;答案\r\n怎么退货;七天内\r\n".encode("gb18030"), "CSV, GB18030, “;”"),
        ("标准问法\t答案\r\n怎么退货\t七天内\r\n".encode("utf-16"), "CSV, UTF-16, tab"),
        ("标准问法，答案\n怎么退货，七天内\n".encode(), "CSV, UTF-8, “，”"),
        ("\ufeffsep=;\nquestion;answer\n怎么退货;七天内\n".encode(), "CSV, UTF-8, “;”"),
        ("标准问法（必填）,答案 *\n怎么退货,七天内\n".encode(), "CSV, UTF-8, “,”"),
    ],
)
def test_however_a_table_was_saved_it_is_read_and_told(raw: bytes, form: str, tmp_path: Path) -> None:
    table = read_csv(raw)
    assert table.form == form
    assert states(brought_in(table, tmp_path)) == {"怎么退货": "new"}


def test_figures_and_dates_of_a_workbook_come_as_an_editor_writes_them() -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["标准问法", "答案", "复审日期", "创建日期"])
    book.active.append([404, 7.0, datetime(2026, 12, 20), date(2026, 1, 2)])
    made = BytesIO()
    book.save(made)
    (row,) = read_xlsx(made.getvalue()).rows
    assert row.cells[:4] == ("404", "7", "2026-12-20", "2026-01-02")


def test_columns_a_table_does_not_have_stay_as_they_are(tmp_path: Path) -> None:
    brought_in(
        a_table(
            ("怎么退货", "七天内", "退货流程", "客服部"), headings=("问题", "回答", "相似问法", "负责人")
        ),
        tmp_path,
    )
    planned = brought_in(a_table(("怎么退货", "十五天内")), tmp_path)
    (entry,) = load_folder(tmp_path).entries
    assert states(planned) == {"怎么退货": "changed"}
    assert (entry.answer_in(None), entry.owner) == ("十五天内", "客服部")
    assert entry.wording(None).phrasings == ("退货流程",)


def test_an_empty_cell_empties(tmp_path: Path) -> None:
    headings = ("问题", "回答", "负责人")
    brought_in(a_table(("怎么退货", "七天内", "客服部"), headings=headings), tmp_path)
    brought_in(a_table(("怎么退货", "七天内", ""), headings=headings), tmp_path)
    assert load_folder(tmp_path).entries[0].owner == ""


def test_a_translation_belongs_to_the_row_above_it(tmp_path: Path) -> None:
    headings = ("问题", "回答", "语言")
    brought_in(
        a_table(("怎么退货", "七天内", "中文"), ("How to return", "7 days", "英文"), headings=headings),
        tmp_path,
    )
    (entry,) = load_folder(tmp_path).entries
    assert list(entry.wordings) == ["zh-CN", "en"]


def test_a_file_in_a_sub_folder_is_changed_where_it_is(tmp_path: Path) -> None:
    brought_in(a_table(("怎么退货", "七天内")), tmp_path / "售后")
    planned = brought_in(a_table(("怎么退货", "十五天内")), tmp_path)
    assert [list(one.files) for one in planned.changes] == [[tmp_path / "售后" / "怎么退货.md"]]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (("", "答案", "", "", "", ""), "缺少标准问法"),
        (("问题", "", "", "", "", ""), "缺少答案"),
        (("问题", "答案", "../etc", "", "", ""), "不能用作文件名"),
        (("问题", "答案", "a.en", "", "", ""), "不能用作文件名"),
        (("问题", "答案", "nul", "", "", ""), "不能用作文件名"),
        (("问题", "答案", "other", "火星文", "", ""), "不认识语言"),
        (("问题", "答案", "", "", "很快", ""), "不是日期"),
        (("问题", "答案", "", "", "", "L9"), "这里不能写“L9”"),
        (("Question", "Answer", "only-english", "en", "", ""), "没有主语言"),
    ],
)
def test_a_bad_row_is_named_with_its_number_and_a_remedy(
    cells: Sequence[str], said: str, tmp_path: Path
) -> None:
    headings = ("标准问法", "答案", "编号", "语言", "复审日期", "身份级别")
    table = a_table(("好的", "好的", "good", "", "", ""), cells, headings=headings)
    planned = plan_import(table, tmp_path, load_folder(tmp_path))
    (problem,) = planned.problems
    assert problem.row == 3
    assert said in problem.in_("zh")
    assert all((problem.said.en, problem.remedy.zh, problem.remedy.en))
    assert states(planned) == {"good": "new"}


def test_two_rows_of_one_entry_and_language_are_a_mistake(tmp_path: Path) -> None:
    planned = plan_import(a_table(("怎么退货", "a"), ("怎么退货？", "b")), tmp_path, load_folder(tmp_path))
    assert [one.row for one in planned.problems] == [3]
    assert planned.changes == ()


def test_names_that_differ_in_capitals_only_are_a_mistake(tmp_path: Path) -> None:
    headings = ("标准问法", "答案", "编号")
    planned = plan_import(
        a_table(("a1", "a", "Faq"), ("b1", "b", "faq"), headings=headings), tmp_path, load_folder(tmp_path)
    )
    assert "大小写" in planned.problems[0].in_("zh")


def test_a_file_that_cannot_be_read_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "退货.md").write_text("没有头部", "utf-8")
    headings = ("标准问法", "答案", "编号")
    planned = plan_import(
        a_table(("怎么退货", "七天", "退货"), headings=headings), tmp_path, load_folder(tmp_path)
    )
    assert "读不出来" in planned.problems[0].in_("zh")


def test_a_table_without_the_needed_columns_says_which(tmp_path: Path) -> None:
    with pytest.raises(NoTable) as refused:
        plan_import(
            a_table(("x", "y"), headings=("foo", "bar")),
            tmp_path,
            Loaded(entries=(), problems=(), fingerprint=""),
        )
    assert "标准问法" in refused.value.public.zh
    assert "foo" in refused.value.public.en


def test_what_is_no_table_or_too_large_a_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = BytesIO()
    with ZipFile(bomb, "w", ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b" " * (MOST_UNPACKED + 1))
    entity = BytesIO()
    with ZipFile(entity, "w", ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    for raw in (bomb.getvalue(), entity.getvalue(), b"PK\x03\x04rubbish", b""):
        with pytest.raises(NoTable):
            read_xlsx(raw)
    long = "x" * (limits.MOST_CELL + 1)
    many = b"question,answer\n" + b"a,b\n" * (limits.MOST_ROWS + 1)
    for raw in (
        b"\xff\xfe\x00",
        b"\x80\x81\x82",
        f"question,answer\n{long},b\n".encode(),
        many,
        b'question,answer\n"a,b\n',
    ):
        with pytest.raises(NoTable):
            read_csv(raw)


@pytest.mark.parametrize("text", ["长" * 32_768, "bell \x07", "no character \uffff"])
def test_what_a_workbook_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(NoTable):
        write_xlsx([["标准问法"], [text]], [False])
