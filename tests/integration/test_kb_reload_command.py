"""``gateway kb reload`` against a process that holds the library, and without one; ``gateway check`` without entries."""

import asyncio
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway import control
from gateway.cli import app
from gateway.knowledge_gauges import knowledge_verbs
from gateway.library import Library

CONFIG = '[data]\ndir = "{0}/data"\n[knowledge]\nfolder = "{0}/entries"\n[channels.web]\nkind = "webchat"\n'


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Return a configuration whose knowledge folder holds six entries."""
    entries = tmp_path / "entries"
    entries.mkdir()
    for n in range(6):
        (entries / f"e{n}.md").write_text(f"---\nquestion: {n} ?\n---\nanswer", "utf-8")
    (tmp_path / "data").mkdir()
    file = tmp_path / "config.toml"
    file.write_text(CONFIG.format(tmp_path.as_posix()), "utf-8")
    return file


def run(*words: str) -> tuple[int, str]:
    """Run a command; return its exit code and all it printed."""
    done = CliRunner().invoke(app, list(words))
    return done.exit_code, done.output


async def test_a_refused_version_serves_once_somebody_insists(config: Path) -> None:
    folder = config.parent / "entries"
    library = Library(folder, lambda: date(2026, 11, 20))
    serving = asyncio.create_task(control.serve(config.parent / "data", knowledge_verbs(library)))
    try:
        while not await asyncio.to_thread((config.parent / "data" / control.SOCKET).exists):
            pass
        for n in range(5):
            (folder / f"e{n}.md").unlink()
        words = ("kb", "reload", "--config", str(config), "--lang", "en")
        code, told = await asyncio.to_thread(run, *words)
        assert code == 1
        assert "the 6 entries from before serve on" in told
        assert "Only 1 of 6 entries are left" in told
        code, told = await asyncio.to_thread(run, *words[:-1], "zh")
        assert (code, "仍使用原来的 6 个条目" in told) == (1, True), "refused still"
        assert "原有 6 条，现在只剩 1 条" in told
        code, told = await asyncio.to_thread(run, *words, "--force")
        assert (code, "1 entries" in told) == (0, True)
        code, told = await asyncio.to_thread(
            run, "kb", "reload", "--config", str(config), "--lang", "zh", "--json"
        )
        assert '"unchanged"' in told
    finally:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving


def test_without_a_gateway_there_is_nothing_to_reload(config: Path) -> None:
    code, told = run("kb", "reload", "--config", str(config), "--lang", "zh")
    assert (code, "没有正在运行的网关" in told) == (1, True)


def test_check_says_that_nothing_is_known(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    code, told = run("check", "--config", str(config))
    assert (code, "The knowledge has 6 entries" in told) == (0, True)
    for file in (config.parent / "entries").iterdir():
        file.unlink()
    code, told = run("check", "--config", str(config))
    assert (code, "every question goes to a person" in told) == (0, True)
    (config.parent / "entries").rmdir()
    code, told = run("check", "--config", str(config))
    assert (code, "people get every question" in told) == (0, True)
