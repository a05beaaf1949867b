"""The library over a real folder: what editors, programs and version control do to it while it serves."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import date
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from gateway.clock import SystemClock
from gateway.kept_knowledge import KeptKnowledge
from gateway.library import Library

Until = Callable[[Callable[[], bool]], Awaitable[None]]


def text(question: str, answer: str = "答") -> str:
    """Return a knowledge file."""
    return f"---\n标准问法: {question}\n---\n{answer}\n"


def a_folder(folder: Path, count: int = 4) -> Path:
    """Fill a folder with ``count`` entries."""
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(count):
        (folder / f"条目{n}.md").write_text(text(f"第{n}个问题怎么办理"), "utf-8")
    return folder


def a_library(folder: Path, cache: Path | None = None) -> Library:
    """Open a library as the application does."""
    kept = KeptKnowledge(cache, folder) if cache else None
    return Library(folder, lambda: date(2026, 11, 20), clock=SystemClock(), kept=kept)


def questions(library: Library) -> set[str]:
    """Return the questions that serve."""
    return {entry.question for entry in library.loaded.entries}


@asynccontextmanager
async def watched(library: Library, *, polling: bool = False) -> AsyncIterator[Until]:
    """Watch the folder; yields a wait for a condition, which is looked at after each reading."""
    read = asyncio.Event()
    library.on_reload = lambda reload: read.set()

    async def until(holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not holds():
                read.clear()
                await read.wait()

    watching = asyncio.create_task(library.watch(polling=polling, quiet_ms=200))
    try:
        yield until
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


def saved_in_place(file: Path, content: str) -> None:
    file.write_text(content, "utf-8")


def saved_by_renaming(file: Path, content: str) -> None:
    fresh = file.with_name(f".{file.name}.tmp123")
    fresh.write_text(content, "utf-8")
    fresh.replace(file)


def saved_as_vim_does(file: Path, content: str) -> None:
    swap, backup = file.with_name(f".{file.name}.swp"), file.with_name(f"{file.name}~")
    swap.write_bytes(b"b0VIM")
    file.rename(backup)
    file.write_text(content, "utf-8")
    backup.unlink()
    swap.unlink()


@pytest.mark.parametrize("save", [saved_in_place, saved_by_renaming, saved_as_vim_does])
@pytest.mark.parametrize("polling", [False, True], ids=["events", "polling"])
async def test_a_saved_file_serves_however_it_was_saved(
    tmp_path: Path, save: Callable[[Path, str], None], polling: bool
) -> None:
    folder = a_folder(tmp_path / "entries")
    library = a_library(folder)
    async with watched(library, polling=polling) as until:
        save(folder / "条目1.md", text("怎样申请改签"))
        await until(lambda: "怎样申请改签" in questions(library))
    assert len(library.loaded.entries) == 4
    assert library.match("怎样申请改签").matches[0].id == "条目1"
    assert library.loaded.problems == ()


async def test_a_folder_that_appears_later_serves(tmp_path: Path) -> None:
    library = a_library(tmp_path / "not" / "yet")
    assert library.match("怎么退货").kind == "none"
    async with watched(library) as until:
        a_folder(tmp_path / "elsewhere").rename(tmp_path / "there")
        (tmp_path / "not").mkdir()
        (tmp_path / "there").rename(tmp_path / "not" / "yet")
        await until(lambda: len(library.loaded.entries) == 4)
        (library.folder / "条目9.md").write_text(text("怎样申请改签"), "utf-8")
        await until(lambda: len(library.loaded.entries) == 5)


async def test_a_folder_put_in_the_place_of_another_is_the_one_that_serves(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "entries")
    fresh = a_folder(tmp_path / "fresh", 6)
    library = a_library(folder)
    async with watched(library) as until:
        folder.rename(tmp_path / "old")
        fresh.rename(folder)
        await until(lambda: len(library.loaded.entries) == 6)


async def test_many_files_at_once_as_a_checkout_leaves_them_are_taken_together(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "entries", 200)
    library = a_library(folder)
    async with watched(library) as until:
        for n in range(100):
            (folder / f"条目{n}.md").write_text(text(f"第{n}个事项在哪里申请"), "utf-8")
        (folder / "more").mkdir()
        (folder / "more" / "条目200.md").write_text(text("怎样申请改签"), "utf-8")
        await until(lambda: sum("申请" in question for question in questions(library)) == 101)
    assert len(library.loaded.entries) == 201


async def test_synonyms_of_the_house_serve_as_soon_as_they_are_saved(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "entries", 0)
    (folder / "a.md").write_text(text("how do I return the kettle"), "utf-8")
    (folder / "b.md").write_text(text("how do I clean the lamp"), "utf-8")
    library = a_library(folder)
    before = library.search("gizmo", 1)
    async with watched(library) as until:
        (folder / "synonyms.txt").write_text("# ours\nkettle, gizmo\n", "utf-8")
        await until(lambda: library.search("gizmo", 1) != before)
        after = library.search("gizmo", 1)
        assert after[0][0] == "a"
        (folder / "synonyms.txt").write_bytes(b"\xff\xff\x00 kettle")
        await until(lambda: bool(library.loaded.problems))
        assert library.search("gizmo", 1) == after
        assert "last good ones stay" in str(library.loaded.problems[0])


async def test_a_broken_file_is_told_and_all_serve_on_until_it_is_mended(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "entries")
    library = a_library(folder)
    (folder / "条目1.md").write_text("---\n标准问法: 写到一", "utf-8")
    refused = await library.reload()
    assert (refused.outcome, refused.entries) == ("refused", 4)
    assert "条目1.md:1" in refused.problems[0]
    assert any(problem.fatal for problem in library.loaded.problems)
    assert library.match("第1个问题怎么办理").kind == "answer"
    assert (await library.reload()).outcome == "unchanged"
    (folder / "条目1.md").write_text(text("写到一半又写完"), "utf-8")
    mended = await library.reload({folder / "条目1.md"})
    assert (mended.outcome, mended.problems) == ("swapped", ())
    assert library.match("写到一半又写完").matches[0].id == "条目1"


async def test_losing_most_entries_waits_for_somebody_to_insist(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "entries", 6)
    library = a_library(folder)
    for n in range(4):
        (folder / f"条目{n}.md").unlink()
    refused = await library.reload()
    assert (refused.outcome, refused.entries) == ("refused", 6)
    assert "Only 2 of 6" in refused.problems[0]
    assert (await library.reload()).outcome == "unchanged"
    forced = await library.reload(force=True)
    assert (forced.outcome, forced.entries) == ("swapped", 2)
    assert (await library.reload()).outcome == "unchanged"
    assert len(library.loaded.entries) == 2
    assert library.match("第0个问题怎么办理").kind != "answer"


async def test_a_forced_version_stays_forced(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "entries")
    library = a_library(folder)
    (folder / "条目1.md").write_text("nonsense", "utf-8")
    assert (await library.reload()).outcome == "refused"
    assert (await library.reload(force=True)).entries == 3
    assert (await library.reload()).outcome == "unchanged"
    assert len(library.loaded.entries) == 3


async def test_files_that_go_while_they_are_read_are_gone_and_no_mistake(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "entries")
    library = a_library(folder)
    (folder / "link.md").symlink_to(folder / "nowhere.md")
    (folder / "条目0.md").unlink()
    done = await library.reload({folder / "条目0.md", folder / "link.md", folder / "never.md"})
    assert (done.outcome, done.entries, done.problems) == ("swapped", 3, ())


async def test_a_file_nobody_can_read_is_named(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "entries")
    (folder / "条目1.md").unlink()
    (folder / "条目1.md").symlink_to("/proc/self/mem")  # a file whose first byte not even root gets
    library = a_library(folder)
    assert "Check its permissions" in str(library.loaded.problems[0])
    assert len(library.loaded.entries) == 3


async def test_a_later_start_reads_what_was_kept_and_says_the_same(tmp_path: Path) -> None:
    folder, cache = a_folder(tmp_path / "entries"), tmp_path / "cache"
    first = a_library(folder, cache)
    async with watched(first) as until:
        (folder / "条目1.md").write_text(text("怎样申请改签"), "utf-8")
        await until(lambda: "怎样申请改签" in questions(first))
        async with asyncio.timeout(20):
            while not (cache / "knowledge-index.npz").exists():
                await asyncio.to_thread(os.sched_yield)
    with capture_logs() as logs:
        second = a_library(folder, cache)
    assert logs == []
    assert second.loaded.entries == first.loaded.entries
    for asked in ("怎样申请改签", "第2个问题办理", "xyz"):
        assert second.match(asked) == first.match(asked)


@pytest.mark.parametrize("name", ["knowledge-index.npz", "knowledge-pages.json"])
@pytest.mark.parametrize(
    "content", [b"", b"\x80\x04.", b'{"key": 1}', b"[]", b"PK\x03\x04 nothing of ours", b"null"]
)
async def test_a_broken_cache_is_passed_over_with_a_line_in_the_log(
    tmp_path: Path, name: str, content: bytes
) -> None:
    folder, cache = a_folder(tmp_path / "entries"), tmp_path / "cache"
    cache.mkdir()
    (cache / name).write_bytes(content)
    with capture_logs() as logs:
        library = a_library(folder, cache)
    assert library.match("第2个问题怎么办理").kind == "answer"
    assert [line["event"] for line in logs] in ([], ["knowledge.cache.ignored"])
    assert logs or content == b'{"key": 1}'


async def test_a_cache_of_another_folder_is_not_used(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    one = a_folder(tmp_path / "one")
    kept = KeptKnowledge(cache, one)
    library = a_library(one)
    kept.keep(library.loaded, library._matcher)
    assert len(KeptKnowledge(cache, one).pages()) == 4
    assert KeptKnowledge(cache, tmp_path / "two").pages() == {}


async def test_a_full_disk_costs_the_cache_and_nothing_else(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "entries")
    library = a_library(folder)
    (tmp_path / "file").write_text("", "utf-8")
    with capture_logs() as logs:
        KeptKnowledge(tmp_path / "file" / "cache", folder).keep(library.loaded, library._matcher)
    assert [line["event"] for line in logs] == ["knowledge.cache.not_written"]
    shutil.rmtree(folder)
