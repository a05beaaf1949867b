"""A folder of Markdown files becomes entries, or keeps the last good ones and says what to mend."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from knowledge.entry import KnowledgeEntry
from knowledge.problem import Problem
from knowledge.read_folder import FIRST_LANGUAGE, Reading, ReadPage
from knowledge.synonyms import Synonyms, read_synonyms

KEEP_SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The entries to serve, whether the version on disk was accepted, and what is wrong with it."""

    entries: tuple[KnowledgeEntry, ...]
    problems: tuple[Problem, ...]
    fingerprint: str
    accepted: bool = True
    pages: Mapping[Path, ReadPage] = field(default_factory=dict, repr=False)
    synonyms: Synonyms = field(default_factory=Synonyms, repr=False)


def load_folder(
    path: Path,
    *,
    previous: Loaded | Sequence[KnowledgeEntry] | None = None,
    force: bool = False,
    first_language: str = FIRST_LANGUAGE,
    now: datetime | None = None,
    known: Mapping[Path, ReadPage] | None = None,
    changed: Collection[Path] | None = None,
) -> Loaded:
    """Read every ``*.md`` below ``path`` as one version: all of it, or none while ``previous`` serves on.

    A version with a fatal problem, or with fewer than half of the entries served before, is refused
    unless ``force``; forced, and on the first load, the files that are whole are served.
    ``known`` are pages read earlier, beside those of ``previous``. Told ``now``, files that kept their size and
    time are not opened; told what ``changed`` since ``previous``, nothing else is looked at.
    """
    before = previous.entries if isinstance(previous, Loaded) else tuple(previous or ())
    read = Reading(path, first_language, now)
    if isinstance(previous, Loaded):
        pages = read.changed(previous.pages, changed) if changed is not None else read.all(previous.pages)
        synonyms = read_synonyms(path, previous.synonyms)
    else:
        pages, synonyms = read.all(known or {}), read_synonyms(path)
    by_id = {entry.id: entry for entry in before}
    patched = None
    if isinstance(previous, Loaded) and changed is not None:
        patched = _patched(previous, pages, by_id, changed, first_language)
    entries, problems = (patched, list[Problem]()) if patched else _assemble(pages, by_id, first_language)
    problems.extend(synonyms.problems)
    if not entries:
        problems.append(_nothing_here(path))
    if len(entries) < KEEP_SHARE * len(before):
        problems.append(_too_few(path, len(entries), len(before)))
    refused = any(problem.fatal for problem in problems)
    keep_old = refused and bool(before) and not force
    return Loaded(
        entries=before if keep_old else entries,
        problems=tuple(problems),
        fingerprint=_fingerprint(pages, synonyms),
        accepted=force or not refused,
        pages=pages,
        synonyms=synonyms,
    )


def _fingerprint(pages: Mapping[Path, ReadPage], synonyms: Synonyms) -> str:
    lines = [f"{file}\t{page.digest}" for file, page in pages.items()]
    text = "\n".join([*lines, synonyms.digest])
    return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def _patched(
    previous: Loaded,
    pages: Mapping[Path, ReadPage],
    entries: Mapping[str, KnowledgeEntry],
    changed: Collection[Path],
    first_language: str,
) -> tuple[KnowledgeEntry, ...] | None:
    """Return the entries where nothing but whole files of known entries changed; else None, and all are put together."""
    if not previous.accepted or previous.problems or pages.keys() != previous.pages.keys():
        return None
    fresh = dict(entries)
    for file in changed:
        page, old = pages.get(file), previous.pages.get(file)
        if page is None or page is old:
            continue
        entry = fresh.get(page.stem)
        if entry is None or page.wording is None or page.problems or page.lang not in entry.wordings:
            return None
        if entry.wordings[page.lang] is page.wording:
            continue
        wordings = {**entry.wordings, page.lang: page.wording}
        if page.lang == first_language:
            entry = KnowledgeEntry(id=page.stem, wordings=wordings, **page.shared)
        else:
            entry = replace(entry, wordings=wordings)
        if any(choice not in fresh for choice in entry.choices):
            return None
        fresh[page.stem] = entry
    return tuple(fresh.values())


def _assemble(
    pages: Mapping[Path, ReadPage], before: Mapping[str, KnowledgeEntry], first_language: str
) -> tuple[tuple[KnowledgeEntry, ...], list[Problem]]:
    problems = [problem for page in pages.values() for problem in page.problems]
    stems: dict[str, dict[str, Path]] = {}
    for file, page in pages.items():
        files = stems.setdefault(page.stem, {})
        if page.lang in files:
            problems.append(_twice(file, page, files[page.lang]))
        if page.lang not in files or _is_plain(
            file, page.stem
        ):  # which has the shared fields, such as the level
            files[page.lang] = file
    entries = []
    for stem, files in stems.items():
        if first_language not in files:
            problems.append(_orphan(next(iter(files.values())), stem))
            continue
        order = sorted(files, key=lambda lang: (lang != first_language, lang)) if len(files) > 1 else files
        chosen = [pages[files[lang]] for lang in order]
        if all(page.wording is not None and not any(p.fatal for p in page.problems) for page in chosen):
            entries.append(_entry(stem, chosen, before.get(stem)))
    ids = {entry.id for entry in entries}
    for entry in entries:
        problems.extend(_no_such_choice(entry, choice) for choice in entry.choices if choice not in ids)
    return tuple(entries), problems


def _entry(stem: str, pages: Sequence[ReadPage], old: KnowledgeEntry | None) -> KnowledgeEntry:
    """Return the entry; the old one itself where no page of it was read anew."""
    wordings = {page.lang: page.wording for page in pages if page.wording}
    if old is not None and len(old.wordings) == len(wordings):
        kept = zip(old.wordings.values(), wordings.values(), strict=True)
        if all(was is now for was, now in kept):
            return old
    return KnowledgeEntry(id=stem, wordings=wordings, **pages[0].shared)


def _no_such_choice(entry: KnowledgeEntry, choice: str) -> Problem:
    source = next(iter(entry.wordings.values())).source
    return Problem(
        file=source or Path(entry.id), line=1,
        en=f"The choice {choice!r} is no entry.", zh=f"后续选项“{choice}”没有对应的条目。",
        remedy_en="Name the stem of an entry in this folder.", remedy_zh="请写本文件夹里某个条目的文件名（不带 .md）。", fatal=False,
    )  # fmt: skip


def _is_plain(file: Path, stem: str) -> bool:
    """Say whether a file's name tells no language, so that it is in the house's first."""
    return unicodedata.normalize("NFC", file.name) == f"{stem}.md"


def _twice(file: Path, page: ReadPage, other: Path) -> Problem:
    stem, lang = page.stem, page.lang
    if _is_plain(file, stem) != _is_plain(other, stem):
        return Problem(
            file=file, line=1,
            en=f"{stem}.md and {stem}.{lang}.md are both read as {lang}, the house's first language.", zh=f"{stem}.md 和 {stem}.{lang}.md 都按首选语言 {lang} 读取。",
            remedy_en=f"If {stem}.md is in another language, put that first in house.languages, or name the file {stem}.LANGUAGE.md.",
            remedy_zh=f"如果 {stem}.md 是另一种语言，请把该语言写在 house.languages 的第一位，或把文件改名为 {stem}.语言.md。",
        )  # fmt: skip
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
        remedy_en="If this is meant, run gateway kb reload --force.", remedy_zh="如果确实要这样，请运行 gateway kb reload --force。",
    )  # fmt: skip
