"""A folder of Markdown files becomes entries, or keeps the last good ones and says what to mend."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge.entry import KnowledgeEntry, Wording
from knowledge.frontmatter import decode, split_page
from knowledge.problem import FileRefused, Problem
from knowledge.read_entry import PageReader

_LANGUAGE = re.compile(r"\.([a-z]{2,3}(?:-[A-Za-z]{2,4})?)$")
KEEP_SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """One file as last read; kept so that an unchanged file is not parsed again."""

    digest: str
    wording: Wording | None
    shared: Mapping[str, Any]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The entries to serve, whether the version on disk was accepted, and what is wrong with it."""

    entries: tuple[KnowledgeEntry, ...]
    problems: tuple[Problem, ...]
    fingerprint: str
    accepted: bool = True
    pages: Mapping[Path, ReadPage] = field(default_factory=dict, repr=False)


def load_folder(
    path: Path,
    *,
    previous: Loaded | Sequence[KnowledgeEntry] | None = None,
    force: bool = False,
    first_language: str = "zh-CN",
) -> Loaded:
    """Read every ``*.md`` below ``path`` as one version: all of it, or none while ``previous`` serves on.

    A version with a fatal problem, or with fewer than half of the entries served before, is refused
    unless ``force``; forced, and on the first load, the files that are whole are served.
    """
    before = previous.entries if isinstance(previous, Loaded) else tuple(previous or ())
    known = previous.pages if isinstance(previous, Loaded) else {}
    pages = {file: _read(file, path, known, first_language) for file in _files(path)}
    fingerprint = hashlib.blake2b(
        "\n".join(f"{file}\t{page.digest}" for file, page in pages.items()).encode(
            "utf-8", "surrogateescape"
        ),
        digest_size=16,
    ).hexdigest()
    entries, problems = _assemble(pages, path, first_language)
    if not entries:
        problems.append(_nothing_here(path))
    lost = len(entries) < KEEP_SHARE * len(before)
    if lost:
        problems.append(_too_few(path, len(entries), len(before)))
    refused = any(problem.fatal for problem in problems)
    keep_old = refused and bool(before) and not force
    return Loaded(
        entries=before if keep_old else entries,
        problems=tuple(problems),
        fingerprint=fingerprint,
        accepted=force or not refused,
        pages=pages,
    )


def stem_and_language(file: Path, first_language: str) -> tuple[str, str]:
    """Split ``退货政策.en.md`` into the entry's id and the language of this file."""
    name = unicodedata.normalize("NFC", file.name.removesuffix(".md"))
    found = _LANGUAGE.search(name)
    return (name[: found.start()], found[1]) if found and found.start() else (name, first_language)


def _files(path: Path) -> list[Path]:
    found = (file for file in path.rglob("*.md") if file.is_file()) if path.is_dir() else ()
    return sorted(
        file
        for file in found
        if not any(part.startswith((".", "_", "~")) for part in file.relative_to(path).parts)
        and file.name.lower() != "readme.md"
    )


def _read(file: Path, root: Path, known: Mapping[Path, ReadPage], first_language: str) -> ReadPage:
    try:
        raw = file.read_bytes()
    except OSError as error:
        problem = Problem(
            file=file, line=1,
            en=f"The file cannot be read: {error.strerror}.", zh=f"文件读不出来：{error.strerror}。",
            remedy_en="Check its permissions.", remedy_zh="请检查文件权限。",
        )  # fmt: skip
        return ReadPage(digest="unreadable", wording=None, shared={}, problems=(problem,))
    digest = hashlib.blake2b(raw, digest_size=16).hexdigest()
    old = known.get(file)
    if old is not None and old.digest == digest:
        return old
    _, lang = stem_and_language(file, first_language)
    reader = PageReader(file=file, lang=lang, is_first=lang == first_language)
    try:
        wording, shared = reader.read(split_page(decode(raw, file), file))
    except FileRefused as refused:
        return ReadPage(digest=digest, wording=None, shared={}, problems=(refused.problem,))
    return ReadPage(digest=digest, wording=wording, shared=shared, problems=tuple(reader.problems))


def _assemble(
    pages: Mapping[Path, ReadPage], root: Path, first_language: str
) -> tuple[tuple[KnowledgeEntry, ...], list[Problem]]:
    problems = [problem for page in pages.values() for problem in page.problems]
    stems: dict[str, dict[str, Path]] = {}
    for file in pages:
        stem, lang = stem_and_language(file, first_language)
        if lang in stems.setdefault(stem, {}):
            problems.append(_twice(file, stem, stems[stem][lang]))
        else:
            stems[stem][lang] = file
    entries = []
    for stem, files in stems.items():
        if first_language not in files:
            problems.append(_orphan(next(iter(files.values())), stem))
            continue
        order = sorted(files, key=lambda lang: (lang != first_language, lang))
        chosen = [pages[files[lang]] for lang in order]
        if any(page.wording is None or any(p.fatal for p in page.problems) for page in chosen):
            continue
        wordings = {lang: page.wording for lang, page in zip(order, chosen, strict=True) if page.wording}
        entries.append(KnowledgeEntry(id=stem, wordings=wordings, **chosen[0].shared))
    ids = {entry.id for entry in entries}
    for entry in entries:
        problems.extend(_no_such_choice(entry, choice) for choice in entry.choices if choice not in ids)
    return tuple(entries), problems


def _no_such_choice(entry: KnowledgeEntry, choice: str) -> Problem:
    source = next(iter(entry.wordings.values())).source
    return Problem(
        file=source or Path(entry.id), line=1,
        en=f"The choice {choice!r} is no entry.", zh=f"后续选项“{choice}”没有对应的条目。",
        remedy_en="Name the stem of an entry in this folder.", remedy_zh="请写本文件夹里某个条目的文件名（不带 .md）。", fatal=False,
    )  # fmt: skip


def _twice(file: Path, stem: str, other: Path) -> Problem:
    return Problem(
        file=file, line=1,
        en=f"The entry {stem!r} stands also in {other.parent.name}/{other.name}.", zh=f"条目“{stem}”在 {other.parent.name}/{other.name} 里已有。",
        remedy_en="Rename one of the two files.", remedy_zh="请给其中一个文件改名。",
    )  # fmt: skip


def _orphan(file: Path, stem: str) -> Problem:
    return Problem(
        file=file, line=1,
        en=f"A translation without its first file {stem}.md.", zh=f"只有译文，没有主文件 {stem}.md。",
        remedy_en=f"Add {stem}.md, or rename this file.", remedy_zh=f"请补上 {stem}.md，或给本文件改名。",
    )  # fmt: skip


def _nothing_here(path: Path) -> Problem:
    return Problem(
        file=path, line=1,
        en="The folder holds no entries: every question goes to a person.", zh="文件夹里没有知识条目：所有问题都会转给人工。",
        remedy_en="Put Markdown files there, or set knowledge.folder.", remedy_zh="请放入 Markdown 文件，或设置 knowledge.folder。", fatal=False,
    )  # fmt: skip


def _too_few(path: Path, now: int, before: int) -> Problem:
    return Problem(
        file=path, line=1,
        en=f"Only {now} of {before} entries are left; the old version serves on.", zh=f"原有 {before} 条，现在只剩 {now} 条；仍使用旧版本。",
        remedy_en="If this is meant, reload with force.", remedy_zh="如果确实要这样，请强制重新加载。",
    )  # fmt: skip
