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


@pytest.mark.parametrize("page", ["reference/knowledge-files.md", "howto/write-knowledge.md"])
def test_the_sample_on_the_page_is_a_whole_entry(page: str, tmp_path: Path) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    (sample,) = re.findall(r"^ *```markdown\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    indent = len(sample) - len(sample.lstrip(" "))
    (tmp_path / "样例.md").write_text(
        "\n".join(line[indent:] for line in sample.split("\n")), encoding="utf-8"
    )
    loaded = load_folder(tmp_path)
    assert loaded.accepted
    assert loaded.entries[0].wording("zh-CN").must
