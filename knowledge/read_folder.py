"""The pages of a folder, opened only where they may have changed."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from stat import S_ISREG
from typing import Any

from knowledge.entry import Wording
from knowledge.frontmatter import decode, split_page
from knowledge.problem import FileRefused, Problem
from knowledge.read_entry import PageReader

SETTLED_AFTER = 2.0
"""Seconds after which a file's time tells it from a later writing, also where clocks tick coarsely (FAT: two)."""

Stamp = tuple[int, int, int]
"""A file's time in nanoseconds, its size and its inode."""

FIRST_LANGUAGE = "zh-CN"
"""Of a house that names none."""
_LANGUAGE = re.compile(r"\.([a-z]{2,3}(?:-[A-Za-z]{2,4})?)$")
_LEFT_OUT = (".", "_", "~")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """One file as last read; kept so that an unchanged file is not parsed again."""

    digest: str
    stem: str
    lang: str
    wording: Wording | None
    shared: Mapping[str, Any]
    problems: tuple[Problem, ...]
    stamp: Stamp | None = None
    """None where the file was written so lately that another writing might leave the same stamp."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a folder; without ``now`` no stamp is believed and every file is opened."""

    root: Path
    first_language: str
    now: datetime | None

    def all(self, known: Mapping[Path, ReadPage]) -> dict[Path, ReadPage]:
        """Look at every file; return the pages by file, in order."""
        pages: dict[Path, ReadPage] = {}
        for name, stat in sorted(_files(self.root), key=itemgetter(0)):
            file = Path(name)
            old, stamp = known.get(file), self._stamp(stat)
            if old is not None and stamp is not None and old.stamp == stamp:
                pages[file] = old
            elif page := self._read(file, stamp, old):
                pages[file] = page
        return pages

    def changed(self, known: Mapping[Path, ReadPage], files: Collection[Path]) -> dict[Path, ReadPage]:
        """Look at ``files`` only; all others are as they were."""
        pages = dict(known)
        for file in files:
            page = None
            if is_entry(file.relative_to(self.root)):
                page = self._look(file, known.get(file))
            if page is None:
                pages.pop(file, None)
            else:
                pages[file] = page  # a known file keeps its place
        if pages.keys() <= known.keys():
            return pages
        return {file: pages[file] for file in sorted(pages, key=str)}

    def _look(self, file: Path, old: ReadPage | None) -> ReadPage | None:
        try:
            stat = file.stat()
        except FileNotFoundError:
            return None
        except OSError:
            return self._read(file, None, old)
        return self._read(file, self._stamp(stat), old) if S_ISREG(stat.st_mode) else None

    def _stamp(self, stat: os.stat_result) -> Stamp | None:
        if self.now is None or self.now.timestamp() - stat.st_mtime < SETTLED_AFTER:
            return None
        return stat.st_mtime_ns, stat.st_size, stat.st_ino

    def _read(self, file: Path, stamp: Stamp | None, old: ReadPage | None) -> ReadPage | None:
        """Return the page, the old one if it holds the same; None if the file is gone by now."""
        stem, lang = (old.stem, old.lang) if old else stem_and_language(file, self.first_language)
        try:
            raw = file.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            problem = _unreadable(file, str(error.strerror))
            return ReadPage(
                digest="unreadable", stem=stem, lang=lang, wording=None, shared={}, problems=(problem,)
            )
        digest = hashlib.blake2b(raw, digest_size=16).hexdigest()
        if old is not None and old.digest == digest:
            return old if old.stamp == stamp else replace(old, stamp=stamp)
        wording, shared, problems = _parse(raw, file, lang, is_first=lang == self.first_language)
        return ReadPage(
            digest=digest,
            stem=stem,
            lang=lang,
            wording=wording,
            shared=shared,
            problems=problems,
            stamp=stamp,
        )


def stem_and_language(file: Path, first_language: str) -> tuple[str, str]:
    """Split ``退货政策.en.md`` into the entry's id and the language of this file."""
    name = unicodedata.normalize("NFC", file.name.removesuffix(".md"))
    found = _LANGUAGE.search(name)
    return (name[: found.start()], found[1]) if found and found.start() else (name, first_language)


def is_entry(below: Path) -> bool:
    """Say whether a file is meant as an entry, by its path below the folder: no draft, nothing hidden, no README."""
    return (
        below.suffix == ".md"
        and below.name.lower() != "readme.md"
        and not any(part.startswith(_LEFT_OUT) for part in below.parts)
    )


def _files(path: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the entry files below ``path``; plain strings, for ten thousand Paths take their time."""
    for folder, folders, names in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith(_LEFT_OUT)]
        for name in names:
            if not name.endswith(".md") or name.startswith(_LEFT_OUT) or name.lower() == "readme.md":
                continue
            file = f"{folder}{os.sep}{name}"
            try:
                stat = os.stat(file)
            except OSError:
                continue  # gone, or a link to nowhere
            if S_ISREG(stat.st_mode):
                yield file, stat


def _parse(
    raw: bytes, file: Path, lang: str, *, is_first: bool
) -> tuple[Wording | None, Mapping[str, Any], tuple[Problem, ...]]:
    reader = PageReader(file=file, lang=lang, is_first=is_first)
    try:
        wording, shared = reader.read(split_page(decode(raw, file), file))
    except FileRefused as refused:
        return None, {}, (refused.problem,)
    return wording, shared, tuple(reader.problems)


def _unreadable(file: Path, why: str) -> Problem:
    return Problem(
        file=file, line=1,
        en=f"The file cannot be read: {why}.", zh=f"文件读不出来：{why}。",
        remedy_en="Check its permissions.", remedy_zh="请检查文件权限。",
    )  # fmt: skip
