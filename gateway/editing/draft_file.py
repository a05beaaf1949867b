"""A draft becomes a file in the knowledge folder: whole or not at all, never outside it, never over another."""

import os
import re
import unicodedata
from pathlib import Path
from typing import ClassVar

from gateway.errors import Conflict, OutsideFailure, Said

MOST_NAME_BYTES = 180
"""Of 255 that a file name may have: room for a language, ``.md`` and a number."""
_MOST_TRIES = 99
_UNSAFE = re.compile(r"[^\w-]+")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)$")


class NotWritten(OutsideFailure):
    """The knowledge folder does not take a file."""

    code: ClassVar[str] = "folder_refused"
    said = Said(
        "无法写入知识库文件夹，请检查 knowledge.folder 的权限和磁盘空间。",
        "The knowledge folder cannot be written to. Check the rights of knowledge.folder and the disk.",
    )


class NameTaken(Conflict):
    """A hundred files of this name are there already."""

    code: ClassVar[str] = "name_taken"
    said = Said(
        "同名文件太多，请先整理草稿。", "Too many files have this name. Please tidy up the drafts first."
    )


def safe_stem(question: str) -> str:
    """Return a file's stem made of a question: letters, digits, ``-`` and ``_``, on any system; never empty.

    No dot is in it, so it can neither leave its folder nor be taken for a language.
    """
    text = unicodedata.normalize("NFKC", question)
    stem = _UNSAFE.sub("-", text).strip("-_")
    while len(stem.encode()) > MOST_NAME_BYTES:
        stem = stem[:-1]
    stem = stem.rstrip("-_")
    return f"{stem}-" if _RESERVED.match(stem) else stem or "draft"


def write_new(folder: Path, stem: str, text: str, *, mark: str = "") -> Path:
    """Write ``text`` as a new file ``<mark><stem>.md`` in ``folder`` and return it; a name in use gets a number.

    Raises:
        NotWritten: the folder is not there, full, or not ours to write in.
        NameTaken: no name was free.
    """
    stem = safe_stem(stem)
    half = folder / f".{stem}.{os.getpid()}.half"
    try:
        _write(half, text)
        try:
            for n in range(1, _MOST_TRIES + 1):
                file = folder / f"{mark}{stem}{f'-{n}' if n > 1 else ''}.md"
                try:
                    os.link(half, file)  # appears whole, and fails where a file of this name is
                except FileExistsError:
                    continue
                return file
        finally:
            half.unlink(missing_ok=True)
    except OSError as error:
        raise NotWritten(f"cannot write a draft into {folder}: {error.strerror}") from error
    raise NameTaken(f"{_MOST_TRIES} files are named {stem} in {folder}")


def _write(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o644)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
