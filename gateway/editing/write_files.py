"""Several files written so that each is there whole or not at all, and none before all of them could be written."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from gateway.editing.draft_file import NotWritten


def write_files(files: Mapping[Path, str]) -> None:
    """Write every text beside its place first, then move all of them there.

    Raises:
        NotWritten: nothing was changed; or, when the disk fails between two moves, some files are new and the
            others as before, each of them whole.
    """
    halves = {file.with_name(f".{n}.{os.getpid()}.half"): file for n, file in enumerate(files)}
    try:
        for half, file in halves.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            _write(half, files[file])
        for half in halves:  # after all were written: the first wait for the disk is nearly the only one
            _to_disk(half)
        for half, file in halves.items():
            os.replace(half, file)
    except OSError as error:
        raise NotWritten(f"cannot write into the knowledge folder: {error.strerror}") from error
    finally:
        for half in halves:
            with suppress(OSError):
                half.unlink(missing_ok=True)


def _write(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o644)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
