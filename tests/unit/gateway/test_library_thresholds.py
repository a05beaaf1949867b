"""The library takes the thresholds of calibration.json, at the start and while it runs, and never a useless file's."""

from datetime import date
from pathlib import Path

from gateway.library import Library
from knowledge.calibrate import choose
from knowledge.calibration import NAME, write_calibration
from knowledge.match import Thresholds

DAY = date(2026, 11, 22)
ENTRY = "---\n标准问法: 怎么退货？\n相似问法: [我要退货, 退货流程]\n---\n\n请您打开“我的订单”。\n"


def a_library(folder: Path) -> Library:
    (folder / "退货.md").write_text(ENTRY, encoding="utf-8")
    return Library(folder, lambda: DAY)


def write(folder: Path, answer: float) -> None:
    chosen = choose([], [], [], [], 0.95)
    write_calibration(folder, chosen, (), DAY)
    file = folder / NAME
    file.write_text(
        file.read_text("utf-8").replace(f'"answer": {Thresholds().answer}', f'"answer": {answer}'),
        encoding="utf-8",
    )


async def test_the_file_is_taken_at_the_start_and_when_it_changes(tmp_path: Path) -> None:
    write(tmp_path, 0.7)
    library = a_library(tmp_path)
    assert library.thresholds == Thresholds(answer=0.7, offer=0.5)
    write(tmp_path, 0.8)
    await library.reload()
    assert library.thresholds.answer == 0.8


async def test_a_new_version_of_the_entries_keeps_the_thresholds(tmp_path: Path) -> None:
    write(tmp_path, 0.7)
    library = a_library(tmp_path)
    (tmp_path / "退货.md").write_text(ENTRY.replace("我要退货", "想退货"), encoding="utf-8")
    await library.reload()
    assert library.match("想退货").kind == "answer"
    assert library.thresholds.answer == 0.7


async def test_a_file_that_cannot_be_used_or_is_gone_leaves_the_shipped_thresholds(tmp_path: Path) -> None:
    write(tmp_path, 0.7)
    library = a_library(tmp_path)
    (tmp_path / NAME).write_text("{", encoding="utf-8")
    await library.reload()
    assert library.thresholds == Thresholds()
    (tmp_path / NAME).unlink()
    await library.reload()
    assert library.thresholds == Thresholds()
