"""``kb diff`` between two folders, and between now and a revision of a real git repository."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gateway.cli import app
from tests.servers.filled import filled, settings_in

RUNNER = CliRunner()


def kb_diff(*words: str | Path, config: Path | None = None) -> Result:
    more = ["--config", str(config or Path("/nowhere/config.toml"))]
    return RUNNER.invoke(app, ["kb", "diff", *map(str, words), *more], env={"LC_ALL": "en_US.UTF-8"})


def a_folder(folder: Path, **entries: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for stem, question in entries.items():
        (folder / f"{stem}.md").write_text(f"---\nquestion: {question}\n---\n好的。\n", "utf-8")
    return folder


def git(folder: Path, *words: str) -> None:
    names = {f"GIT_{who}_{what}": "test" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, env=os.environ | names)


def test_two_folders_are_asked_the_same_questions(tmp_path: Path) -> None:
    old = a_folder(tmp_path / "old", 退货="怎么退货", 发票="怎么开发票")
    new = a_folder(tmp_path / "new", 退货="怎么退货")
    told = kb_diff(old, new)
    assert told.exit_code == 0
    assert "entries gone 1: 发票" in told.stdout
    assert "no longer answered 1" in told.stdout
    assert kb_diff(old, new, "--fail-on-change").exit_code == 1
    assert kb_diff(old, old, "--fail-on-change").exit_code == 0


@pytest.mark.parametrize("line", ["怎么开发票 13812345678", '{"text": "怎么开发票 13812345678"}'])
def test_past_questions_come_from_a_file_and_show_nobodys_number(line: str, tmp_path: Path) -> None:
    old = a_folder(tmp_path / "old", 退货="怎么退货")
    new = a_folder(tmp_path / "new", 退货="怎么退货", 发票="怎么开发票")
    (tmp_path / "past.txt").write_text(f"{line}\n", "utf-8")
    told = kb_diff(old, new, "--questions", tmp_path / "past.txt", "--lang", "zh")
    assert "客户问过的 1 个" in told.stdout
    assert "5678" not in told.stdout


def test_a_revision_is_compared_with_the_folder_as_it_is(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "shop" / "entries", 退货="怎么退货", 发票="怎么开发票")
    git(tmp_path / "shop", "init", "-q")
    git(tmp_path / "shop", "add", ".")
    git(tmp_path / "shop", "commit", "-q", "-m", "first")
    (folder / "发票.md").unlink()
    told = json.loads(kb_diff(folder, "--git", "HEAD", "--json").stdout)
    assert told["edits"]["removed"] == ["发票"]
    assert told["turns"]["lost"] == 1


@pytest.mark.parametrize("revision", ["nowhere", "--output=/tmp/x", ""])
def test_a_revision_there_is_not_is_told_and_never_an_option(revision: str, tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "entries", 退货="怎么退货")
    git(folder, "init", "-q")
    refused = kb_diff(folder, f"--git={revision}")
    assert refused.exit_code == 1
    assert "git log" in refused.stderr


def test_one_folder_is_not_enough(tmp_path: Path) -> None:
    assert kb_diff(tmp_path).exit_code == 2
    assert kb_diff(tmp_path, tmp_path, "--git", "HEAD").exit_code == 2


@pytest.fixture
async def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation in which two customers asked the same."""
    monkeypatch.chdir(tmp_path)
    async with filled(settings_in(tmp_path)) as gateway:
        await gateway.say("怎么开发票")
        await gateway.say("怎么开发票", thread="li")
    return tmp_path


def test_past_questions_come_from_the_configured_database(asked: Path) -> None:
    new = a_folder(asked / "new", 退货="怎么退货？", 发票="怎么开发票")
    told = json.loads(kb_diff(asked / "knowledge", new, "--json", config=asked / "config.toml").stdout)
    assert told["past"] == 1
    (gained,) = told["differences"]
    assert (gained["turn"], gained["asked_by"]) == ("gained", ["phrasing 发票", "past"])
