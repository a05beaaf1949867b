"""``kb export`` and ``kb import`` as an editor runs them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import knowledge
from gateway.cli import app
from knowledge.load import load_folder

RUNNER = CliRunner()
SAMPLE = Path(str(knowledge.__file__)).parent / "entries"


def kb(*words: str | Path) -> Result:
    return RUNNER.invoke(app, ["kb", *map(str, words)], env={"LC_ALL": "en_US.UTF-8"})


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_the_sample_goes_out_comes_in_and_goes_out_the_same(name: str, tmp_path: Path) -> None:
    assert kb("export", tmp_path / name, "--folder", SAMPLE, "--lang", "zh").exit_code == 0
    assert kb("import", tmp_path / name, "--folder", tmp_path / "new").exit_code == 0
    assert load_folder(tmp_path / "new").problems == ()
    again = tmp_path / f"again-{name}"
    assert kb("export", again, "--folder", tmp_path / "new", "--lang", "zh").exit_code == 0
    assert again.read_bytes() == (tmp_path / name).read_bytes()


def test_an_export_overwrites_nothing_unless_told_to(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("mine", "utf-8")
    refused = kb("export", file, "--folder", SAMPLE)
    assert refused.exit_code == 1
    assert "--force" in refused.stderr
    assert file.read_text("utf-8") == "mine"
    assert kb("export", file, "--folder", SAMPLE, "--force").exit_code == 0


def test_an_export_is_told_apart_by_its_name(tmp_path: Path) -> None:
    assert kb("export", tmp_path / "a.doc", "--folder", SAMPLE).exit_code == 2
    assert kb("export", tmp_path / "a.csv", "--folder", SAMPLE, "--encoding", "latin-1").exit_code == 2


def a_file(folder: Path, text: str) -> Path:
    file = folder / "table.csv"
    file.write_text(text, "utf-8")
    return file


def test_a_trial_says_what_would_be_and_writes_nothing(tmp_path: Path) -> None:
    file = a_file(tmp_path, "标准问法,答案,备注\n怎么退货,七天内,x\n")
    tried = kb("import", file, "--folder", tmp_path / "new", "--dry-run", "--lang", "zh")
    assert "新增 1: 怎么退货" in tried.stdout
    assert "不认识的列，未导入：备注" in tried.stdout
    assert not (tmp_path / "new").exists()


def test_entries_that_are_there_change_only_when_told_to(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    kb("import", a_file(tmp_path, "标准问法,答案\n怎么退货,七天内\n"), "--folder", folder)
    file = a_file(tmp_path, "标准问法,答案\n怎么退货,十五天内\n")
    told = kb("import", file, "--folder", folder)
    assert "--update" in told.stdout
    assert load_folder(folder).entries[0].answer_in(None) == "七天内"
    changed = json.loads(kb("import", file, "--folder", folder, "--update", "--json").stdout)
    assert changed["written"] == ["怎么退货"]
    assert load_folder(folder).entries[0].answer_in(None) == "十五天内"


def test_one_bad_row_stops_all_unless_the_rest_is_asked_for(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    file = a_file(tmp_path, "标准问法,答案\n怎么退货,七天内\n怎么换货,\n")
    refused = kb("import", file, "--folder", folder)
    assert refused.exit_code == 1
    assert "row 3: The answer is missing." in refused.stdout
    assert not folder.exists()
    partly = kb("import", file, "--folder", folder, "--partial")
    assert partly.exit_code == 1
    assert [file.name for file in folder.iterdir()] == ["怎么退货.md"]


def test_what_is_no_table_is_told_in_a_sentence(tmp_path: Path) -> None:
    old = tmp_path / "old.xls"
    old.write_bytes(b"\xd0\xcf\x11\xe0rest")
    assert ".xlsx" in kb("import", old, "--folder", tmp_path).stderr
    assert kb("import", tmp_path / "nowhere.csv", "--folder", tmp_path).exit_code == 2
    assert "question" in kb("import", a_file(tmp_path, "a,b\n1,2\n"), "--folder", tmp_path).stderr


def test_without_a_configuration_the_folder_must_be_named(tmp_path: Path) -> None:
    file = a_file(tmp_path, "标准问法,答案\n怎么退货,七天内\n")
    refused = kb("import", file, "--config", tmp_path / "config.toml")
    assert refused.exit_code == 2
    assert "--folder" in refused.stderr
