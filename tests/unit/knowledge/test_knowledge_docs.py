"""The reference page says what the reader knows, and its samples are read without a word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from knowledge.fields import SHARED_KEYS, WORDING_KEYS
from knowledge.load import load_folder

DOCS = Path(__file__).parents[3] / "docs"
REFERENCE = DOCS / "reference" / "knowledge-files.md"


@pytest.mark.parametrize("name", [*WORDING_KEYS, *SHARED_KEYS])
def test_every_field_is_described(name: str) -> None:
    assert f"`{name}`" in REFERENCE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "page", ["reference/knowledge-files.md", "howto/write-knowledge.md", "howto/编写知识条目.md"]
)
def test_the_samples_on_the_page_are_whole_entries(page: str, tmp_path: Path) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    samples = re.findall(r"^( *)```markdown\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    assert samples
    for number, (indent, sample) in enumerate(samples):
        lines = [line.removeprefix(indent) for line in sample.split("\n")]
        (tmp_path / f"样例{number}.md").write_text("\n".join(lines), encoding="utf-8")
    loaded = load_folder(tmp_path)
    assert [problem for problem in loaded.problems if problem.fatal] == []
    assert all(entry.wording("zh-CN").must for entry in loaded.entries)


def test_the_mistakes_on_the_chinese_page_are_told_in_these_words(tmp_path: Path) -> None:
    page = (DOCS / "howto" / "编写知识条目.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| ([^|]+。) \|", page.partition("## 常见错误与改法")[2], re.MULTILINE)
    for name, text in MISTAKES.items():
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    (tmp_path / "好.md").write_text(
        "---\n标准问法: 怎么退？\n后续选项: [没有的]\n---\n\n答\n", encoding="utf-8"
    )
    assert sorted({problem.zh for problem in load_folder(tmp_path).problems}) == sorted(told)
    assert "是不是“相似问" in load_folder(tmp_path).problems[0].remedy_zh


MISTAKES = {
    "一": "---\n标准问法: 问\n相似问: [a]\n---\n\n答\n",
    "丁": "---\n标准问法: 问\n相似问法:\n  - *重要*的问题\n---\n\n答\n",
    "七": "---\n标准问法: 问\n---\n",
    "三": "---\n标准问法: 问\n答案在这里\n",
    "丙": "---\n标准问法: 问: 怎么\n相似问法: [a]\n---\n\n答\n",
    "乙": "标准问法: 问\n\n答\n",
    "九.en": "---\nquestion: q\n---\n\na\n",
    "二": "---\n相似问法: [a]\n---\n\n答\n",
    "五": "---\n标准问法: 问\n复审日期: 明年\n---\n\n答\n",
    "十": "---\n标准问法: 问\n测试:\n  应该: [a]\n---\n\n答\n",
}
