"""``kb gaps`` on a stopped installation's own data, as an editor runs it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gateway.cli import app
from tests.servers.filled import filled, settings_in

RUNNER = CliRunner()


def gaps(folder: Path, *words: str | Path) -> Result:
    return RUNNER.invoke(
        app,
        ["kb", "gaps", *map(str, words), "--config", str(folder / "config.toml")],
        env={"LC_ALL": "en_US.UTF-8"},
    )


@pytest.fixture
async def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation in which two customers asked what nobody had written down."""
    settings = settings_in(tmp_path)
    settings = settings.model_copy(
        update={"knowledge": settings.knowledge.model_copy(update={"folder": tmp_path / "knowledge"})}
    )
    async with filled(settings) as gateway:
        await gateway.say("你们的仓库在哪个城市", thread="wang")
        await gateway.say("请问你们的仓库在哪个城市呀，我电话13812345678", thread="li")
        await gateway.say("怎么退货？", thread="zhao")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_was_not_answered_is_shown_with_its_cost(folder: Path) -> None:
    told = gaps(folder, "--lang", "zh").stdout
    assert "仓库在哪个城市" in told
    assert "2 次，约 10 分钟；没有答上" in told
    assert "5678" not in told


def test_programs_get_the_same_as_one_document(folder: Path) -> None:
    told = json.loads(gaps(folder, "--json").stdout)
    (gap,) = told["gaps"]
    assert (gap["kinds"], gap["times"], gap["cost_seconds"]) == (["unanswered"], 2, 600.0)
    assert told["handling_seconds"] == 300.0


def test_drafts_are_written_once_and_not_read_by_the_gateway(folder: Path) -> None:
    first = gaps(folder, "--draft", folder / "knowledge")
    assert "draft: " in first.stdout
    assert "draft: " not in gaps(folder, "--draft", folder / "knowledge").stdout
    (draft,) = (folder / "knowledge").glob("_*.md")
    text = draft.read_text("utf-8")
    assert "TODO" in text
    assert "138" not in text
    stats = RUNNER.invoke(app, ["kb", "stats", "--folder", str(folder / "knowledge"), "--json"])
    assert json.loads(stats.stdout)["entries"] == 1


def test_a_day_from_which_on_nothing_was_asked_has_no_gaps(folder: Path) -> None:
    assert json.loads(gaps(folder, "--since", "2030-01-01", "--json").stdout)["gaps"] == []


def test_a_time_nobody_can_read_is_a_wrong_command_line(folder: Path) -> None:
    result = gaps(folder, "--since", "yesterday")
    assert result.exit_code == 2
    assert "90d" in result.stderr


def test_without_a_database_the_sentence_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings_in(tmp_path)
    monkeypatch.chdir(tmp_path)
    result = gaps(tmp_path)
    assert result.exit_code == 1
    assert "gateway run" in result.stderr


def test_stats_counts_what_was_used_in_three_months(folder: Path) -> None:
    entries = Path(__file__).parents[2] / "knowledge" / "entries"
    words = ["kb", "stats", "--usage", "--folder", str(entries), "--config", str(folder / "config.toml")]
    told = json.loads(RUNNER.invoke(app, [*words, "--json"]).stdout)
    assert len(told["used"]) == told["entries"]
    assert list(told["used"].values()) == sorted(told["used"].values(), reverse=True)
    assert "unused in three months: " in RUNNER.invoke(app, [*words, "--lang", "en"]).stdout
