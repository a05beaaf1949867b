"""What an editor saves is understood, or refused with file, line and remedy; the good version serves on."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.entry import Action
from knowledge.frontmatter import decode, split_page
from knowledge.load import Loaded, load_folder
from knowledge.problem import FileRefused

CHINESE = """---
标准问法: 怎么退货？
相似问法:
  - 我要退货
  - 退货流程
否定关键词: [退款]
分类: 流程
适用场景: [售后]
负责人: 客服部
创建日期: 2026-11-20
复审日期: 2026年12月20日
身份级别: L1
渠道: [webchat]
后续选项: [退货]
动作: 建工单 售后
测试:
  必须: [退货怎么弄]
  不得: [退款几天到]
---

请您打开“我的订单”。
"""
ENGLISH = """---
question: How do I return an item?
phrasings:
  - I want to return something
tests:
  must: [return this]
---

Please open My orders.
"""


def a_folder(tmp_path: Path, **files: str | bytes) -> Path:
    for name, content in files.items():
        write(tmp_path, name.replace("_", ".") + ".md", content)
    return tmp_path


def write(folder: Path, name: str, content: str | bytes) -> None:
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def an_entry(question: str = "问") -> str:
    return f"---\nquestion: {question}\n---\n答\n"


def fatal(loaded: Loaded) -> list[str]:
    return [problem.text() for problem in loaded.problems if problem.fatal]


def test_one_stem_with_two_languages_is_one_entry(tmp_path: Path) -> None:
    loaded = load_folder(a_folder(tmp_path, 退货=CHINESE, 退货_en=ENGLISH))
    assert loaded.accepted
    assert loaded.problems == ()
    (entry,) = loaded.entries
    assert entry.id == "退货"
    assert list(entry.wordings) == ["zh-CN", "en"]
    assert entry.question == "怎么退货？"
    assert entry.question_in("en") == "How do I return an item?"
    assert entry.answer_in("en-GB") == "Please open My orders."
    assert entry.answer_in("zh-TW") == "请您打开“我的订单”。"


def test_chinese_keys_fill_every_field(tmp_path: Path) -> None:
    (entry,) = load_folder(a_folder(tmp_path, 退货=CHINESE)).entries
    assert (entry.kind, entry.level, entry.owner) == ("process", "L1", "客服部")
    assert entry.applies_to == ("aftersale",)
    assert entry.action == Action(kind="open_ticket", value="aftersale")
    assert (entry.created, entry.review_by) == (date(2026, 11, 20), date(2026, 12, 20))
    assert (entry.channels, entry.choices) == (("webchat",), ("退货",))
    wording = entry.wording("zh-CN")
    assert wording.all_phrasings == ("怎么退货？", "我要退货", "退货流程")
    assert (wording.not_for, wording.must, wording.must_not) == (("退款",), ("退货怎么弄",), ("退款几天到",))


@pytest.mark.parametrize(
    "raw",
    [
        b"\xef\xbb\xbf" + CHINESE.encode(),
        CHINESE.encode("gb18030"),
        CHINESE.encode("utf-16"),
        CHINESE.replace("\n", "\r\n").encode(),
        CHINESE.replace("\n", "\r").encode(),
        CHINESE.replace(": ", "：").encode(),
        CHINESE.replace(": ", ":").encode(),
        CHINESE.replace("  - ", "　－ ").encode(),
        CHINESE.replace("---", "－－－").encode(),
        ("\n\n" + CHINESE).encode(),
    ],
    ids=[
        "bom",
        "gb18030",
        "utf-16",
        "crlf",
        "cr",
        "wide-colon",
        "no-space",
        "wide-dash",
        "wide-fence",
        "blank-first",
    ],
)
def test_what_editors_programs_do_to_a_file_is_understood(tmp_path: Path, raw: bytes) -> None:
    loaded = load_folder(a_folder(tmp_path, 退货=raw))
    assert fatal(loaded) == []
    assert loaded.entries[0].wording("zh-CN").phrasings == ("我要退货", "退货流程")
    assert loaded.entries[0].level == "L1"


@pytest.mark.parametrize(
    ("content", "line", "remedy"),
    [
        ("question: x\n", 1, "three hyphens"),
        ("---\nquestion: x\nanswer\n", 1, "three hyphens"),
        ("---\nphrasings:\n  - a\n---\nanswer", 1, "question"),
        ("---\nquestion: x\n---\n\n", 4, "answer below"),
        ("---\nquestion: x\nphrasings:\n  - price: how much\n---\ny", 4, "double quotes"),
        ("---\nquestion: x\nlevel: L9\n---\ny", 3, "L0 to L4"),
        ("---\nquestion: x\nclass: thing\n---\ny", 3, "product, process, faq"),
        ("---\nquestion: x\nupdated: tomorrow\n---\ny", 3, "2026-11-30"),
        ("---\nquestion: x\nvalid_until: 2026-02-30\n---\ny", 3, "2026-11-30"),
        ("---\nquestion: x\naction: explode now\n---\ny", 3, "open_ticket"),
        ("---\nquestion: x\naction: open_ticket tomorrow\n---\ny", 3, "presale"),
        ("---\nquestion: x\naction: run {{7*7}}\n---\ny", 3, "run order_status"),
        ("---\nquestion: x\naction: run\n---\ny", 3, "run order_status"),
        ("---\nquestion: x\nweight: 3\n---\ny", 3, "knowledge-files.md"),
        ("---\nquestion: x\n标准问法: z\n---\ny", 3, "one of the two"),
        ("---\nquestion: x\nquestion: z\n---\ny", 3, "name: value"),
        ("---\nquestion: [x, z]\n---\ny", 2, "same line"),
        ("---\nquestion: x\nphrasings: {a: b}\n---\ny", 3, "own line"),
        ("---\nquestion: x\ntests: [a]\n---\ny", 3, "Indent"),
        ("---\nquestion: @x\n---\ny", 2, "double quotes"),
        ("---\nquestion: x\ntests:\n  maybe: [a]\n---\ny", 4, "must or must_not"),
        ("---\nquestion: x\nchannel_answers:\n  mail: [a]\n---\ny", 4, "same line"),
        ("---\ntitle: x\ndate: 2026-01-01\n---\ny", 3, "knowledge-files.md"),
        ("+++\ntitle = 'x'\n+++\ny", 1, "three hyphens"),
        ("---\nquestion: !!python/object/apply:os.system ['id']\n---\ny", 2, "same line"),
        ("---\nquestion: x\n<<: {level: L1}\n---\ny", 3, "knowledge-files.md"),
        ("---\nquestion: x\n...\nlevel: L1\n---\ny", 4, "name: value"),
        (f"---\nquestion: {'[' * 3000}\n---\ny", 2, "double quotes"),
        ("", 1, "three hyphens"),
        ("---\nquestion: x\n\tlevel: L1\n---\ny", 3, "indent with spaces"),
        ("---\n- a\n- b\n---\ny", 2, "name: value"),
        (f"---\nquestion: x\nphrasings:\n  - {'长' * 301}\n---\ny", 4, "under 300"),
        (b"---\nquestion: \xff\xfe\xfa broken \x81\n---\n", 1, "UTF-8"),
        ("---\nquestion: 怎么退货\n---\n答案".encode() + b"\xff", 1, "UTF-8"),
        (b"x" * 300_000, 1, "bytes"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_remedy(
    tmp_path: Path, content: str | bytes, line: int, remedy: str
) -> None:
    loaded = load_folder(a_folder(tmp_path, bad=content))
    assert not loaded.accepted
    problem = next(problem for problem in loaded.problems if problem.fatal)
    assert (problem.file.name, problem.line) == ("bad.md", line)
    assert remedy in str(problem)
    assert problem.text("zh-CN").startswith(f"bad.md:{line}: ")
    assert problem.zh
    assert problem.remedy_zh


def test_a_chinese_editor_is_told_in_chinese_alone(tmp_path: Path) -> None:
    for head in ("question: a: b", "question: [a", 'question: "a', "{{", "question: x\nquestion: y"):
        loaded = load_folder(a_folder(tmp_path, bad=f"---\n{head}\n---\nx"))
        problem = next(problem for problem in loaded.problems if problem.fatal)
        assert not re.search(r"[a-z]{3,} [a-z]{3,}", problem.zh), problem.zh


def test_a_broken_file_leaves_the_last_good_version_serving(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, a=an_entry("a"), b=an_entry("b"))
    good = load_folder(folder)
    write(folder, "a.md", "---\nquestion: half wri")
    write(folder, "b.md", an_entry("b, changed"))
    after = load_folder(folder, previous=good)
    assert not after.accepted
    assert after.entries == good.entries
    assert after.fingerprint != good.fingerprint
    write(folder, "a.md", an_entry("a, mended"))
    mended = load_folder(folder, previous=after)
    assert mended.accepted
    assert [entry.question for entry in mended.entries] == ["a, mended", "b, changed"]


def test_at_the_first_start_the_whole_files_serve_beside_a_broken_one(tmp_path: Path) -> None:
    loaded = load_folder(a_folder(tmp_path, a=an_entry("a"), b="nonsense"))
    assert not loaded.accepted
    assert [entry.id for entry in loaded.entries] == ["a"]


def test_losing_more_than_half_of_the_entries_needs_force(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, **{f"e{n}": an_entry(str(n)) for n in range(5)})
    good = load_folder(folder)
    for n in range(3):
        (folder / f"e{n}.md").unlink()
    refused = load_folder(folder, previous=good)
    assert not refused.accepted
    assert len(refused.entries) == 5
    assert "Only 2 of 5" in fatal(refused)[0]
    forced = load_folder(folder, previous=good, force=True)
    assert forced.accepted
    assert len(forced.entries) == 2
    assert len(load_folder(folder, previous=good.entries).entries) == 5


def test_a_folder_without_entries_serves_nothing_and_says_so(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        loaded = load_folder(folder)
        assert loaded.accepted
        assert loaded.entries == ()
        assert "every question goes to a person" in loaded.problems[0].text()


def test_two_files_with_one_stem_are_refused(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, a=an_entry())
    (folder / "more").mkdir()
    write(folder / "more", "a.md", an_entry())
    assert "stands also in" in fatal(load_folder(folder))[0]


def test_one_stem_in_two_folders_or_two_spellings_of_unicode_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for first, second in (("退货.md", "sub/退货.md"), ("caf\u00e9.md", "sub/cafe\u0301.md")):
        write(tmp_path, first, an_entry("a"))
        write(tmp_path, second, an_entry("b"))
        loaded = load_folder(tmp_path)
        assert any("stands also in" in problem.en for problem in loaded.problems if problem.fatal)


def test_a_house_that_speaks_english_first_names_its_files_without_a_language(tmp_path: Path) -> None:
    write(tmp_path, "pay.md", an_entry("How can I pay?"))
    write(tmp_path, "pay.zh-CN.md", an_entry("怎么付款？"))
    (entry,) = load_folder(tmp_path, first_language="en").entries
    assert list(entry.wordings) == ["en", "zh-CN"]
    assert entry.question == "How can I pay?"


def test_a_file_of_another_language_than_the_houses_first_is_told_of(tmp_path: Path) -> None:
    write(tmp_path, "退货.md", an_entry("怎么退货？").replace("---\n", "---\nlevel: L2\n", 1))
    write(tmp_path, "退货.en.md", an_entry("How do I return it?"))
    loaded = load_folder(tmp_path, first_language="en")
    assert "house.languages" in next(problem.remedy_en for problem in loaded.problems if problem.fatal)
    assert [entry.level for entry in loaded.entries] == ["L2"], "the file with the shared fields counts"


@pytest.mark.timeout(30)
def test_aliases_of_yaml_that_grow_without_end_cost_nothing(tmp_path: Path) -> None:
    names = "abcdefgh"
    grown = "\n".join(
        f"{name}: &{name} [{', '.join(['*' + before] * 9)}]" for before, name in pairwise(names)
    )
    loaded = load_folder(a_folder(tmp_path, bad=f"---\na: &a [x]\n{grown}\nquestion: x\n---\ny"))
    assert not loaded.accepted


def test_a_translation_needs_its_first_file(tmp_path: Path) -> None:
    assert "without its first file" in fatal(load_folder(a_folder(tmp_path, a_en=an_entry())))[0]
    assert load_folder(tmp_path, first_language="en").entries[0].question_in("en") == "问"


def test_shared_fields_in_a_translation_are_reported_but_do_no_harm(tmp_path: Path) -> None:
    english = ENGLISH.replace("---\nquestion", "---\nlevel: L3\nquestion")
    loaded = load_folder(a_folder(tmp_path, 退货=CHINESE, 退货_en=english))
    assert loaded.accepted
    assert loaded.entries[0].level == "L1"
    assert "shared by all languages" in str(loaded.problems[0])


def test_a_choice_without_entry_is_reported(tmp_path: Path) -> None:
    loaded = load_folder(a_folder(tmp_path, a="---\nquestion: x\nchoices: [ghost]\n---\ny"))
    assert loaded.accepted
    assert "'ghost' is no entry" in str(loaded.problems[0])


def test_hidden_files_drafts_and_readme_are_no_entries(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, a=an_entry())
    for name in ("README.md", ".hidden.md", "_draft.md", "~a.md"):
        write(folder, name, "anything")
    assert [entry.id for entry in load_folder(folder).entries] == ["a"]


def test_answers_can_differ_by_channel(tmp_path: Path) -> None:
    (entry,) = load_folder(
        a_folder(tmp_path, a="---\nquestion: x\nchannel_answers:\n  telegram: short\n---\nlong")
    ).entries
    assert (entry.answer_in("en", "telegram"), entry.answer_in("en", "mail")) == ("short", "long")


def test_an_entry_is_valid_between_its_dates_and_on_its_channels(tmp_path: Path) -> None:
    (entry,) = load_folder(
        a_folder(
            tmp_path,
            a="---\nquestion: x\nvalid_from: 2026-11-01\nvalid_until: 2026.11.30\nchannels: a; b\n---\ny",
        )
    ).entries
    assert entry.channels == ("a", "b")
    assert [
        entry.is_valid(date(2026, month, day)) for month, day in ((10, 31), (11, 1), (11, 30), (12, 1))
    ] == [
        False,
        True,
        True,
        False,
    ]
    assert entry.is_valid(None, "a")
    assert not entry.is_valid(None, "c")


def test_an_unchanged_file_is_not_read_twice(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, a=an_entry("a"), b=an_entry("b"))
    first = load_folder(folder)
    write(folder, "b.md", an_entry("c"))
    second = load_folder(folder, previous=first)
    assert second.pages[folder / "a.md"] is first.pages[folder / "a.md"]
    assert second.pages[folder / "b.md"] is not first.pages[folder / "b.md"]


EDITS: dict[str, dict[str, str | None]] = {
    "an answer": {"a.md": an_entry("a").replace("问", "改")},
    "shared fields": {"a.md": "---\nquestion: a\nlevel: L2\nchoices: [b]\n---\nx"},
    "a translation": {"b.en.md": "---\nquestion: other\n---\nx"},
    "both languages": {"b.md": an_entry("neu"), "b.en.md": "---\nquestion: other\n---\nx"},
    "a mistake": {"a.md": "nonsense"},
    "a ghost": {"a.md": "---\nquestion: a\nchoices: [ghost]\n---\nx"},
    "a new file": {"0.md": an_entry("new")},
    "a lost file": {"c.md": None},
    "a lost translation": {"b.en.md": None},
    "a misplaced field": {"b.en.md": "---\nquestion: x\nlevel: L1\n---\nx"},
    "nothing": {},
    "the same again": {"c.md": an_entry("c")},
    "a draft": {"_c.md": "nonsense", "README.md": "read me"},
}


@pytest.mark.parametrize("edit", EDITS)
def test_told_what_changed_the_same_is_read_as_from_all_files(tmp_path: Path, edit: str) -> None:
    english = "---\nquestion: b in English\n---\nx"
    folder = a_folder(tmp_path, a=an_entry("a"), b=an_entry("b"), b_en=english, c=an_entry("c"))
    first = load_folder(folder)
    for name, text in EDITS[edit].items():
        if text is None:
            (folder / name).unlink()
        else:
            write(folder, name, text)
    told = load_folder(folder, previous=first, changed={folder / name for name in EDITS[edit]})
    whole = load_folder(folder, previous=first)
    assert (told.entries, told.problems, told.accepted) == (whole.entries, whole.problems, whole.accepted)
    assert told.fingerprint == whole.fingerprint
    assert list(told.pages) == list(whole.pages)
    again = load_folder(folder, previous=told)
    assert (again.entries, again.fingerprint) == (whole.entries, whole.fingerprint)


def refusal(raw: bytes) -> str:
    try:
        split_page(decode(raw, Path("x.md")), Path("x.md"))
    except FileRefused as refused:
        return refused.problem.text()
    return "x.md:"


@given(st.binary(max_size=300))
def test_no_bytes_whatever_break_the_reader(raw: bytes) -> None:
    assert refusal(b"---\n" + raw).startswith("x.md:")


@given(st.text(alphabet="-: \n\t[]{}'\"&*!|>%@`#问question\u3000：", max_size=120))
def test_no_scribble_breaks_the_reader(text: str) -> None:
    assert refusal(f"---\n{text}\n---\nbody".encode()).startswith("x.md:")


def test_the_sample_entries_are_whole_in_both_languages() -> None:
    folder = Path(__file__).parents[3] / "knowledge" / "entries"
    loaded = load_folder(folder)
    assert loaded.problems == ()
    assert len(loaded.entries) >= 44
    for entry in loaded.entries:
        assert set(entry.wordings) == {"zh-CN", "en"}
        for wording in entry.wordings.values():
            assert len(wording.phrasings) >= 6, entry.id
            assert wording.must, entry.id
            assert wording.must_not, entry.id


@pytest.mark.parametrize(
    "word",
    [
        "尽快",
        "及时",
        "马上",
        "稍后",
        "立即",
        "立刻",
        "soon",
        "shortly",
        "immediately",
        "不知道",
        "不清楚",
        "肯定能",
        "一定到",
    ],
)
def test_no_sample_answer_uses_a_vague_or_banned_word(word: str) -> None:
    folder = Path(__file__).parents[3] / "knowledge" / "entries"
    for entry in load_folder(folder).entries:
        for wording in entry.wordings.values():
            assert word not in wording.answer.lower(), entry.id
