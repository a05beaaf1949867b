"""A gap becomes a file that the loader reads and that lint does not pass before somebody has finished it."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from gateway.editing.draft import draft_of
from gateway.editing.draft_file import write_new
from gateway.editing.gaps import Example, Gap
from knowledge.lint.house import House
from knowledge.lint.run import lint
from knowledge.load import load_folder
from tests.building import MORNING

TODAY = date(2026, 11, 23)


def a_gap(*texts: str, **changes: Any) -> Gap:
    examples = tuple(Example(text=text, at=MORNING, channel="web", conversation_id=1) for text in texts)
    usual: dict[str, Any] = {
        "id": "g",
        "kinds": ("unanswered",),
        "question": texts[0],
        "lang": "zh-CN",
        "times": 3,
        "cost": timedelta(minutes=15),
        "examples": examples,
        "reply": None,
        "reply_times": 0,
        "entries": (),
        "last_at": MORNING,
    }
    return Gap(**usual | changes)


def found_by_lint(folder: Path) -> set[str]:
    house = House(today=TODAY, banned={}, vague={}, channels={}, configured=False)
    return {finding.rule for finding in lint(load_folder(folder), house) if finding.level == "error"}


def test_a_draft_reads_as_an_entry_once_its_mark_is_taken_away(tmp_path: Path) -> None:
    draft = draft_of(a_gap("仓库在哪里？", "你们的仓库: 在哪"), TODAY, author="王编辑")
    file = write_new(tmp_path, draft.stem, draft.text, mark="_")
    assert load_folder(tmp_path).entries == ()
    file.rename(tmp_path / f"{draft.stem}.md")
    (entry,) = load_folder(tmp_path).entries
    assert (entry.question, entry.author, entry.created) == ("仓库在哪里？", "王编辑", TODAY)
    assert entry.wording(None).phrasings == ("你们的仓库: 在哪",)
    assert "unfinished" in found_by_lint(tmp_path)


def test_what_agents_replied_most_is_the_answer_and_still_to_be_checked(tmp_path: Path) -> None:
    draft = draft_of(a_gap("仓库在哪里？", reply="在杭州。", reply_times=4), TODAY)
    (tmp_path / f"{draft.stem}.md").write_text(draft.text, "utf-8")
    (entry,) = load_folder(tmp_path).entries
    assert entry.answer_in("zh-CN").startswith("在杭州。")
    assert "4 次" in entry.answer_in("zh-CN")
    assert "unfinished" in found_by_lint(tmp_path)


def test_an_english_gap_gives_an_english_draft() -> None:
    draft = draft_of(a_gap("Where is your warehouse?", lang="en"), TODAY)
    assert draft.stem == "Where-is-your-warehouse"
    assert "question: Where is your warehouse?" in draft.text
    assert "TODO: write the answer." in draft.text


def test_a_question_that_is_no_file_name_still_gets_one() -> None:
    assert draft_of(a_gap("../../etc/passwd？"), TODAY).stem == "etc-passwd"
