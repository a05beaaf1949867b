"""A draft's file: whole, new, inside the folder, whatever the question looks like."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.editing.draft_file import MOST_NAME_BYTES, NotWritten, safe_stem, write_new


@given(st.text(max_size=300))
def test_no_question_leads_out_of_the_folder_or_to_a_name_a_system_refuses(question: str) -> None:
    stem = safe_stem(question)
    assert stem
    assert not set(stem) & set('/\\:*?"<>|. \x00\n')
    assert len(stem.encode()) <= MOST_NAME_BYTES + 1
    assert not stem.startswith(("-", "_"))


@pytest.mark.parametrize(
    ("question", "stem"),
    [
        ("怎么 退货？", "怎么-退货"),
        ("../../etc/passwd", "etc-passwd"),
        ("Where is my order?", "Where-is-my-order"),
        ("ＣＯＮ", "CON-"),
        ("？？？", "draft"),
    ],
)
def test_the_name_is_made_of_the_question(question: str, stem: str) -> None:
    assert safe_stem(question) == stem


def test_a_name_in_use_is_never_written_over(tmp_path: Path) -> None:
    files = [write_new(tmp_path, "怎么退货", text, mark="_") for text in ("one", "two")]
    assert [file.name for file in files] == ["_怎么退货.md", "_怎么退货-2.md"]
    assert [file.read_text() for file in files] == ["one", "two"]
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(file.name for file in files)


def test_a_link_laid_in_the_way_is_not_followed(tmp_path: Path) -> None:
    folder, outside = tmp_path / "entries", tmp_path / "outside.md"
    folder.mkdir()
    (folder / "_q.md").symlink_to(outside)
    assert write_new(folder, "q", "text", mark="_").name == "_q-2.md"
    assert not outside.exists()


def test_a_folder_that_takes_nothing_is_said_to(tmp_path: Path) -> None:
    with pytest.raises(NotWritten, match="cannot write a draft"):
        write_new(tmp_path / "missing", "q", "text")
