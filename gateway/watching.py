"""What changes in a folder, told in bursts; a folder that is missing, replaced or far away is watched all the same."""

import os
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import aclosing
from pathlib import Path

import structlog
from watchfiles import Change, awatch

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

BURST_MS, PAUSE_MS = 400, 50
"""A burst of changes is told when nothing has come for a pause, or after its longest."""
QUIET_MS = 5_000
POLL_MS = 500
_PASSING = ("~", ".swp", ".swx", ".swo", ".tmp", ".part", ".crdownload")

Changed = Collection[Path] | None
"""The files that changed; None: anything may have."""


async def changes(
    folder: Path, *, polling: bool = False, quiet_ms: int = QUIET_MS
) -> AsyncGenerator[Changed, None]:
    """Yield what changed below ``folder``, until cancelled; an empty collection says that it has been quiet.

    With ``polling`` the files are looked at twice a second, where a network folder reports nothing.
    """
    while True:
        if not _is_there(folder):
            await _appears(folder, polling=polling)
            yield None
        was = _identity(folder)
        try:
            async with aclosing(
                _watch(folder, _is_of_interest(folder), quiet_ms, polling=polling)
            ) as batches:
                async for batch in batches:
                    if _identity(folder) != was:
                        break
                    yield _files(batch, folder) if batch else ()
        except FileNotFoundError:
            continue  # gone again before the watch began
        except (
            OSError,
            RuntimeError,
        ) as error:  # the watcher's own errors are RuntimeErrors: too many watches, say
            if polling:
                raise
            log.warning("knowledge.watch.polling", error=str(error), remedy='set knowledge.watch = "polling"')
            polling = True
        yield None


async def _appears(folder: Path, *, polling: bool) -> None:
    """Wait until the folder is there, by watching the nearest one above that is."""
    while not _is_there(folder):
        above = _nearest(folder)
        async with aclosing(_watch(above, None, 1_000, polling=polling, recursive=False)) as batches:
            async for _ in batches:
                if _is_there(folder) or _nearest(folder) != above:
                    break


def _is_there(folder: Path) -> bool:
    return folder.is_dir()


def _nearest(folder: Path) -> Path:
    return next(each for each in folder.absolute().parents if each.is_dir())


def _watch(
    folder: Path,
    of_interest: Callable[[Change, str], bool] | None,
    quiet_ms: int,
    *,
    polling: bool,
    recursive: bool = True,
) -> AsyncGenerator[set[tuple[Change, str]], None]:
    return awatch(
        folder,
        watch_filter=of_interest,
        debounce=BURST_MS,
        step=PAUSE_MS,
        rust_timeout=quiet_ms,
        yield_on_timeout=True,
        force_polling=polling,
        poll_delay_ms=POLL_MS,
        recursive=recursive,
    )


def _identity(folder: Path) -> tuple[int, int] | None:
    """Return what tells this folder from another one put in its place."""
    try:
        stat = os.stat(folder)
    except OSError:
        return None
    return stat.st_dev, stat.st_ino


def _is_of_interest(folder: Path) -> Callable[[Change, str], bool]:
    """Leave out what editors and version control leave for a moment: swap files, backups, hidden folders."""

    def judge(change: Change, path: str) -> bool:
        file = Path(path)
        if not file.is_relative_to(folder):
            return True
        parts = file.relative_to(folder).parts
        # Orchestrators replace a mounted folder by turning the link "..data" elsewhere.
        is_hidden = any(part.startswith(".") and part != "..data" for part in parts)
        return not is_hidden and not file.name.endswith(_PASSING)

    return judge


def _files(batch: Collection[tuple[Change, str]], folder: Path) -> Changed:
    """Return the files of a batch if that is all it holds; None if folders, or places elsewhere, are among them."""
    files = {Path(path) for _, path in batch}
    if all(file.suffix in (".md", ".txt") and file.is_relative_to(folder) for file in files):
        return files
    return None
