"""The page on matching against the matcher: its picture is there, and its numbers are the code's."""

import re
from functools import reduce
from importlib import import_module
from pathlib import Path
from xml.etree import ElementTree

from knowledge.outcome import Thresholds

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "explanation" / "how-matching-works.md").read_text("utf-8")
PICTURES = sorted((DOCS / "images").iterdir())


def value(name: str) -> float:
    """Return what ``knowledge.module.NAME`` holds, of a class its default."""
    module, _, inside = name.partition(".")[2].partition(".")
    first, *further = inside.split(".")
    held = getattr(import_module(f"knowledge.{module}"), first)
    return float(reduce(getattr, further, held() if isinstance(held, type) else held))


def test_the_numbers_it_names_are_those_of_the_code() -> None:
    told = re.findall(r"^\| [^|]+ \| ([\d.]+) \| `(knowledge\.[\w.]+)`", PAGE, re.MULTILINE)
    assert len(told) >= 9
    assert [(name, float(number)) for number, name in told] == [(name, value(name)) for _, name in told]


def test_its_picture_shows_the_shipped_thresholds_and_fetches_nothing() -> None:
    picture = (DOCS / "images" / "how-matching-works.svg").read_text("utf-8")
    texts = [text.text for text in ElementTree.fromstring(picture).iter() if text.tag.endswith("}text")]
    assert f"≥ {Thresholds().answer:.2f}" in texts
    assert f"together ≥ {Thresholds().offer:.2f}" in texts
    assert "prefers-color-scheme: dark" in picture
    assert not re.search(r"href|url\(|<script|@import", picture)


def test_every_picture_is_shown_on_a_page() -> None:
    pages = "".join(page.read_text("utf-8") for page in [DOCS.parent / "README.md", *DOCS.rglob("*.md")])
    assert [picture.name for picture in PICTURES if f"images/{picture.name})" not in pages] == []
