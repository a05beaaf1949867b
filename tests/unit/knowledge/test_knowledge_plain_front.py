"""The quick reader of plain front matter never disagrees with the reader that knows all of YAML."""

from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from knowledge.plain_front import read_plain
from knowledge.problem import FileRefused
from knowledge.yaml_front import read_yaml

FILE = Path("退货.md")
BITS = (
    "question", "phrasings", "标准问法", "tests", "a b", ":", ": ", "- ", "-", "  ", " ", "\n", "\n", "\n  - ", "\n- ", "\n  must:",
    "怎么退货？", "How do I, return", '"', "'", "#", " #", "{", "[", "]", "&x", "*x", "!t", "|", ">", "%", "@", "`", "?", "? ",
    "~", "null", "2026-11-30", "10:30", "\\", "\\n", "\t", "\u3000", "：", "…", "\u2028", "\x85", "\ufeff", ", ", "=", "<<", "...", "---",
    "é", "😀", "、",
)  # fmt: skip
head = st.lists(st.sampled_from(BITS), max_size=14).map("".join)
named = st.builds(
    "{}:{}{}".format,
    st.sampled_from(("question", "标准问法", "tests", "owner", "a b")),
    st.sampled_from((" ", "", "  ", " [", " [甲, b", " [甲, 10-3]", "\n  - ", "\n- ", "\n  must: ")),
    head,
)


@settings(max_examples=1500, deadline=None)
@given(st.lists(named, min_size=1, max_size=4).map("\n".join))
@example("question: x\n  y")
@example("phrasings:\n- a\n-  'b'\nowner: c")
@example("tests:\n  must:\n    - a\n  must_not:\n  - b\n")
@example('question: "a # b" \nowner:')
@example("a: ''\n  - b")
@example("a:\n  - b\n - c")
@example("a: [甲, b c ]\nd: [x]")
@example("a: [ 甲 ,b#c]")
def test_what_is_read_quickly_is_what_the_whole_reader_reads(text: str) -> None:
    quick = read_plain(text, 2)
    if quick is None:
        return
    try:
        assert quick == read_yaml(text, 2, FILE)
    except FileRefused as refused:
        raise AssertionError(f"refused: {refused}") from refused


def test_the_files_that_come_with_the_product_are_all_read_quickly() -> None:
    folder = Path(__file__).parents[3] / "knowledge" / "entries"
    heads = [file.read_text(encoding="utf-8").split("---\n")[1] for file in folder.rglob("*.md")]
    assert heads
    assert [text for text in heads if read_plain(text.rstrip("\n"), 2) is None] == []


def test_lists_at_any_depth_keep_their_lines() -> None:
    fields = read_plain("question: 怎么退货？\ntests:\n  must:\n    - 能退吗\n    - 'not: so'\n", 2)
    assert fields == read_yaml(
        "question: 怎么退货？\ntests:\n  must:\n    - 能退吗\n    - 'not: so'\n", 2, FILE
    )
    assert fields is not None
    assert fields["tests"].line == 3
