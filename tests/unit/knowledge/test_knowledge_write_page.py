"""What is written is read back as the same entry, whatever signs an editor put into it."""

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import knowledge
from knowledge.entry import Action, KnowledgeEntry, Wording
from knowledge.load import load_folder
from knowledge.write_page import write_page
from tests.entries_at_random import entries


def unplaced(entry: KnowledgeEntry) -> KnowledgeEntry:
    """The entry, wherever it was read from."""
    return replace(entry, wordings={lang: replace(one, source=None) for lang, one in entry.wordings.items()})


@settings(max_examples=150, deadline=None)
@given(entry=entries(), chinese=st.booleans())
def test_what_is_written_is_read_back_as_the_same_entry(entry: KnowledgeEntry, chinese: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        for number, (lang, wording) in enumerate(entry.wordings.items()):
            file = Path(name) / ("entry.md" if number == 0 else f"entry.{lang}.md")
            file.write_bytes(write_page(wording, None if number else entry, chinese=chinese).encode())
        loaded = load_folder(Path(name))
    assert [problem for problem in loaded.problems if problem.fatal] == []
    assert [unplaced(one) for one in loaded.entries] == [entry]


def test_a_file_written_in_chinese_reads_like_the_samples() -> None:
    entry = KnowledgeEntry(
        id="退货运费",
        wordings={},
        kind="process",
        applies_to=("aftersale",),
        owner="客服部",
        review_by=date(2026, 12, 20),
        action=Action(kind="open_ticket", value="aftersale"),
        choices=("退货政策", "退款到账时间"),
    )
    wording = Wording(
        lang="zh-CN",
        question="退货的运费谁承担？",
        answer="由我们承担。",
        phrasings=("谁付邮费", "邮费: 谁付"),
        must=("运费谁出",),
    )
    assert write_page(wording, entry) == (
        "---\n标准问法: 退货的运费谁承担？\n相似问法:\n  - 谁付邮费\n  - \"邮费: 谁付\"\n测试:\n  必须:\n    - 运费谁出\n"
        "分类: 流程\n适用场景: [售后]\n负责人: 客服部\n复审日期: 2026-12-20\n身份级别: L0\n"
        "后续选项: [退货政策, 退款到账时间]\n动作: 建工单 售后\n---\n\n由我们承担。\n"
    )  # fmt: skip


def test_the_sample_entries_survive_being_written(tmp_path: Path) -> None:
    sample = load_folder(Path(str(knowledge.__file__)).parent / "entries")
    for entry in sample.entries:
        for number, (lang, wording) in enumerate(entry.wordings.items()):
            name = f"{entry.id}.md" if number == 0 else f"{entry.id}.{lang}.md"
            (tmp_path / name).write_text(write_page(wording, None if number else entry), "utf-8")
    again = load_folder(tmp_path)
    assert again.problems == ()
    assert [unplaced(one) for one in again.entries] == [unplaced(one) for one in sample.entries]
