"""Pages kept on disk between two starts, as JSON, so that unchanged files need not be parsed again.

Only pages without a problem are kept. Each is believed as far as the file's stamp or digest says the same.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.entry import LEVELS, Action, Wording
from knowledge.index_shelf import ShelfRefused
from knowledge.read_folder import FIRST_LANGUAGE, ReadPage
from knowledge.reading_code import code_digest

DATES = ("created", "updated", "review_by", "valid_from", "valid_until")
LISTS = ("applies_to", "choices", "channels")
TEXTS = ("kind", "owner", "author", "editor")


@dataclass(frozen=True, slots=True)
class PageShelf:
    """One file for one folder, replaced whole."""

    file: Path
    folder: Path
    first_language: str = FIRST_LANGUAGE

    def take(self) -> dict[Path, ReadPage]:
        """Return the pages kept; none if there are none, or they were read by other code or from another folder.

        Raises:
            ShelfRefused: the file is damaged, or none of ours.
        """
        try:
            kept = json.loads(self.file.read_bytes())
            if kept["key"] != self._key():
                return {}
            return {self.folder / row["file"]: _page(row, self.folder / row["file"]) for row in kept["pages"]}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise ShelfRefused(f"{self.file}: {error}") from error

    def put(self, pages: Mapping[Path, ReadPage]) -> None:
        """Keep the pages; a crash meanwhile leaves the old file.

        Raises:
            OSError: the file cannot be written.
        """
        rows = [
            _row(page, file.relative_to(self.folder))
            for file, page in pages.items()
            if page.wording is not None and not page.problems
        ]
        self.file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.file.with_suffix(f".{os.getpid()}.new")
        try:
            fresh.write_text(json.dumps({"key": self._key(), "pages": rows}, ensure_ascii=True))
            fresh.replace(self.file)
        finally:
            fresh.unlink(missing_ok=True)

    def _key(self) -> str:
        return f"{code_digest()} {self.first_language} {self.folder.absolute()}"


def _row(page: ReadPage, file: Path) -> dict[str, Any]:
    wording = page.wording
    assert wording is not None
    return {
        "file": str(file), "digest": page.digest, "stamp": page.stamp, "stem": page.stem, "lang": page.lang,
        "question": wording.question, "answer": wording.answer, "phrasings": wording.phrasings,
        "not_for": wording.not_for, "channel_answers": dict(wording.channel_answers),
        "must": wording.must, "must_not": wording.must_not,
        "shared": {name: _plain(value) for name, value in page.shared.items()},
    }  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return [value.kind, value.value] if isinstance(value, Action) else value


def _page(row: Mapping[str, Any], file: Path) -> ReadPage:
    wording = Wording(
        lang=_text(row["lang"]),
        question=_text(row["question"]),
        answer=_text(row["answer"]),
        phrasings=_texts(row["phrasings"]),
        not_for=_texts(row["not_for"]),
        channel_answers={_text(name): _text(value) for name, value in row["channel_answers"].items()},
        must=_texts(row["must"]),
        must_not=_texts(row["must_not"]),
        source=file,
    )
    mtime, size, inode = row["stamp"] or (0, 0, 0)
    return ReadPage(
        digest=_text(row["digest"]),
        stem=_text(row["stem"]),
        lang=wording.lang,
        wording=wording,
        shared={name: _shared(name, value) for name, value in row["shared"].items()},
        problems=(),
        stamp=(int(mtime), int(size), int(inode)) if row["stamp"] else None,
    )


def _shared(name: str, value: Any) -> Any:
    if name in DATES:
        return date.fromisoformat(value)
    if name in LISTS:
        return _texts(value)
    if name == "action":
        return Action(kind=_text(value[0]), value=_text(value[1]))
    if name in TEXTS or (name == "level" and value in LEVELS):
        return _text(value)
    raise ValueError(f"{name} is no field of ours")


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise TypeError(f"{value!r} is no text")


def _texts(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError(f"{values!r} is no list")
    return tuple(_text(value) for value in values)
