"""``gateway init``: a working folder, with or without the sample."""

from pathlib import Path

from typer.testing import CliRunner

from gateway.cli import app
from gateway.settings import load

RUNNER = CliRunner()


def test_init_writes_what_runs_and_keeps_the_data_out_of_git(tmp_path: Path) -> None:
    assert RUNNER.invoke(app, ["init", str(tmp_path / "shop")]).exit_code == 0
    assert list((tmp_path / "shop" / "knowledge" / "entries").glob("*.en.md"))
    assert (tmp_path / "shop" / ".gitignore").read_text("utf-8").split() == ["data/", "orders.csv"]
    checked = RUNNER.invoke(app, ["check", "--config", str(tmp_path / "shop" / "config.toml")])
    assert checked.exit_code == 0


def test_an_empty_folder_for_ones_own_entries_has_none_of_the_sample(tmp_path: Path) -> None:
    assert RUNNER.invoke(app, ["init", "--empty", str(tmp_path / "shop")]).exit_code == 0
    assert list((tmp_path / "shop" / "knowledge" / "entries").iterdir()) == []
    assert not (tmp_path / "shop" / "orders.csv").exists()
    assert load(tmp_path / "shop" / "config.toml", environ={}).directory.kind == "none"


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    refused = RUNNER.invoke(app, ["init", str(tmp_path)])
    assert refused.exit_code == 1
    assert "is not empty" in refused.stderr
