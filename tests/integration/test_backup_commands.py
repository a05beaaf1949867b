"""The commands as an operator types them: what they print, and how they end."""

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gateway.cli import app
from tests.servers.filled import filled, settings_in

RUNNER = CliRunner()


def run(folder: Path, *words: str) -> Result:
    return RUNNER.invoke(
        app, [*words, "--config", str(folder / "config.toml")], env={"LC_ALL": "en_US.UTF-8"}
    )


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """An installation in which two customers wrote, stopped."""
    async with filled(settings_in(tmp_path)) as gateway:
        await gateway.say("怎么退货", file=b"a picture")
        await gateway.say("转人工", thread="li")
    return tmp_path


def test_a_copy_is_made_proved_and_put_back(folder: Path) -> None:
    copy = str(folder / "copy.tar")
    assert "2 files" not in run(folder, "backup", copy).stdout
    proof = json.loads(run(folder, "restore", copy, "--verify", "--json").stdout)
    assert proof["rows"]["inbox"] == 2
    assert proof["lost"] == []
    refused = run(folder, "restore", copy)
    assert refused.exit_code == 1
    assert "--force" in refused.stderr
    forced = run(folder, "restore", copy, "--force")
    assert forced.exit_code == 0
    assert "gateway fsck" in forced.stdout
    assert {path.stat().st_mode & 0o077 for path in (folder / "data").glob("*.db*")} == {0}
    whole = run(folder, "fsck")
    assert (whole.exit_code, whole.stdout) == (
        0,
        "All is whole: the database and its files are as they must be.\n",
    )
    assert run(folder, "fsck", "--lang", "zh").stdout == "一切完好：数据库与附件相符。\n"
    assert run(folder, "fsck", "--json").stdout == ""


def test_a_backup_without_one_file_ends_with_one_so_that_cron_tells(folder: Path) -> None:
    [lost] = [path for path in (folder / "data" / "blobs").rglob("*") if path.is_file()]
    lost.unlink()
    done = run(folder, "backup", str(folder / "copy"))
    assert done.exit_code == 1
    assert lost.name[:16] in done.stdout
    assert run(folder, "restore", str(folder / "copy"), "--verify").exit_code == 1


def test_fsck_prints_json_lines_and_ends_with_one(folder: Path) -> None:
    [lost] = [path for path in (folder / "data" / "blobs").rglob("*") if path.is_file()]
    lost.unlink()
    done = run(folder, "fsck", "--lang", "zh")
    assert done.exit_code == 1
    [line] = done.stdout.splitlines()
    told = json.loads(line)
    assert told["check"] == "blob_missing"
    assert "不存在" in told["found"]


def test_doctor_speaks_the_terminals_language_and_ends_with_one_if_something_will_not_work(
    folder: Path,
) -> None:
    os.chmod(folder / "data", 0o700)
    command = ["doctor", "--config", str(folder / "config.toml")]
    chinese = RUNNER.invoke(app, command, env={"LC_ALL": "zh_CN.UTF-8"})
    assert "个通道" in chinese.stdout
    (folder / "knowledge" / "broken.md").write_text("no front matter")
    sick = run(folder, "doctor")
    assert sick.exit_code == 1
    assert "→" in sick.stdout
    lines = [json.loads(line) for line in run(folder, "doctor", "--json").stdout.splitlines()]
    assert {line["level"] for line in lines} <= {"ok", "note", "bad"}


def test_doctor_tells_a_wrong_configuration_instead_of_ending_at_it(folder: Path) -> None:
    (folder / "config.toml").write_text("[server]\nprot = 1\n")
    done = run(folder, "doctor")
    assert done.exit_code == 1
    assert "did you mean port?" in done.stdout


def test_replay_prints_effects_with_their_reasons(folder: Path) -> None:
    done = run(folder, "replay", "1", "2")
    assert done.exit_code == 0
    assert done.stdout.count("nothing is written") == 2
    assert "because: " in done.stdout
    told = [json.loads(line) for line in run(folder, "replay", "1", "2", "--json").stdout.splitlines()]
    assert [one["inbox"] for one in told] == [1, 2]
    assert run(folder, "replay", "nothing").exit_code == 1
